package dev.jebena.hub;

import dev.jebena.base.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A JSON object from a stranger: every accessor checks the type and names the key that is wrong.
final class JsonObject {
    private final Map<?, ?> values;
    private final String where;

    private JsonObject(Map<?, ?> values, String where) {
        this.values = values;
        this.where = where;
    }

    static JsonObject of(@Nullable Object value, String where) {
        if (value instanceof Map<?, ?> map) {
            return new JsonObject(map, where);
        }
        throw new Problem(
                Problem.Code.BAD_FILE, where + ": expected an object, got " + kind(value));
    }

    Set<String> keys() {
        return values.keySet().stream()
                .map(String::valueOf)
                .collect(Collectors.toCollection(java.util.LinkedHashSet::new));
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    @Nullable Object get(String key) {
        return values.get(key);
    }

    String string(String key) {
        if (values.get(key) instanceof String text) {
            return text;
        }
        throw wrong(key, "a string");
    }

    String string(String key, String otherwise) {
        return has(key) ? string(key) : otherwise;
    }

    long integer(String key) {
        if (values.get(key) instanceof Long number) {
            return number;
        }
        throw wrong(key, "an integer");
    }

    long integer(String key, long otherwise) {
        return has(key) ? integer(key) : otherwise;
    }

    JsonObject object(String key) {
        if (values.get(key) instanceof Map<?, ?> map) {
            return new JsonObject(map, where + ": " + key);
        }
        throw wrong(key, "an object");
    }

    JsonObject objectOrEmpty(String key) {
        return has(key) ? object(key) : new JsonObject(Map.of(), where + ": " + key);
    }

    List<JsonObject> objects(String key) {
        if (values.get(key) instanceof List<?> list) {
            return list.stream().map(v -> of(v, where + ": " + key)).toList();
        }
        throw wrong(key, "an array");
    }

    /// A string alone, or an array of strings; empty when the key is missing.
    List<String> strings(String key) {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof String text) {
            return List.of(text);
        }
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String::valueOf).toList();
        }
        throw wrong(key, "a string or an array of strings");
    }

    Problem problem(String message) {
        return new Problem(Problem.Code.BAD_FILE, where + ": " + message);
    }

    private Problem wrong(String key, String expected) {
        return problem("'%s' must be %s, got %s".formatted(key, expected, kind(values.get(key))));
    }

    private static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "nothing";
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "an array";
            case String text ->
                    "'" + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + "'";
            default -> value.toString();
        };
    }
}
