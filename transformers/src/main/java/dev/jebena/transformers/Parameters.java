package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.base.Suggestions;
import dev.jebena.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The parameters of a call as JSON values; those that are null count as left out.
final class Parameters {
    private final Task<?> task;
    private final Map<String, Object> values = new HashMap<>();

    /// Throws BAD_REQUEST for a name that is not among `known`.
    Parameters(Task<?> task, Map<String, ? extends @Nullable Object> given, Set<String> known) {
        this.task = task;
        given.forEach((name, value) -> {
            if (!known.contains(name)) {
                String near = Suggestions.nearest(name, known);
                throw new Problem(
                        Problem.Code.BAD_REQUEST,
                        "%s has no parameter '%s'%s"
                                .formatted(
                                        task,
                                        name,
                                        near == null ? "" : "; did you mean " + near + "?"),
                        "it has " + String.join(", ", new TreeSet<>(known)));
            }
            if (value != null) {
                values.put(name, value);
            }
        });
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable Object value(String name) {
        return values.get(name);
    }

    int integer(String name, int absent) {
        Object value = values.get(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof Number number && number.doubleValue() == number.intValue()) {
            return number.intValue();
        }
        throw wrong(name, "an integer", value);
    }

    /// At least 1.
    int count(String name, int absent) {
        int value = integer(name, absent);
        if (value < 1) {
            throw Problem.badRequest(
                    "%s: %s must be at least 1, found %d".formatted(task, name, value));
        }
        return value;
    }

    double number(String name, double absent) {
        Object value = values.get(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(name, "a number", value);
    }

    boolean flag(String name, boolean absent) {
        Object value = values.get(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false", value);
    }

    String text(String name, String absent) {
        Object value = values.get(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof String text) {
            return text;
        }
        throw wrong(name, "a string", value);
    }

    /// A list of strings, or one string alone; null where it is left out.
    @Nullable List<String> texts(String name) {
        Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof String text) {
            return List.of(text);
        }
        if (value instanceof List<?> list) {
            List<String> texts = new ArrayList<>();
            for (Object one : list) {
                if (!(one instanceof String text)) {
                    throw wrong(name, "a list of strings", one);
                }
                texts.add(text);
            }
            return texts;
        }
        throw wrong(name, "a list of strings", value);
    }

    /// Whether texts are to be cut: `true`, or one of transformers' names for how.
    boolean truncates(boolean absent) {
        return value("truncation") instanceof String how
                ? !how.equals("do_not_truncate")
                : flag("truncation", absent);
    }

    Problem wrong(String name, String expected, @Nullable Object found) {
        return Problem.badRequest(
                "%s: %s must be %s, found %s".formatted(task, name, expected, Json.kind(found)));
    }
}
