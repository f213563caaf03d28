package dev.jebena.compute;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// [FloatMath] on rows of native memory, with the same bits.
///
/// Every function that needs `exp` writes its arguments to memory first and calls [#exp] for the
/// whole row: one loop to compile, whoever uses it, and no vector is ever handed to a method that
/// the compiler might not inline.
final class VectorMath {
    private static final int N = Lanes.COUNT;

    /// Up to this magnitude `exp` is a normal number.
    private static final float MODERATE = 87;

    private VectorMath() {}

    private static int whole(int n) {
        return n - n % Kernels.LANES;
    }

    /// `to = exp(from * factor - shift)`; `factor` is 1 or -1. `to` may be `from`.
    static void exp(long from, float factor, float shift, long to, int n) {
        if (most(from, whole(n)) + Math.abs(shift) <= MODERATE) {
            moderateExp(from, factor, shift, to, whole(n));
        } else {
            anyExp(from, factor, shift, to, whole(n));
        }
        for (int i = whole(n); i < n; i++) {
            float x = Native.getFloat(from + 4L * i) * factor - shift;
            Native.putFloat(to + 4L * i, FloatMath.exp(x));
        }
    }

    /// The largest magnitude; NaN if a number is, which is compared as an integer.
    private static float most(long x, int n) {
        IntVector most = IntVector.zero(Lanes.I);
        for (int i = 0; i < n; i += N) {
            IntVector bits = Lanes.load(x + 4L * i).reinterpretAsInts();
            most = most.max(bits.and(Integer.MAX_VALUE));
        }
        return Float.intBitsToFloat(most.reduceLanes(VectorOperators.MAX));
    }

    /// For results that are normal numbers: the power of two is added to the exponent. The same
    /// bits with a third less work.
    private static void moderateExp(long from, float factor, float shift, long to, int n) {
        FloatVector rounder = all(FloatMath.ROUNDER);
        for (int i = 0; i < n; i += N) {
            FloatVector x = Lanes.load(from + 4L * i).mul(factor).sub(shift);
            FloatVector rounded = x.fma(all(FloatMath.LOG2_E), rounder);
            FloatVector whole = rounded.sub(rounder);
            FloatVector r = whole.fma(all(-FloatMath.LN2_HIGH), x);
            r = whole.fma(all(-FloatMath.LN2_LOW), r);
            FloatVector p = all(FloatMath.E5).fma(r, all(FloatMath.E4));
            p = p.fma(r, all(FloatMath.E3));
            p = p.fma(r, all(FloatMath.E2));
            p = p.fma(r, all(FloatMath.E1));
            p = p.fma(r, all(FloatMath.E0));
            p = p.fma(r.mul(r), r).add(1);
            IntVector power = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            Lanes.store(p.reinterpretAsInts().add(power).reinterpretAsFloats(), to + 4L * i);
        }
    }

