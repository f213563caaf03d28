package dev.jebena.tokenizers.internal.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The arguments of one call. [#bind] gives names to the positional ones.
record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Object... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    /// These arguments under the parameter names of `function`; fails when there are too many, or
    /// some with other names.
    Bound bind(String function, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new JinjaException(
                    function
                            + "() takes at most "
                            + parameters.length
                            + " arguments, "
                            + positional.size()
                            + " given");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < positional.size(); i++) {
            values.put(parameters[i], positional.get(i));
        }
        for (Map.Entry<String, Object> entry : named.entrySet()) {
            if (!List.of(parameters).contains(entry.getKey())
                    || values.put(entry.getKey(), entry.getValue()) != null) {
                throw new JinjaException(
                        function + "() got an unexpected argument '" + entry.getKey() + "'");
            }
        }
        return new Bound(function, values);
    }

    /// The first argument taken away.
    Arguments rest() {
        return new Arguments(positional.subList(1, positional.size()), named);
    }

    /// `first` put before these.
    Arguments after(Object first) {
        List<Object> all = new ArrayList<>(positional.size() + 1);
        all.add(first);
        all.addAll(positional);
        return new Arguments(all, named);
    }

    /// Arguments by parameter name.
    record Bound(String function, Map<String, Object> values) {
        boolean has(String parameter) {
            return values.containsKey(parameter) && values.get(parameter) != None.NONE;
        }

        Object value(String parameter) {
            Object value = values.get(parameter);
            if (value == null) {
                throw new JinjaException(function + "() needs the argument '" + parameter + "'");
            }
            return value;
        }

        Object value(String parameter, Object fallback) {
            Object value = values.get(parameter);
            return value == null ? fallback : value;
        }

        String text(String parameter) {
            if (value(parameter) instanceof String text) {
                return text;
            }
            throw wrong(parameter, "a string");
        }

        String text(String parameter, String fallback) {
            return has(parameter) ? text(parameter) : fallback;
        }

        boolean flag(String parameter, boolean fallback) {
            Object value = values.get(parameter);
            return value == null ? fallback : Values.truth(value);
        }

        int integer(String parameter, int fallback) {
            if (!has(parameter)) {
                return fallback;
            }
            Object value = value(parameter);
            if (Numbers.isWhole(value)) {
                return Numbers.clampedInt(value);
            }
            throw wrong(parameter, "an integer");
        }

        private JinjaException wrong(String parameter, String wanted) {
            return new JinjaException(
                    function
                            + "(): '"
                            + parameter
                            + "' must be "
                            + wanted
                            + ", not "
                            + Values.typeName(value(parameter)));
        }
    }
}
