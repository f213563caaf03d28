package dev.jebena.tokenizers.internal;

import dev.jebena.json.Json;
import dev.jebena.tokenizers.TokenizerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object of a `tokenizer.json`, with typed access that names the place of what is wrong.
final class Fields {
    private static final int MAX_DEPTH = 32;

    private final Map<?, ?> values;
    private final String place;
    private final int depth;

    private Fields(Map<?, ?> values, String place, int depth) {
        this.values = values;
        this.place = place;
        this.depth = depth;
    }

    static Fields of(@Nullable Object value, String place) {
        if (value instanceof Map<?, ?> map) {
            return new Fields(map, place, 0);
        }
        throw new TokenizerException(place + ": expected a JSON object, found " + Json.kind(value));
    }

    private Fields nested(@Nullable Object value, String key) {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(key, "an object", value);
        }
        if (depth == MAX_DEPTH) {
            throw new TokenizerException(place + ": nested deeper than " + MAX_DEPTH + " levels");
        }
        return new Fields(map, place + "." + key, depth + 1);
    }

    String place() {
        return place;
    }

    /// The object under `key`, or null when it is absent or null.
    @Nullable Fields child(String key) {
        Object value = values.get(key);
        return value == null ? null : nested(value, key);
    }

    Fields required(String key) {
        Object value = values.get(key);
        return nested(value, key);
    }

    /// The objects of the array under `key`.
    List<Fields> children(String key) {
        List<Fields> children = new ArrayList<>();
        for (Object element : list(key)) {
            children.add(nested(element, key + "[" + children.size() + "]"));
        }
        return children;
    }

    List<?> list(String key) {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(key, "an array", value);
    }

    Map<?, ?> values() {
        return values;
    }

    @Nullable String optional(String key) {
        Object value = values.get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof String string) {
            return string;
        }
        throw wrong(key, "a string", value);
    }

    String string(String key, String otherwise) {
        String value = optional(key);
        return value == null ? otherwise : value;
    }

    String string(String key) {
        String value = optional(key);
        if (value == null) {
            throw wrong(key, "a string", null);
        }
        return value;
    }

    boolean flag(String key, boolean otherwise) {
        Object value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(key, "true or false", value);
    }

    int integer(String key, int otherwise) {
        Object value = values.get(key);
        return value == null ? otherwise : integer(value, key);
    }

    int integer(@Nullable Object value, String key) {
        if (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw wrong(key, "an integer that is not negative", value);
    }

    /// A token id; bounded, because arrays are as long as the largest one.
    int id(@Nullable Object value, String key) {
        int id = integer(value, key);
        if (id >= Vocabulary.MAX_SIZE - 1) {
            throw new TokenizerException(
                    place + "." + key + ": id " + id + " is above " + (Vocabulary.MAX_SIZE - 2));
        }
        return id;
    }

    TokenizerException wrong(String key, String expected, @Nullable Object found) {
        return new TokenizerException(
                place + "." + key + ": expected " + expected + ", found " + Json.kind(found));
    }

    /// For a `type` that is not known.
    TokenizerException unknownType() {
        return new TokenizerException(
                place + ": the type '" + string("type", "") + "' is not supported");
    }
}