    private static void anyExp(long from, float factor, float shift, long to, int n) {
        FloatVector rounder = all(FloatMath.ROUNDER);
        for (int i = 0; i < n; i += N) {
            FloatVector x = Lanes.load(from + 4L * i).mul(factor).sub(shift);
            x = x.blend(FloatMath.EXP_MOST, x.compare(GT, FloatMath.EXP_MOST));
            x = x.blend(FloatMath.EXP_LEAST, x.compare(LT, FloatMath.EXP_LEAST));
            FloatVector rounded = x.fma(all(FloatMath.LOG2_E), rounder);
            FloatVector whole = rounded.sub(rounder);
            FloatVector r = whole.fma(all(-FloatMath.LN2_HIGH), x);
            r = whole.fma(all(-FloatMath.LN2_LOW), r);
            FloatVector p = all(FloatMath.E5).fma(r, all(FloatMath.E4));
            p = p.fma(r, all(FloatMath.E3));
            p = p.fma(r, all(FloatMath.E2));
            p = p.fma(r, all(FloatMath.E1));
            p = p.fma(r, all(FloatMath.E0));
            p = p.fma(r.mul(r), r).add(1);
            IntVector power =
                    rounded.reinterpretAsInts().sub(Float.floatToRawIntBits(FloatMath.ROUNDER));
            IntVector half = power.lanewise(VectorOperators.ASHR, 1);
            p = p.mul(powerOfTwo(half)).mul(powerOfTwo(power.sub(half)));
            Lanes.store(p, to + 4L * i);
        }
    }

    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    /// `x = x / (1 + exp) * up`, the last step of SiLU and GELU.
    static void gate(long x, long exp, long up, int n) {
        for (int i = 0; i < whole(n); i += N) {
            long at = 4L * i;
            FloatVector v = Lanes.load(x + at).div(Lanes.load(exp + at).add(1));
            Lanes.store(v.mul(Lanes.load(up + at)), x + at);
        }
        for (int i = whole(n); i < n; i++) {
            long at = 4L * i;
            float v = Native.getFloat(x + at) / (1 + Native.getFloat(exp + at));
            Native.putFloat(x + at, v * Native.getFloat(up + at));
        }
    }

    /// `x = x / (1 + exp)`.
    static void divide(long x, long exp, int n) {
        for (int i = 0; i < whole(n); i += N) {
            long at = 4L * i;
            Lanes.store(Lanes.load(x + at).div(Lanes.load(exp + at).add(1)), x + at);
        }
        for (int i = whole(n); i < n; i++) {
            long at = 4L * i;
            Native.putFloat(x + at, Native.getFloat(x + at) / (1 + Native.getFloat(exp + at)));
        }
    }

    /// `to = 2u` with the `u` of [FloatMath#gelu].
    static void geluArgument(long x, long to, int n) {
        for (int i = 0; i < whole(n); i += N) {
            FloatVector v = Lanes.load(x + 4L * i);
            FloatVector u = all(FloatMath.GELU_CUBIC).fma(v.mul(v).mul(v), v);
            Lanes.store(u.mul(FloatMath.GELU_SCALE).mul(2), to + 4L * i);
        }
        for (int i = whole(n); i < n; i++) {
            float v = Native.getFloat(x + 4L * i);
            float u = FloatMath.GELU_SCALE * Math.fma(FloatMath.GELU_CUBIC, v * v * v, v);
            Native.putFloat(to + 4L * i, 2 * u);
        }
    }

    /// `x = cap * tanh(x / cap)`; `n` is a multiple of 16, `room` takes as many floats.
    static void cap(long x, float cap, long room, int n) {
        for (int i = 0; i < n; i += N) {
            FloatVector v = Lanes.load(x + 4L * i).div(cap);
            FloatVector magnitude = v.lanewise(VectorOperators.ABS);
            Lanes.store(v, x + 4L * i);
            Lanes.store(magnitude.add(magnitude), room + 4L * i);
        }
        exp(room, 1, 0, room, n);
        for (int i = 0; i < n; i += N) {
            FloatVector v = Lanes.load(x + 4L * i);
            FloatVector square = v.mul(v);
            FloatVector p = all(FloatMath.T4).fma(square, all(FloatMath.T3));
            p = p.fma(square, all(FloatMath.T2));
            p = p.fma(square, all(FloatMath.T1));
            p = p.fma(square, all(FloatMath.T0));
            FloatVector small = p.mul(square).fma(v, v);
            FloatVector large = all(1).sub(all(2).div(Lanes.load(room + 4L * i).add(1)));
            IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
            large = large.reinterpretAsInts().or(sign).reinterpretAsFloats();
            FloatVector magnitude = v.lanewise(VectorOperators.ABS);
            large = large.blend(small, magnitude.compare(LT, FloatMath.TANH_SMALL));
            Lanes.store(large.mul(cap), x + 4L * i);
        }
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(Lanes.F, value);
    }
}
