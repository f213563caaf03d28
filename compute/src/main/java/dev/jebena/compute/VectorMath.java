package dev.jebena.compute;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// [FloatMath], lane by lane and with the same bits.
final class VectorMath {
    private VectorMath() {}

    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.blend(FloatMath.EXP_MOST, x.compare(GT, FloatMath.EXP_MOST));
        clamped = clamped.blend(FloatMath.EXP_LEAST, clamped.compare(LT, FloatMath.EXP_LEAST));
        FloatVector rounder = all(FloatMath.ROUNDER);
        FloatVector rounded = clamped.fma(all(FloatMath.LOG2_E), rounder);
        FloatVector n = rounded.sub(rounder);
        FloatVector r = n.fma(all(-FloatMath.LN2_HIGH), clamped);
        r = n.fma(all(-FloatMath.LN2_LOW), r);
        FloatVector p = all(FloatMath.E5).fma(r, all(FloatMath.E4));
        p = p.fma(r, all(FloatMath.E3));
        p = p.fma(r, all(FloatMath.E2));
        p = p.fma(r, all(FloatMath.E1));
        p = p.fma(r, all(FloatMath.E0));
        p = p.fma(r.mul(r), r).add(1);
        IntVector power =
                rounded.reinterpretAsInts().sub(Float.floatToRawIntBits(FloatMath.ROUNDER));
        IntVector half = power.lanewise(VectorOperators.ASHR, 1);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(power.sub(half)));
    }

    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector square = x.mul(x);
        FloatVector p = all(FloatMath.T4).fma(square, all(FloatMath.T3));
        p = p.fma(square, all(FloatMath.T2));
        p = p.fma(square, all(FloatMath.T1));
        p = p.fma(square, all(FloatMath.T0));
        FloatVector small = p.mul(square).fma(x, x);
        FloatVector magnitude = x.lanewise(VectorOperators.ABS);
        FloatVector divisor = exp(magnitude.add(magnitude)).add(1);
        FloatVector large = all(1).sub(all(2).div(divisor));
        IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
        FloatVector signed = large.reinterpretAsInts().or(sign).reinterpretAsFloats();
        return signed.blend(small, magnitude.compare(LT, FloatMath.TANH_SMALL));
    }

    static FloatVector silu(FloatVector x) {
        return x.div(exp(x.neg()).add(1));
    }

    static FloatVector gelu(FloatVector x) {
        FloatVector cubed = x.mul(x).mul(x);
        FloatVector u = all(FloatMath.GELU_CUBIC).fma(cubed, x).mul(FloatMath.GELU_SCALE);
        return x.div(exp(u.mul(-2)).add(1));
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(Lanes.F, value);
    }
}
