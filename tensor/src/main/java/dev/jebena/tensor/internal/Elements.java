package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.jebena.tensor.DType;
import java.lang.foreign.MemorySegment;

/// Conversion between memory of any element type and arrays of double or long: float types are
/// computed with in double, integers and booleans in long, then rounded or wrapped once.
public final class Elements {
    private Elements() {}

    /// `n` elements from element `from` on, `stride` apart, as doubles.
    public static void load(
            DType t, MemorySegment m, long from, long stride, double[] to, int at, int n) {
        switch (t) {
            case FLOAT32 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = m.get(JAVA_FLOAT_UNALIGNED, 4 * (from + i * stride));
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = m.get(JAVA_DOUBLE_UNALIGNED, 8 * (from + i * stride));
                }
            }
            case BFLOAT16 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = brain(m.get(JAVA_SHORT_UNALIGNED, 2 * (from + i * stride)));
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < n; i++) {
                    short bits = m.get(JAVA_SHORT_UNALIGNED, 2 * (from + i * stride));
                    to[at + i] = Float.float16ToFloat(bits);
                }
            }
            case BOOL, UINT8, INT8, INT16, INT32, INT64 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = integer(t, m, from + i * stride);
                }
            }
        }
    }

    /// The same as longs; floats lose their fraction.
    public static void load(
            DType t, MemorySegment m, long from, long stride, long[] to, int at, int n) {
        switch (t) {
            case INT64 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = m.get(JAVA_LONG_UNALIGNED, 8 * (from + i * stride));
                }
            }
            case BOOL, UINT8, INT8, INT16, INT32 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = integer(t, m, from + i * stride);
                }
            }
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> {
                for (int i = 0; i < n; i++) {
                    to[at + i] = (long) real(t, m, from + i * stride);
                }
            }
        }
    }

    /// Writes `n` doubles to elements from `to` on, without gaps. Integers lose the fraction and
    /// wrap; booleans are whether it is not 0.
    public static void store(DType t, double[] from, int at, MemorySegment m, long to, int n) {
        switch (t) {
            case FLOAT32 -> {
                for (int i = 0; i < n; i++) {
                    m.set(JAVA_FLOAT_UNALIGNED, 4 * (to + i), (float) from[at + i]);
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < n; i++) {
                    m.set(JAVA_DOUBLE_UNALIGNED, 8 * (to + i), from[at + i]);
                }
            }
            case BFLOAT16, FLOAT16, BOOL, UINT8, INT8, INT16, INT32, INT64 -> {
                for (int i = 0; i < n; i++) {
                    set(t, m, to + i, from[at + i]);
                }
            }
        }
    }

    public static void store(DType t, long[] from, int at, MemorySegment m, long to, int n) {
        if (t == DType.INT64) {
            MemorySegment.copy(from, at, m, JAVA_LONG_UNALIGNED, 8 * to, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            set(t, m, to + i, from[at + i]);
        }
    }

    /// One element as a double.
    public static double real(DType t, MemorySegment m, long index) {
        return switch (t) {
            case FLOAT32 -> m.get(JAVA_FLOAT_UNALIGNED, 4 * index);
            case FLOAT64 -> m.get(JAVA_DOUBLE_UNALIGNED, 8 * index);
            case BFLOAT16 -> brain(m.get(JAVA_SHORT_UNALIGNED, 2 * index));
            case FLOAT16 -> Float.float16ToFloat(m.get(JAVA_SHORT_UNALIGNED, 2 * index));
            case BOOL, UINT8, INT8, INT16, INT32, INT64 -> integer(t, m, index);
        };
    }

    /// One element as a long.
    public static long integer(DType t, MemorySegment m, long index) {
        return switch (t) {
            case BOOL, UINT8 -> m.get(JAVA_BYTE, index) & 0xFF;
            case INT8 -> m.get(JAVA_BYTE, index);
            case INT16 -> m.get(JAVA_SHORT_UNALIGNED, 2 * index);
            case INT32 -> m.get(JAVA_INT_UNALIGNED, 4 * index);
            case INT64 -> m.get(JAVA_LONG_UNALIGNED, 8 * index);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> (long) real(t, m, index);
        };
    }

    public static void set(DType t, MemorySegment m, long index, double value) {
        switch (t) {
            case FLOAT32 -> m.set(JAVA_FLOAT_UNALIGNED, 4 * index, (float) value);
            case FLOAT64 -> m.set(JAVA_DOUBLE_UNALIGNED, 8 * index, value);
            case BFLOAT16 -> m.set(JAVA_SHORT_UNALIGNED, 2 * index, brainBits(value));
            case FLOAT16 -> m.set(JAVA_SHORT_UNALIGNED, 2 * index, halfBits(value));
            case BOOL -> m.set(JAVA_BYTE, index, (byte) (value != 0 ? 1 : 0));
            case UINT8, INT8, INT16, INT32, INT64 -> set(t, m, index, (long) value);
        }
    }

    public static void set(DType t, MemorySegment m, long index, long value) {
        switch (t) {
            case BOOL -> m.set(JAVA_BYTE, index, (byte) (value != 0 ? 1 : 0));
            case UINT8, INT8 -> m.set(JAVA_BYTE, index, (byte) value);
            case INT16 -> m.set(JAVA_SHORT_UNALIGNED, 2 * index, (short) value);
            case INT32 -> m.set(JAVA_INT_UNALIGNED, 4 * index, (int) value);
            case INT64 -> m.set(JAVA_LONG_UNALIGNED, 8 * index, value);
            case FLOAT32 -> m.set(JAVA_FLOAT_UNALIGNED, 4 * index, (float) value);
            case FLOAT16, BFLOAT16, FLOAT64 -> set(t, m, index, (double) value);
        }
    }

    private static float brain(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /// The nearest float32, then the nearest bfloat16, ties to even.
    static short brainBits(double value) {
        int bits = Float.floatToRawIntBits((float) value);
        if (Float.isNaN((float) value)) {
            return (short) ((bits >> 16) | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    static short halfBits(double value) {
        return Float.floatToFloat16((float) value);
    }
}
