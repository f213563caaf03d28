package dev.jebena.serving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Texts by vectors, to be found by the vectors near to one. All keys have the same number of
/// dimensions. Safe for use by many threads.
final class VectorStore {
    /// A text with its key.
    ///
    /// @param similarity cosine of its key and what was looked for, from -1 to 1
    record Found(float[] key, String value, double similarity) {}

    /// An array that equals another one of the same numbers.
    private static final class Key {
        final float[] values;
        final double length;

        Key(float[] values) {
            this.values = values;
            length = Math.sqrt(dot(values, values));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.equals(values, key.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }

        double cosine(Key other) {
            double lengths = length * other.length;
            return lengths == 0 ? 0 : Math.clamp(dot(values, other.values) / lengths, -1, 1);
        }
    }

    private final Map<Key, String> texts = new LinkedHashMap<>();

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /// Memory that an entry takes, about.
    static long bytes(float[] key, String value) {
        return 120L + 4L * key.length + 2L * value.length();
    }

    /// Dimensions of the keys; 0 while there are none.
    synchronized int dimensions() {
        return texts.isEmpty() ? 0 : texts.keySet().iterator().next().values.length;
    }

    /// Keeps a text; returns how many bytes that takes more than before.
    synchronized long put(float[] key, String value) {
        String old = texts.put(new Key(key), value);
        return bytes(key, value) - (old == null ? 0 : bytes(key, old));
    }

    synchronized @Nullable String get(float[] key) {
        return texts.get(new Key(key));
    }

    /// Forgets a text; returns the bytes that are free now.
    synchronized long remove(float[] key) {
        String old = texts.remove(new Key(key));
        return old == null ? 0 : bytes(key, old);
    }

    /// The `most` entries that are nearest to `key`, the nearest first; equally near ones as they
    /// came.
    synchronized List<Found> find(float[] key, int most) {
        Key wanted = new Key(key);
        List<Found> all = new ArrayList<>(texts.size());
        texts.forEach((k, text) -> all.add(new Found(k.values, text, k.cosine(wanted))));
        all.sort(Comparator.comparingDouble(found -> -found.similarity()));
        return List.copyOf(all.subList(0, Math.min(most, all.size())));
    }
}
