package dev.jebena.compute;

import dev.jebena.compute.LoopCode.Operation;

/// [FloatMath] and [FloatFunctions] as steps of a loop: the same operations in the same order, so
/// the same bits.
final class LoopFunctions {
    private final LoopCode.Builder code;

    LoopFunctions(LoopCode.Builder code) {
        this.code = code;
    }

    int apply(FloatArrays.Function function, int x) {
        return switch (function) {
            case NEG -> code.step(Operation.NEG, x);
            case ABS -> code.step(Operation.ABS, x);
            case SQUARE -> mul(x, x);
            case RECIPROCAL -> div(all(1), x);
            case SQRT -> code.step(Operation.SQRT, x);
            case RSQRT -> div(all(1), code.step(Operation.SQRT, x));
            case RELU -> choose(code.step(Operation.LT, x, all(0)), all(0), x);
            case EXP -> exp(x);
            case LOG -> log(x);
            case TANH -> tanh(x);
            case SIGMOID -> div(all(1), add(all(1), exp(neg(x))));
            case SILU -> div(x, add(all(1), exp(neg(x))));
            case ERF -> erf(x);
            case GELU -> gelu(x);
            case GELU_TANH -> geluTanh(x);
        };
    }

    private int all(double number) {
        return code.constant(number);
    }

    private int add(int a, int b) {
        return code.step(Operation.ADD, a, b);
    }

    private int sub(int a, int b) {
        return code.step(Operation.SUB, a, b);
    }

    private int mul(int a, int b) {
        return code.step(Operation.MUL, a, b);
    }

    private int div(int a, int b) {
        return code.step(Operation.DIV, a, b);
    }

    private int neg(int x) {
        return code.step(Operation.NEG, x);
    }

    private int abs(int x) {
        return code.step(Operation.ABS, x);
    }

    private int fma(int a, int b, int c) {
        return code.step(Operation.FMA, a, b, c);
    }

    private int choose(int mask, int yes, int no) {
        return code.step(Operation.CHOOSE, mask, yes, no);
    }

    private int bits(int x) {
        return code.step(Operation.BITS, x);
    }

    private int number(int bits) {
        return code.step(Operation.NUMBER, bits);
    }

    private int polynomial(float[] coefficients, int x) {
        int p = all(coefficients[0]);
        for (int i = 1; i < coefficients.length; i++) {
            p = fma(p, x, all(coefficients[i]));
        }
        return p;
    }

    private int exp(int x) {
        int most = all(FloatMath.EXP_MOST);
        int least = all(FloatMath.EXP_LEAST);
        int clamped = choose(code.step(Operation.GT, x, most), most, x);
        clamped = choose(code.step(Operation.LT, clamped, least), least, clamped);
        int rounded = fma(clamped, all(FloatMath.LOG2_E), all(FloatMath.ROUNDER));
        int n = sub(rounded, all(FloatMath.ROUNDER));
        int r = fma(n, all(-FloatMath.LN2_HIGH), clamped);
        r = fma(n, all(-FloatMath.LN2_LOW), r);
        float[] coefficients = {
            FloatMath.E5, FloatMath.E4, FloatMath.E3, FloatMath.E2, FloatMath.E1, FloatMath.E0
        };
        int p = polynomial(coefficients, r);
        p = add(fma(p, mul(r, r), r), all(1));
        int rounder = code.bits(Float.floatToRawIntBits(FloatMath.ROUNDER));
        int power = code.step(Operation.BITS_SUB, bits(rounded), rounder);
        int half = code.shift(Operation.SHIFT_RIGHT, power, 1);
        int rest = code.step(Operation.BITS_SUB, power, half);
        return mul(mul(p, powerOfTwo(half)), powerOfTwo(rest));
    }

    private int powerOfTwo(int n) {
        int biased = code.step(Operation.BITS_ADD, n, code.bits(127));
        return number(code.shift(Operation.SHIFT_LEFT, biased, 23));
    }

