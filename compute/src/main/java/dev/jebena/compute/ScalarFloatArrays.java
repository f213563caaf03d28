package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// [FloatArrays] in plain Java.
enum ScalarFloatArrays implements FloatArrays {
    INSTANCE;

    static float get(MemorySegment memory, long at, int index) {
        return memory.get(JAVA_FLOAT_UNALIGNED, at + 4L * index);
    }

    static void set(MemorySegment memory, long at, int index, float value) {
        memory.set(JAVA_FLOAT_UNALIGNED, at + 4L * index, value);
    }

    static float[] array(MemorySegment memory, long at, int n) {
        float[] values = new float[n];
        MemorySegment.copy(memory, JAVA_FLOAT_UNALIGNED, at, values, 0, n);
        return values;
    }

    /// The sum in the order that [FloatArrays] fixes.
    static double sum(float... values) {
        double sum = 0;
        for (int begin = 0; begin < values.length; begin += PIECE) {
            float[] sums = new float[SUMS];
            for (int i = begin; i < Math.min(values.length, begin + PIECE); i++) {
                sums[i % SUMS] += values[i];
            }
            sum += tree(sums);
        }
        return sum;
    }

    /// The sum of `(x - shift)^2` in the same order.
    static double squares(float shift, float... values) {
        double sum = 0;
        for (int begin = 0; begin < values.length; begin += PIECE) {
            float[] sums = new float[SUMS];
            for (int i = begin; i < Math.min(values.length, begin + PIECE); i++) {
                float value = values[i] - shift;
                sums[i % SUMS] = Math.fma(value, value, sums[i % SUMS]);
            }
            sum += tree(sums);
        }
        return sum;
    }

    private static float tree(float... sums) {
        for (int half = SUMS / 2; half > 0; half /= 2) {
            for (int j = 0; j < half; j++) {
                sums[j] += sums[j + half];
            }
        }
        return sums[0];
    }
}
