package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.EncodedStrings;
import dev.jebena.tokenizers.TokenizerException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Typed access to the `tokenizer.ggml.*` keys of a GGUF file.
final class GgufMetadata {
    private static final String PREFIX = "tokenizer.ggml.";

    private final Map<String, ? extends Object> values;

    GgufMetadata(Map<String, ? extends Object> values) {
        this.values = values;
    }

    String string(String key, String otherwise) {
        Object value = values.get(PREFIX + key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String string) {
            return string;
        }
        throw wrongType(key, "a string", value);
    }

    boolean flag(String key, boolean otherwise) {
        Object value = values.get(PREFIX + key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrongType(key, "a boolean", value);
    }

    /// The id under `key`; an id outside of the vocabulary counts as absent.
    OptionalInt id(String key, int size) {
        Object value = values.get(PREFIX + key);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (value instanceof Number number) {
            long id = number.longValue();
            return id >= 0 && id < size ? OptionalInt.of((int) id) : OptionalInt.empty();
        }
        throw wrongType(key, "an integer", value);
    }

    /// An array of strings, in whichever form it is there.
    EncodedStrings strings(String key) {
        Object value = values.get(PREFIX + key);
        if (value == null) {
            throw new TokenizerException(
                    PREFIX + key + " is missing: this GGUF file has no usable vocabulary");
        }
        if (value instanceof EncodedStrings encoded) {
            return encoded;
        }
        if (value instanceof List<?> list
                && (list.isEmpty() || list.getFirst() instanceof String)) {
            @SuppressWarnings("unchecked")
            List<String> strings = (List<String>) list;
            return EncodedStrings.of(strings);
        }
        throw wrongType(key, "an array of strings", value);
    }

    boolean has(String key) {
        return values.containsKey(PREFIX + key);
    }

    /// One number for each of `size` tokens, or null when the key is absent.
    int @Nullable [] integers(String key, int size) {
        Object value = values.get(PREFIX + key);
        if (value == null) {
            return null;
        }
        if (value instanceof int[] array) {
            checkLength(key, array.length, size);
            return array;
        }
        if (value instanceof long[] array) {
            checkLength(key, array.length, size);
            int[] integers = new int[array.length];
            for (int i = 0; i < integers.length; i++) {
                integers[i] = (int) array[i];
            }
            return integers;
        }
        throw wrongType(key, "an array of integers", value);
    }

    /// One number for each of `size` tokens, or null when the key is absent.
    float @Nullable [] floats(String key, int size) {
        Object value = values.get(PREFIX + key);
        if (value instanceof float[] array) {
            checkLength(key, array.length, size);
            return array;
        }
        if (value instanceof double[] array) {
            checkLength(key, array.length, size);
            float[] floats = new float[array.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) array[i];
            }
            return floats;
        }
        int[] integers = value == null ? null : integers(key, size);
        if (integers == null) {
            return null;
        }
        float[] floats = new float[integers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = integers[i];
        }
        return floats;
    }

    /// An array of bytes; empty when the key is absent.
    byte[] bytes(String key) {
        int[] integers = integers(key, 0);
        byte[] bytes = new byte[integers == null ? 0 : integers.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = integers == null ? 0 : (byte) integers[i];
        }
        return bytes;
    }

    /// The model's name in lower case; some models are known by nothing else.
    String modelName() {
        return values.get("general.name") instanceof String name
                ? name.toLowerCase(java.util.Locale.ROOT)
                : "";
    }

    private static void checkLength(String key, int length, int size) {
        if (length < size) {
            throw new TokenizerException(
                    PREFIX + key + " has " + length + " entries for " + size + " tokens");
        }
    }

    private static TokenizerException wrongType(String key, String expected, Object value) {
        String found =
                value instanceof Collection<?> ? "an array" : value.getClass().getSimpleName();
        return new TokenizerException(PREFIX + key + ": expected " + expected + ", found " + found);
    }
}
