package dev.jebena.training;

import dev.jebena.base.Suggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A table of a recipe: typed reads, which note every problem in one list and go on with the
/// default. `weight_decay` is `weight-decay`.
final class Section {
    private final String name;
    private final Map<String, Object> values;
    private final List<String> problems;
    private final Set<String> known = new LinkedHashSet<>();

    private Section(String name, Map<String, Object> values, List<String> problems) {
        this.name = name;
        this.values = values;
        this.problems = problems;
    }

    /// The whole file.
    static Section whole(Map<String, Object> values, List<String> problems) {
        return new Section("", values, problems);
    }

    private @Nullable Object find(String key) {
        known.add(key);
        Object value = values.get(key);
        return value == null ? values.get(key.replace('-', '_')) : value;
    }

    boolean has(String key) {
        return find(key) != null;
    }

    /// Notes what is wrong with a key, or with the table where it is null.
    void problem(@Nullable String key, String what) {
        String place = name.isEmpty() ? "" : "[" + name + "] ";
        problems.add(place + (key == null ? "" : key + ": ") + what);
    }

    private <T extends @Nullable Object> T wrong(
            String key, Object value, String wanted, T instead) {
        problem(key, shown(value) + " is not " + wanted);
        return instead;
    }

    private static String shown(Object value) {
        return value instanceof String text ? '"' + text + '"' : value.toString();
    }

    @Nullable String text(String key) {
        Object value = find(key);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        return wrong(key, value, "text in quotes", null);
    }

    String text(String key, String instead) {
        String value = text(key);
        return value == null ? instead : value;
    }

    /// A text that has to be there.
    String needed(String key, String example) {
        String value = text(key);
        if (value == null) {
            if (find(key) == null) {
                problem(key, "is missing; write " + key + " = \"" + example + "\"");
            }
            return example;
        }
        return value;
    }

    boolean flag(String key, boolean instead) {
        Object value = find(key);
        return switch (value) {
            case null -> instead;
            case Boolean flag -> flag;
            default -> wrong(key, value, "true or false", instead);
        };
    }

    /// A number from `least` to `most`.
    double number(String key, double instead, double least, double most) {
        Object value = find(key);
        if (value == null) {
            return instead;
        }
        double found = value instanceof Number number ? number.doubleValue() : Double.NaN;
        return found >= least && found <= most
                ? found
                : wrong(
                        key,
                        value,
                        "a number from %s to %s".formatted(plain(least), plain(most)),
                        instead);
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    long integer(String key, long instead, long least, long most) {
        Object value = find(key);
        return value == null ? instead : integer(key, value, instead, least, most);
    }

    int integer(String key, int instead, int least, int most) {
        return (int) integer(key, (long) instead, least, most);
    }

    private long integer(String key, Object value, long instead, long least, long most) {
        boolean whole = value instanceof Integer || value instanceof Long;
        long found = whole ? ((Number) value).longValue() : 0;
        return whole && found >= least && found <= most
                ? found
                : wrong(key, value, "a whole number from %d to %d".formatted(least, most), instead);
    }

    /// Whole numbers; one alone stands for a list of it.
    int[] integers(String key, int[] instead, int least, int most) {
        Object value = find(key);
        if (value == null) {
            return instead.clone();
        }
        List<?> list = value instanceof List<?> many ? many : List.of(value);
        return list.stream().mapToInt(one -> (int) integer(key, one, least, least, most)).toArray();
    }

    List<String> texts(String key) {
        Object value = find(key);
        if (value == null) {
            return List.of();
        }
        List<?> list = value instanceof List<?> many ? many : List.of(value);
        List<String> texts = new ArrayList<>();
        for (Object one : list) {
            texts.add(one instanceof String text ? text : wrong(key, one, "text in quotes", ""));
        }
        return texts;
    }

    /// One of some names; the first one where there is none, or it is wrong.
    String choice(String key, List<String> names) {
        return choice(key, names.getFirst(), names);
    }

    String choice(String key, String instead, Collection<String> names) {
        String value = text(key);
        if (value == null) {
            return instead;
        }
        String found = value.replace('_', '-');
        if (names.contains(found)) {
            return found;
        }
        String near = Suggestions.nearest(found, names);
        problem(
                key,
                "there is no \"%s\"; %s"
                        .formatted(
                                value,
                                near == null
                                        ? "there are " + String.join(", ", names)
                                        : "did you mean \"" + near + "\"?"));
        return instead;
    }

    /// A table within this one; an empty one where there is none.
    Section section(String key) {
        Object value = find(key);
        return switch (value) {
            case null -> new Section(path(key), Map.of(), problems);
            case Map<?, ?> map -> table(path(key), map);
            default -> wrong(key, value, "a table [" + key + "]", table(path(key), Map.of()));
        };
    }

    /// A list of tables, or of names that stand for `{kind = "name"}`.
    List<Section> sections(String key) {
        List<Section> all = new ArrayList<>();
        Object value = find(key);
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                String path = path(key) + "." + (i + 1);
                all.add(
                        switch (list.get(i)) {
                            case Map<?, ?> map -> table(path, map);
                            case String kind -> table(path, Map.of("kind", kind));
                            case null, default ->
                                    wrong(key, list, "a list of tables", table(path, Map.of()));
                        });
            }
        } else if (value != null) {
            problem(key, shown(value) + " is not a list");
        }
        return all;
    }

    private String path(String key) {
        return name.isEmpty() ? key : name + "." + key;
    }

    @SuppressWarnings("unchecked") // keys of TOML are texts
    private Section table(String path, Map<?, ?> values) {
        return new Section(path, (Map<String, Object>) values, problems);
    }

    /// Reads what a kind of thing takes, by the name under `kind`.
    <T> T kind(String instead, Map<String, Function<Section, T>> kinds) {
        String kind = choice("kind", instead, kinds.keySet());
        T made = java.util.Objects.requireNonNull(kinds.get(kind)).apply(this);
        end();
        return made;
    }

    /// Everything was read: what is left has a name that means nothing here.
    void end() {
        for (String key : values.keySet()) {
            if (!known.contains(key.replace('_', '-'))) {
                String near = Suggestions.nearest(key, known);
                String kind = values.get("kind") instanceof String k ? " of a " + k : "";
                problem(
                        null,
                        "there is no key %s%s; %s"
                                .formatted(
                                        key,
                                        kind,
                                        near == null
                                                ? "there are " + String.join(", ", known)
                                                : "did you mean " + near + "?"));
            }
        }
    }
}
