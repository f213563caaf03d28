package dev.jebena.compute;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// [FloatFunctions] on addresses, with the same bits; `n` is a multiple of [Kernels#LANES].
///
/// As in [VectorMath], what needs `exp` first writes its arguments to memory.
final class VectorFunctions {
    private static final int N = Lanes.COUNT;

    private VectorFunctions() {}

    private static FloatVector all(float value) {
        return FloatVector.broadcast(Lanes.F, value);
    }

    static void log(long from, long to, int n) {
        for (int i = 0; i < n; i += N) {
            FloatVector x = Lanes.load(from + 4L * i);
            VectorMask<Float> tiny = x.compare(LT, Float.MIN_NORMAL);
            IntVector bits = x.mul(0x1p23f, tiny).reinterpretAsInts();
            IntVector exponent = bits.lanewise(VectorOperators.LSHR, 23).sub(126);
            exponent = exponent.sub(23, tiny.cast(Lanes.I));
            FloatVector m = bits.and(0x7FFFFF).or(0x3F000000).reinterpretAsFloats();
            FloatVector e = Lanes.floats(exponent);
            VectorMask<Float> low = m.compare(LT, FloatFunctions.ROOT_HALF);
            e = e.sub(1, low);
            m = m.add(m, low).sub(1);
            FloatVector z = m.mul(m);
            FloatVector p = all(FloatFunctions.LOG[0]);
            for (int k = 1; k < FloatFunctions.LOG.length; k++) {
                p = p.fma(m, all(FloatFunctions.LOG[k]));
            }
            FloatVector y = p.mul(m).mul(z);
            y = e.fma(all(FloatMath.LN2_LOW), y);
            y = z.fma(all(-0.5f), y);
            FloatVector result = e.fma(all(FloatMath.LN2_HIGH), m.add(y));
            result = result.blend(Float.NaN, x.compare(GT, 0).not());
            result = result.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0));
            result = result.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
            Lanes.store(result, to + 4L * i);
        }
    }

    /// `to = -w^2` with the w of [FloatFunctions#erf].
    static void erfArgument(long x, long to, int n) {
        for (int i = 0; i < n; i += N) {
            FloatVector w = Lanes.load(x + 4L * i).lanewise(VectorOperators.ABS);
            w = w.blend(FloatFunctions.ERFC_MOST, w.compare(GT, FloatFunctions.ERFC_MOST));
            Lanes.store(w.mul(w).neg(), to + 4L * i);
        }
    }

    static void erf(long x, long exp, long to, int n) {
        for (int i = 0; i < n; i += N) {
            FloatVector v = Lanes.load(x + 4L * i);
            FloatVector magnitude = v.lanewise(VectorOperators.ABS);
            FloatVector w =
                    magnitude.blend(
                            FloatFunctions.ERFC_MOST,
                            magnitude.compare(GT, FloatFunctions.ERFC_MOST));
            FloatVector u = w.sub(2).div(w.add(2));
            FloatVector p = all(FloatFunctions.ERFC[0]);
            for (int k = 1; k < FloatFunctions.ERFC.length; k++) {
                p = p.fma(u, all(FloatFunctions.ERFC[k]));
            }
            FloatVector tail = p.div(w.fma(all(2), all(1))).mul(Lanes.load(exp + 4L * i));
            FloatVector square = v.mul(v);
            FloatVector small = all(FloatFunctions.ERF[0]);
            for (int k = 1; k < FloatFunctions.ERF.length; k++) {
                small = small.fma(square, all(FloatFunctions.ERF[k]));
            }
            IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
            FloatVector large = all(1).sub(tail).reinterpretAsInts().or(sign).reinterpretAsFloats();
            VectorMask<Float> near = magnitude.compare(LT, FloatFunctions.ERF_SMALL);
            Lanes.store(large.blend(small.mul(v), near), to + 4L * i);
        }
    }

    static void gelu(long x, long to, int n) {
        for (int i = 0; i < n; i += N) {
            FloatVector v = Lanes.load(x + 4L * i);
            FloatVector z = v.mul(FloatFunctions.ROOT_HALF);
            FloatVector square = z.mul(z);
            FloatVector above = all(FloatFunctions.GELU_ABOVE[0]);
            FloatVector below = all(FloatFunctions.GELU_BELOW[0]);
            for (int k = 1; k < FloatFunctions.GELU_ABOVE.length; k++) {
                above = above.fma(square, all(FloatFunctions.GELU_ABOVE[k]));
                below = below.fma(square, all(FloatFunctions.GELU_BELOW[k]));
            }
            FloatVector erf = z.mul(above).div(below);
            erf = erf.blend(1, z.compare(GT, FloatFunctions.GELU_MOST));
            erf = erf.blend(-1, z.compare(LT, -FloatFunctions.GELU_MOST));
            FloatVector half = v.mul(0.5f);
            Lanes.store(half.fma(erf, half), to + 4L * i);
        }
    }

    /// `to = numerator / (1 + exp)`.
    static void quotient(long numerator, long exp, long to, int n) {
        for (int i = 0; i < n; i += N) {
            FloatVector divisor = Lanes.load(exp + 4L * i).add(1);
            Lanes.store(Lanes.load(numerator + 4L * i).div(divisor), to + 4L * i);
        }
    }

    /// `to = 1 / (1 + exp)`.
    static void inverse(long exp, long to, int n) {
        for (int i = 0; i < n; i += N) {
            Lanes.store(all(1).div(Lanes.load(exp + 4L * i).add(1)), to + 4L * i);
        }
    }
}
