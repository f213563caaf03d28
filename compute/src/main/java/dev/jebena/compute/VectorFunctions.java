package dev.jebena.compute;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
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
            FloatVector x = fromMemorySegment(Lanes.F, Native.ALL, from + 4L * i, Lanes.LE);
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
            result.intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
        }
    }

    /// `to = -w^2` with the w of [FloatFunctions#erf].
    static void erfArgument(long x, long to, int n) {
        for (int i = 0; i < n; i += N) {
            FloatVector w =
                    fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE)
                            .lanewise(VectorOperators.ABS);
            w = w.blend(FloatFunctions.ERFC_MOST, w.compare(GT, FloatFunctions.ERFC_MOST));
            w.mul(w).neg().intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
        }
    }

    static void erf(long x, long exp, long to, int n) {
        for (int i = 0; i < n; i += N) {
            FloatVector v = fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE);
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
            FloatVector tail =
                    p.div(w.fma(all(2), all(1)))
                            .mul(fromMemorySegment(Lanes.F, Native.ALL, exp + 4L * i, Lanes.LE));
            FloatVector square = v.mul(v);
            FloatVector small = all(FloatFunctions.ERF[0]);
            for (int k = 1; k < FloatFunctions.ERF.length; k++) {
                small = small.fma(square, all(FloatFunctions.ERF[k]));
            }
            IntVector sign = v.reinterpretAsInts().and(Integer.MIN_VALUE);
            FloatVector large = all(1).sub(tail).reinterpretAsInts().or(sign).reinterpretAsFloats();
            VectorMask<Float> near = magnitude.compare(LT, FloatFunctions.ERF_SMALL);
            large.blend(small.mul(v), near).intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
        }
    }

    static void gelu(long x, long to, int n) {
        for (int i = 0; i < n; i += N) {
            FloatVector v = fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE);
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
            half.fma(erf, half).intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
        }
    }

    /// `to = numerator / (1 + exp)`.
    static void quotient(long numerator, long exp, long to, int n) {
        for (int i = 0; i < n; i += N) {
            FloatVector divisor =
                    fromMemorySegment(Lanes.F, Native.ALL, exp + 4L * i, Lanes.LE).add(1);
            fromMemorySegment(Lanes.F, Native.ALL, numerator + 4L * i, Lanes.LE)
                    .div(divisor)
                    .intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
        }
    }

    /// `to = 1 / (1 + exp)`.
    static void inverse(long exp, long to, int n) {
        for (int i = 0; i < n; i += N) {
            all(1).div(fromMemorySegment(Lanes.F, Native.ALL, exp + 4L * i, Lanes.LE).add(1))
                    .intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
        }
    }
}
