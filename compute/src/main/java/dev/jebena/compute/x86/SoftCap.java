package dev.jebena.compute.x86;

/// Emits `cap * tanh(x / cap)` of a register of logits with the bits of the scalar definition in
/// `FloatMath`, whose constants these are: a polynomial near 0, else `1 - 2 / (exp(2x) + 1)`.
@SuppressWarnings("FloatingPointLiteralPrecision") // digits as published
final class SoftCap {
    private static final int LESS = 1;
    private static final float[] POLYNOMIAL = {
        -5.70498872745e-3f,
        2.06390887954e-2f,
        -5.37397155531e-2f,
        1.33314422036e-1f,
        -3.33332819422e-1f
    };

    private final Assembler a;
    private final Exponential exponential;
    private final Memory cap;
    private final Memory sign;
    private final Memory small;
    private final Memory two;
    private final Memory[] powers = new Memory[POLYNOMIAL.length];

    SoftCap(Assembler a, Exponential exponential, float cap) {
        this.a = a;
        this.exponential = exponential;
        this.cap = Constants.all(a, cap);
        sign = Constants.all(a, Integer.MIN_VALUE);
        small = Constants.all(a, 0.625f);
        two = Constants.all(a, 2f);
        for (int i = 0; i < powers.length; i++) {
            powers[i] = Constants.all(a, POLYNOMIAL[i]);
        }
    }

    /// Replaces `x` by what it is capped to.
    void emit(VectorRegister x) {
        a.inScope(() -> {
            VectorRegister large = a.vector();
            a.vdivps(x, x, cap);
            constant(large, sign);
            a.vandnps(large, large, x);
            a.vaddps(large, large, large);
            exponential.emit(large);
            a.vaddps(large, large, exponential.one());
            VectorRegister other = a.vector();
            constant(other, two);
            a.vdivps(large, other, large);
            constant(other, exponential.one());
            a.vsubps(large, other, large);
            a.vandps(other, x, sign);
            a.vorps(large, large, other);
            VectorRegister near = a.vector();
            polynomial(near, x, other);
            constant(other, sign);
            a.vandnps(x, other, x);
            choose(x, near, large);
            a.vmulps(x, x, cap);
        });
    }

    /// `d = x + x^3 * (a polynomial of x^2)`.
    private void polynomial(VectorRegister d, VectorRegister x, VectorRegister square) {
        a.vmulps(square, x, x);
        constant(d, powers[0]);
        for (int i = 1; i < powers.length; i++) {
            a.vfmadd213ps(d, square, powers[i]);
        }
        a.vmulps(d, d, square);
        a.vfmadd213ps(d, x, x);
    }

    /// Replaces the magnitudes in `x` by `near` where they are small, else by `far`.
    private void choose(VectorRegister x, VectorRegister near, VectorRegister far) {
        if (a.hasAvx512()) {
            a.inScope(() -> {
                MaskRegister isSmall = a.mask();
                a.vcmpps(isSmall, x, small, LESS);
                a.vblendmps(x.masked(isSmall), far, near);
            });
        } else {
            a.vcmpps(x, x, small, LESS);
            a.vblendvps(x, far, near, x);
        }
    }

    private void constant(VectorRegister d, Memory constant) {
        if (a.hasAvx512()) {
            a.vbroadcastss(d, constant.single());
        } else {
            a.vmovups(d, constant);
        }
    }
}
