package dev.jebena.compute;

/// The transcendental functions of the kernels in float32.
///
/// Each is a fixed sequence of IEEE operations, so that its vector form ([VectorMath]) gives the
/// same bits, on every machine. Errors are below 2 units in the last place. NaN gives NaN.
@SuppressWarnings("FloatingPointLiteralPrecision") // digits as published
final class FloatMath {
    /// Above this `exp` is infinite, below [#EXP_LEAST] it is zero.
    static final float EXP_MOST = 89f;

    static final float EXP_LEAST = -104f;
    static final float LOG2_E = 1.44269504f;

    /// Adding it to a small float rounds that to an integer, which then stands in the low bits.
    static final float ROUNDER = 0x1.8p23f;

    /// ln 2 in two parts; the first has few bits, so that its products with integers are exact.
    static final float LN2_HIGH = 0.693359375f;

    static final float LN2_LOW = -2.12194440e-4f;

    /// Coefficients of `(exp(r) - 1 - r) / r^2` on |r| <= ln(2) / 2, highest power first (Cephes).
    static final float E5 = 1.9875691500e-4f;

    static final float E4 = 1.3981999507e-3f;
    static final float E3 = 8.3334519073e-3f;
    static final float E2 = 4.1665795894e-2f;
    static final float E1 = 1.6666665459e-1f;
    static final float E0 = 5.0000001201e-1f;

    /// Below this `tanh` is a polynomial: the formula with `exp` would cancel.
    static final float TANH_SMALL = 0.625f;

    /// Coefficients of `(tanh(x) / x - 1) / x^2` in powers of `x^2`, highest first (Cephes).
    static final float T4 = -5.70498872745e-3f;

    static final float T3 = 2.06390887954e-2f;
    static final float T2 = -5.37397155531e-2f;
    static final float T1 = 1.33314422036e-1f;
    static final float T0 = -3.33332819422e-1f;

    /// `sqrt(2 / pi)` and the cubic coefficient of GELU's tanh form.
    static final float GELU_SCALE = 0.7978845608f;

    static final float GELU_CUBIC = 0.044715f;

    private FloatMath() {}

    /// `log(1 + exp(x))`.
    static float softplus(float x) {
        return x > 20 ? x : (float) StrictMath.log1p(exp(x));
    }

    static float exp(float x) {
        float clamped = x > EXP_MOST ? EXP_MOST : x;
        clamped = clamped < EXP_LEAST ? EXP_LEAST : clamped;
        float rounded = Math.fma(clamped, LOG2_E, ROUNDER);
        float n = rounded - ROUNDER;
        float r = Math.fma(n, -LN2_HIGH, clamped);
        r = Math.fma(n, -LN2_LOW, r);
        float p = Math.fma(E5, r, E4);
        p = Math.fma(p, r, E3);
        p = Math.fma(p, r, E2);
        p = Math.fma(p, r, E1);
        p = Math.fma(p, r, E0);
        p = Math.fma(p, r * r, r) + 1;
        // Two factors, because 2^n itself may be subnormal or too large.
        int power = Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(ROUNDER);
        int half = power >> 1;
        return p * powerOfTwo(half) * powerOfTwo(power - half);
    }

    private static float powerOfTwo(int n) {
        return Float.intBitsToFloat((n + 127) << 23);
    }

    static float tanh(float x) {
        float square = x * x;
        float p = Math.fma(T4, square, T3);
        p = Math.fma(p, square, T2);
        p = Math.fma(p, square, T1);
        p = Math.fma(p, square, T0);
        float small = Math.fma(p * square, x, x);
        float magnitude = Math.abs(x);
        float large = 1 - 2 / (exp(magnitude + magnitude) + 1);
        return magnitude < TANH_SMALL ? small : Math.copySign(large, x);
    }

    static float silu(float x) {
        return x / (1 + exp(-x));
    }

    /// GELU in its tanh form: `x / 2 * (1 + tanh(u))` with `u = sqrt(2 / pi) (x + 0.044715 x^3)`,
    /// which is `x / (1 + exp(-2u))`.
    static float gelu(float x) {
        float cubed = x * x * x;
        float u = GELU_SCALE * Math.fma(GELU_CUBIC, cubed, x);
        return x / (1 + exp(-(2 * u)));
    }
}
