package dev.jebena.compute;

/// The functions of [FloatArrays] for one number, next to [FloatMath]: fixed sequences of IEEE
/// operations, which [VectorFunctions] repeats.
@SuppressWarnings("FloatingPointLiteralPrecision") // digits as fitted
final class FloatFunctions {
    /// Coefficients of `log(1 + m) - m + m^2 / 2` over `m^3`, highest power first (Cephes).
    static final float[] LOG = {
        7.0376836292e-2f,
        -1.1514610310e-1f,
        1.1676998740e-1f,
        -1.2420140846e-1f,
        1.4249322787e-1f,
        -1.6668057665e-1f,
        2.0000714765e-1f,
        -2.4999993993e-1f,
        3.3333331174e-1f
    };

    static final float ROOT_HALF = 0.70710678f;

    /// Below this `erf` is a polynomial.
    static final float ERF_SMALL = 1;

    /// Coefficients of `erf(x) / x` in powers of `x^2` on [0, 1], highest first: a Chebyshev fit.
    static final float[] ERF = {
        -0.0005654105916619301f,
        0.004923277534544468f,
        -0.026716385036706924f,
        0.11280364543199539f,
        -0.37612348794937134f,
        1.1283791065216064f
    };

    /// Coefficients of `exp(w^2) erfc(w) (1 + 2w)` in powers of `(w - 2) / (w + 2)`, highest first:
    /// a Chebyshev fit for w up to 10.
    static final float[] ERFC = {
        -0.00040918178274296224f,
        -0.0012407702160999179f,
        0.0013207340380176902f,
        0.008642423897981644f,
        -0.00806187279522419f,
        -0.054207686334848404f,
        0.16405558586120605f,
        -0.16603107750415802f,
        -0.0927639901638031f,
        1.2769783735275269f
    };

    /// From here on erfc is 0 in float32.
    static final float ERFC_MOST = 10.1f;

    /// `erf(z) / z` on [-3.92, 3.92] as a quotient of polynomials in `z^2`, highest powers first:
    /// an iterated least-squares fit. Beyond that `erf` is 1 or -1 in float32.
    static final float[] GELU_ABOVE = {
        2.0419862e-6f, 2.8480679e-4f, 3.7795254e-3f, 5.2790024e-2f, 1.9078187e-1f, 1.1283791e0f
    };

    static final float[] GELU_BELOW = {
        3.8004141e-5f, 1.1651926e-3f, 1.4997268e-2f, 1.1425671e-1f, 5.0240875e-1f, 1
    };

    static final float GELU_MOST = 3.92f;

    private FloatFunctions() {}

    /// The nearest bfloat16, ties to even; a NaN stays one, made quiet.
    static short brain(float value) {
        int bits = Float.floatToRawIntBits(value);
        int high = bits >>> 16;
        return (short) (Float.isNaN(value) ? high | 0x40 : (bits + 0x7FFF + (high & 1)) >>> 16);
    }

    static float apply(FloatArrays.Function function, float x) {
        return switch (function) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case SQRT -> (float) Math.sqrt(x);
            case RSQRT -> 1 / (float) Math.sqrt(x);
            case RELU -> x < 0 ? 0 : x;
            case EXP -> FloatMath.exp(x);
            case LOG -> log(x);
            case TANH -> FloatMath.tanh(x);
            case SIGMOID -> 1 / (1 + FloatMath.exp(-x));
            case SILU -> FloatMath.silu(x);
            case ERF -> erf(x);
            case GELU -> gelu(x);
            case GELU_TANH -> FloatMath.gelu(x);
        };
    }

    static float combine(FloatArrays.Combination combination, float a, float b) {
        return switch (combination) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
        };
    }

    static float polynomial(float[] coefficients, float x) {
        float p = coefficients[0];
        for (int i = 1; i < coefficients.length; i++) {
            p = Math.fma(p, x, coefficients[i]);
        }
        return p;
    }

    static float log(float x) {
        if (!(x > 0) || x == Float.POSITIVE_INFINITY) {
            return x == 0 ? Float.NEGATIVE_INFINITY : x > 0 ? x : Float.NaN;
        }
        boolean tiny = x < Float.MIN_NORMAL;
        int bits = Float.floatToRawIntBits(tiny ? x * 0x1p23f : x);
        float e = (bits >>> 23) - (tiny ? 126 + 23 : 126);
        float m = Float.intBitsToFloat((bits & 0x7FFFFF) | 0x3F000000);
        boolean low = m < ROOT_HALF;
        e = low ? e - 1 : e;
        m = (low ? m + m : m) - 1;
        float z = m * m;
        float y = polynomial(LOG, m) * m * z;
        y = Math.fma(e, FloatMath.LN2_LOW, y);
        y = Math.fma(z, -0.5f, y);
        return Math.fma(e, FloatMath.LN2_HIGH, m + y);
    }

    /// `exp(w^2) erfc(w)` for w from 0 to 10.
    private static float scaledErfc(float w) {
        return polynomial(ERFC, (w - 2) / (w + 2)) / Math.fma(2, w, 1);
    }

    static float erf(float x) {
        float magnitude = Math.abs(x);
        float w = magnitude > ERFC_MOST ? ERFC_MOST : magnitude;
        float tail = scaledErfc(w) * FloatMath.exp(-(w * w));
        float small = polynomial(ERF, x * x) * x;
        return magnitude < ERF_SMALL ? small : Math.copySign(1 - tail, x);
    }

    /// `x / 2 (1 + erf(x / sqrt 2))`.
    static float gelu(float x) {
        float z = x * ROOT_HALF;
        float square = z * z;
        float erf = z * polynomial(GELU_ABOVE, square) / polynomial(GELU_BELOW, square);
        erf = z > GELU_MOST ? 1 : erf;
        erf = z < -GELU_MOST ? -1 : erf;
        float half = 0.5f * x;
        return Math.fma(half, erf, half);
    }
}
