package dev.jebena.compute.x86;

/// Emits `exp` of a register of numbers with the bits of the scalar definition in `FloatMath`,
/// whose constants these are: reduction by multiples of ln 2 in two parts, a polynomial, and a
/// power of two.
///
/// The definition multiplies by the power of two in two steps, of which only the second can round;
/// AVX-512's `vscalefps` rounds once as well, so the bits are the same.
@SuppressWarnings("FloatingPointLiteralPrecision") // digits as published
final class Exponential {
    private static final float ROUNDER = 0x1.8p23f;
    private static final float[] POLYNOMIAL = {
        1.9875691500e-4f,
        1.3981999507e-3f,
        8.3334519073e-3f,
        4.1665795894e-2f,
        1.6666665459e-1f,
        5.0000001201e-1f
    };

    private final Assembler a;
    private final Memory most;
    private final Memory least;
    private final Memory rounder;
    private final Memory log2e;
    private final Memory minusLn2High;
    private final Memory minusLn2Low;
    private final Memory one;
    private final Memory[] powers = new Memory[POLYNOMIAL.length];

    Exponential(Assembler a) {
        this.a = a;
        most = Constants.all(a, 89f);
        least = Constants.all(a, -104f);
        rounder = Constants.all(a, ROUNDER);
        log2e = Constants.all(a, 1.44269504f);
        minusLn2High = Constants.all(a, -0.693359375f);
        minusLn2Low = Constants.all(a, 2.12194440e-4f);
        one = Constants.all(a, 1f);
        for (int i = 0; i < powers.length; i++) {
            powers[i] = Constants.all(a, POLYNOMIAL[i]);
        }
    }

    /// The constant 1 for all elements.
    Memory one() {
        return one;
    }

    /// Replaces `x` by its exponential; takes four registers for the time being.
    void emit(VectorRegister x) {
        a.inScope(() -> {
            VectorRegister whole = a.vector();
            VectorRegister p = a.vector();
            VectorRegister square = a.vector();
            // Min and max return their second source if one is not a number.
            load(p, most);
            a.vminps(x, p, x);
            load(p, least);
            a.vmaxps(x, p, x);
            load(whole, rounder);
            a.vfmadd231ps(whole, x, log2e);
            VectorRegister rounded = whole;
            if (!a.hasAvx512()) {
                rounded = a.vector();
                a.vmovaps(rounded, whole);
            }
            a.vsubps(whole, whole, rounder);
            a.vfmadd231ps(x, whole, minusLn2High);
            a.vfmadd231ps(x, whole, minusLn2Low);
            load(p, powers[0]);
            for (int i = 1; i < powers.length; i++) {
                a.vfmadd213ps(p, x, powers[i]);
            }
            a.vmulps(square, x, x);
            a.vfmadd213ps(p, square, x);
            a.vaddps(p, p, one);
            if (a.hasAvx512()) {
                a.vscalefps(x, p, whole);
            } else {
                scale(x, p, rounded, square);
            }
        });
    }

    private void load(VectorRegister d, Memory constant) {
        if (a.hasAvx512()) {
            a.vbroadcastss(d, constant.single());
        } else {
            a.vmovups(d, constant);
        }
    }

    /// Multiplies by two powers of two, whose exponents make up the integer in the low bits of
    /// `rounded`.
    private void scale(
            VectorRegister d, VectorRegister p, VectorRegister rounded, VectorRegister half) {
        Memory bias = Constants.all(a, 127);
        a.vpsubd(rounded, rounded, rounder);
        a.vpsrad(half, rounded, 1);
        a.vpsubd(rounded, rounded, half);
        a.vpaddd(half, half, bias);
        a.vpslld(half, half, 23);
        a.vmulps(p, p, half);
        a.vpaddd(rounded, rounded, bias);
        a.vpslld(rounded, rounded, 23);
        a.vmulps(d, p, rounded);
    }
}
