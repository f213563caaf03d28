package dev.jebena.compute.x86;

/// Activations of one row, with the bits of `FloatMath`.
@SuppressWarnings("FloatingPointLiteralPrecision") // digits as published
public final class GateKernels {
    private static final float GELU_CUBIC = 0.044715f;
    private static final float GELU_SCALE = 0.7978845608f;

    private GateKernels() {}

    /// `(gate, up, n)`: `gate = silu(gate) * up`.
    public static Assembler siluMultiply(boolean avx512) {
        return kernel("siluMultiply", avx512, false, true);
    }

    /// `(gate, up, n)`: `gate = gelu(gate) * up`.
    public static Assembler geluMultiply(boolean avx512) {
        return kernel("geluMultiply", avx512, true, true);
    }

    /// `(x, x, n)`: `x = gelu(x)`.
    public static Assembler gelu(boolean avx512) {
        return kernel("gelu", avx512, true, false);
    }

    /// Both activations are `x / (1 + exp(-t))`: `t` is `x` for SiLU and a cubic of `x` for GELU.
    private static Assembler kernel(String name, boolean avx512, boolean cubic, boolean multiply) {
        Assembler a = RowLoop.assembler(name, avx512);
        Gpr[] in = a.arguments(3);
        Exponential exponential = new Exponential(a);
        Memory sign = Constants.all(a, Integer.MIN_VALUE);
        Memory coefficient = Constants.all(a, GELU_CUBIC);
        Memory scale = Constants.all(a, GELU_SCALE);
        new RowLoop(a, in[2])
                .each(span -> {
                    VectorRegister x = span.load(in[0]);
                    VectorRegister t = a.vector();
                    if (cubic) {
                        a.vmulps(t, x, x);
                        a.vmulps(t, t, x);
                        a.vfmadd132ps(t, x, coefficient);
                        a.vmulps(t, t, scale);
                        a.vaddps(t, t, t);
                        a.vxorps(t, t, sign);
                    } else {
                        a.vxorps(t, x, sign);
                    }
                    exponential.emit(t);
                    a.vaddps(t, t, exponential.one());
                    a.vdivps(x, x, t);
                    if (multiply) {
                        a.vmulps(x, x, span.load(in[1]));
                    }
                    span.store(in[0], x);
                });
        a.leave();
        return a;
    }
}