    private int log(int x) {
        int tiny = code.step(Operation.LT, x, all(Float.MIN_NORMAL));
        int bits = bits(choose(tiny, mul(x, all(0x1p23f)), x));
        int exponent = code.step(Operation.INTEGER, code.shift(Operation.SHIFT_UNSIGNED, bits, 23));
        int e = sub(exponent, choose(tiny, all(126 + 23), all(126)));
        int mantissa = code.step(Operation.BITS_AND, bits, code.bits(0x7FFFFF));
        int m = number(code.step(Operation.BITS_OR, mantissa, code.bits(0x3F000000)));
        int low = code.step(Operation.LT, m, all(FloatFunctions.ROOT_HALF));
        e = choose(low, sub(e, all(1)), e);
        m = sub(choose(low, add(m, m), m), all(1));
        int z = mul(m, m);
        int y = mul(mul(polynomial(FloatFunctions.LOG, m), m), z);
        y = fma(e, all(FloatMath.LN2_LOW), y);
        y = fma(z, all(-0.5f), y);
        int result = fma(e, all(FloatMath.LN2_HIGH), add(m, y));
        int positive = code.step(Operation.GT, x, all(0));
        result = choose(positive, result, all(Float.NaN));
        int zero = code.step(Operation.EQ, x, all(0));
        result = choose(zero, all(Float.NEGATIVE_INFINITY), result);
        int infinite = code.step(Operation.EQ, x, all(Float.POSITIVE_INFINITY));
        return choose(infinite, x, result);
    }

    /// The magnitude of one number with the sign of another; the magnitude is not negative.
    private int withSign(int magnitude, int x) {
        int sign = code.step(Operation.BITS_AND, bits(x), code.bits(Integer.MIN_VALUE));
        return number(code.step(Operation.BITS_OR, bits(magnitude), sign));
    }

    private int tanh(int x) {
        int square = mul(x, x);
        float[] coefficients = {
            FloatMath.T4, FloatMath.T3, FloatMath.T2, FloatMath.T1, FloatMath.T0
        };
        int p = polynomial(coefficients, square);
        int small = fma(mul(p, square), x, x);
        int magnitude = abs(x);
        int e = exp(add(magnitude, magnitude));
        int large = sub(all(1), div(all(2), add(e, all(1))));
        int near = code.step(Operation.LT, magnitude, all(FloatMath.TANH_SMALL));
        return choose(near, small, withSign(large, x));
    }

    private int most(int w) {
        int most = all(FloatFunctions.ERFC_MOST);
        return choose(code.step(Operation.GT, w, most), most, w);
    }

    private int scaledErfc(int w) {
        int u = div(sub(w, all(2)), add(w, all(2)));
        return div(polynomial(FloatFunctions.ERFC, u), fma(w, all(2), all(1)));
    }

    private int erf(int x) {
        int magnitude = abs(x);
        int w = most(magnitude);
        int tail = mul(scaledErfc(w), exp(neg(mul(w, w))));
        int small = mul(polynomial(FloatFunctions.ERF, mul(x, x)), x);
        int near = code.step(Operation.LT, magnitude, all(FloatFunctions.ERF_SMALL));
        return choose(near, small, withSign(sub(all(1), tail), x));
    }

    private int gelu(int x) {
        int z = mul(x, all(FloatFunctions.ROOT_HALF));
        int square = mul(z, z);
        int above = mul(z, polynomial(FloatFunctions.GELU_ABOVE, square));
        int erf = div(above, polynomial(FloatFunctions.GELU_BELOW, square));
        int most = all(FloatFunctions.GELU_MOST);
        int least = all(-FloatFunctions.GELU_MOST);
        erf = choose(code.step(Operation.GT, z, most), all(1), erf);
        erf = choose(code.step(Operation.LT, z, least), all(-1), erf);
        int half = mul(all(0.5f), x);
        return fma(half, erf, half);
    }

    private int geluTanh(int x) {
        int cubed = mul(mul(x, x), x);
        int u = mul(all(FloatMath.GELU_SCALE), fma(all(FloatMath.GELU_CUBIC), cubed, x));
        return div(x, add(all(1), exp(neg(mul(all(2), u)))));
    }
}
