package dev.jebena.compute.x86;

/// Emits `exp` of 16 numbers with the bits of the scalar definition in `FloatMath`, whose constants
/// these are: reduction by multiples of ln 2 in two parts, a polynomial, and a power of two.
///
/// The definition multiplies by the power of two in two steps, of which only the second can round;
/// `vscalefps` rounds once as well, so the bits are the same.
@SuppressWarnings("FloatingPointLiteralPrecision") // digits as published
final class Exponential {
    private static final float[] POLYNOMIAL = {
        1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f
    };

    private final Assembler a;
    private final VectorRegister most;
    private final VectorRegister least;
    private final VectorRegister rounder;
    private final VectorRegister first;
    private final Memory log2e;
    private final Memory minusLn2High;
    private final Memory minusLn2Low;
    private final Memory one;
    private final Memory[] powers = new Memory[POLYNOMIAL.length];

    /// Loads the constants that are needed in registers, which stay taken until the end of the
    /// scope.
    Exponential(Assembler a) {
        this.a = a;
        most = a.vector();
        least = a.vector();
        rounder = a.vector();
        first = a.vector();
        a.fill(most, 89f);
        a.fill(least, -104f);
        a.fill(rounder, 0x1.8p23f);
        a.fill(first, 1.9875691500e-4f);
        log2e = a.constants(1.44269504f).broadcast();
        minusLn2High = a.constants(-0.693359375f).broadcast();
        minusLn2Low = a.constants(2.12194440e-4f).broadcast();
        one = a.constants(1f).broadcast();
        for (int i = 0; i < powers.length; i++) {
            powers[i] = a.constants(POLYNOMIAL[i]).broadcast();
        }
    }

    /// The constant 1 for all elements.
    Memory one() {
        return one;
    }

    /// Replaces `x` by its exponential.
    void emit(VectorRegister x) {
        a.inScope(() -> {
            VectorRegister whole = a.vector();
            VectorRegister p = a.vector();
            // Min and max return their second source if one is not a number.
            a.vminps(x, most, x);
            a.vmaxps(x, least, x);
            a.vmovaps(whole, rounder);
            a.vfmadd231ps(whole, x, log2e);
            a.vsubps(whole, whole, rounder);
            a.vfmadd231ps(x, whole, minusLn2High);
            a.vfmadd231ps(x, whole, minusLn2Low);
            a.vmovaps(p, first);
            for (Memory power : powers) {
                a.vfmadd213ps(p, x, power);
            }
            VectorRegister square = a.vector();
            a.vmulps(square, x, x);
            a.vfmadd213ps(p, square, x);
            a.vaddps(p, p, one);
            a.vscalefps(x, p, whole);
        });
    }
}
