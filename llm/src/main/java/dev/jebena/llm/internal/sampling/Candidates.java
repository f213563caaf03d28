package dev.jebena.llm.internal.sampling;

import java.util.Arrays;

/// Tokens that may be chosen, the likeliest first; of equal ones the smaller id first.
///
/// A token is packed into one `long` whose natural order is the reverse of that order, so that
/// selecting and sorting work on plain arrays.
final class Candidates {
    private long[] packed = new long[256];
    private int size;

    int size() {
        return size;
    }

    int id(int i) {
        return (int) packed[i];
    }

    float logit(int i) {
        int ordered = ~(int) (packed[i] >>> 32);
        return Float.intBitsToFloat(ordered >= 0 ? ordered : ordered ^ 0x7FFFFFFF);
    }

    /// The order of floats is that of their bits once negative ones are turned round; negated, it
    /// makes larger logits the smaller values, and equal logits go by id.
    private static long pack(float logit, int id) {
        int bits = Float.floatToIntBits(logit + 0.0f);
        int ordered = bits >= 0 ? bits : bits ^ 0x7FFFFFFF;
        return (long) ~ordered << 32 | id;
    }

    void keep(int count) {
        size = Math.min(size, count);
    }

    /// The `k` likeliest of `logits`, sorted. Tokens at negative infinity and NaN never take part.
    void selectTop(float[] logits, int count, int k) {
        if (packed.length < k) {
            packed = new long[k];
        }
        size = 0;
        // A max-heap by packed value: its root is the least likely token kept so far.
        float threshold = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < count; id++) {
            float logit = logits[id];
            if (logit > threshold) {
                if (size < k) {
                    push(pack(logit, id));
                } else {
                    replaceRoot(pack(logit, id));
                }
                if (size == k) {
                    threshold = logit(0);
                }
            }
        }
        Arrays.sort(packed, 0, size);
    }

    /// All tokens whose logit is at least `threshold`, sorted.
    void selectAbove(float[] logits, int count, float threshold) {
        size = 0;
        for (int id = 0; id < count; id++) {
            float logit = logits[id];
            if (logit >= threshold && logit > Float.NEGATIVE_INFINITY) {
                if (size == packed.length) {
                    packed = Arrays.copyOf(packed, 2 * size);
                }
                packed[size++] = pack(logit, id);
            }
        }
        Arrays.sort(packed, 0, size);
    }

    /// Drops the first `count`.
    void dropFirst(int count) {
        System.arraycopy(packed, count, packed, 0, size - count);
        size -= count;
    }

    /// Divides the logits by a temperature, which keeps their order.
    void cool(float temperature) {
        for (int i = 0; i < size; i++) {
            packed[i] = pack(logit(i) / temperature, id(i));
        }
    }

    /// Keeps the candidates at the given places, which ascend.
    void retain(int[] places, int count) {
        for (int i = 0; i < count; i++) {
            packed[i] = packed[places[i]];
        }
        size = count;
    }

    private void push(long value) {
        int at = size++;
        while (at > 0 && packed[(at - 1) / 2] < value) {
            packed[at] = packed[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        packed[at] = value;
    }

    private void replaceRoot(long value) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && packed[child + 1] > packed[child]) {
                child++;
            }
            if (packed[child] <= value) {
                break;
            }
            packed[at] = packed[child];
            at = child;
        }
        packed[at] = value;
    }
}
