package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Loops over float32 numbers in native memory, for tensors. The default bodies are the readable
/// reference; the vector implementation gives the same bits.
///
/// Places are byte offsets. Operands and results do not overlap, except that they may be the very
/// same place.
public interface FloatArrays {
    /// Partial sums of a [#sum].
    int SUMS = 64;

    /// Numbers that are added in float32.
    int PIECE = 4096;

    /// The fastest that this machine and its JVM flags allow.
    static FloatArrays best() {
        return FloatArraysLookup.BEST;
    }

    /// The readable reference.
    static FloatArrays scalar() {
        return ScalarFloatArrays.INSTANCE;
    }

    /// Functions of one number. Errors are below 4 units in the last place, but for [#GELU].
    enum Function {
        NEG,
        ABS,
        SQUARE,
        RECIPROCAL,
        SQRT,
        RSQRT,
        RELU,
        EXP,
        LOG,
        TANH,
        SIGMOID,
        SILU,
        ERF,
        /// With erf; the error is below `2^-21 |x|`.
        GELU,
        /// With tanh.
        GELU_TANH
    }

    /// Functions of two numbers.
    enum Combination {
        ADD,
        SUB,
        MUL,
        DIV,
        /// NaN if one is.
        MAXIMUM,
        MINIMUM
    }

    /// `y = function(x)` for `n` numbers.
    default void apply(
            Function function, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            float value = FloatFunctions.apply(function, ScalarFloatArrays.get(x, xAt, i));
            ScalarFloatArrays.set(y, yAt, i, value);
        }
    }

    /// `y = combination(a, b)` for `n` numbers.
    default void combine(
            Combination combination,
            MemorySegment a,
            long aAt,
            MemorySegment b,
            long bAt,
            MemorySegment y,
            long yAt,
            int n) {
        for (int i = 0; i < n; i++) {
            float left = ScalarFloatArrays.get(a, aAt, i);
            float right = ScalarFloatArrays.get(b, bAt, i);
            ScalarFloatArrays.set(y, yAt, i, FloatFunctions.combine(combination, left, right));
        }
    }

    /// The sum: number i is added to float32 sum `i % SUMS`; these are added as a tree, the upper
    /// half to the lower; and the results of pieces of [#PIECE] numbers one by one in float64.
    default double sum(MemorySegment x, long xAt, int n) {
        return ScalarFloatArrays.sum(ScalarFloatArrays.array(x, xAt, n));
    }

    /// The sum of `(x - shift)^2` in that order, squares not rounded before they are added.
    default double squares(MemorySegment x, long xAt, float shift, int n) {
        return ScalarFloatArrays.squares(shift, ScalarFloatArrays.array(x, xAt, n));
    }

    /// The largest; NaN if one is, negative infinity of none.
    default float max(MemorySegment x, long xAt, int n) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, ScalarFloatArrays.get(x, xAt, i));
        }
        return largest;
    }

    /// `y = (x - shift) * factor`.
    default void scale(
            MemorySegment x,
            long xAt,
            float shift,
            float factor,
            MemorySegment y,
            long yAt,
            int n) {
        for (int i = 0; i < n; i++) {
            float value = (ScalarFloatArrays.get(x, xAt, i) - shift) * factor;
            ScalarFloatArrays.set(y, yAt, i, value);
        }
    }

    /// `y = exp(x - shift)`.
    default void exp(MemorySegment x, long xAt, float shift, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            float value = FloatMath.exp(ScalarFloatArrays.get(x, xAt, i) - shift);
            ScalarFloatArrays.set(y, yAt, i, value);
        }
    }

    /// `y = x` as bfloat16, to the nearest, ties to even; NaN stays NaN.
    default void toBrain(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            short value = FloatFunctions.brain(ScalarFloatArrays.get(x, xAt, i));
            y.set(ValueLayout.JAVA_SHORT_UNALIGNED, yAt + 2L * i, value);
        }
    }

    /// `y = x` for bfloat16 numbers x.
    default void fromBrain(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            int bits = x.get(ValueLayout.JAVA_SHORT_UNALIGNED, xAt + 2L * i) << 16;
            ScalarFloatArrays.set(y, yAt, i, Float.intBitsToFloat(bits));
        }
    }

    /// `y = x` for int32 numbers x, to the nearest.
    default void fromInts(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            int value = x.get(ValueLayout.JAVA_INT_UNALIGNED, xAt + 4L * i);
            ScalarFloatArrays.set(y, yAt, i, value);
        }
    }

    /// `y = x` as integers of 8 bits, signed or not: without the fraction, modulo 256.
    default void toBytes(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            byte value = (byte) (long) ScalarFloatArrays.get(x, xAt, i);
            y.set(ValueLayout.JAVA_BYTE, yAt + i, value);
        }
    }
}
