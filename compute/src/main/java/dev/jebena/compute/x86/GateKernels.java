package dev.jebena.compute.x86;

/// Activations of one row, with the bits of `FloatMath`.
@SuppressWarnings("FloatingPointLiteralPrecision") // digits as published
public final class GateKernels {
    private static final float GELU_CUBIC = 0.044715f;
    private static final float GELU_SCALE = 0.7978845608f;

    private GateKernels() {}

    /// `(gate, up, n)`: `gate = silu(gate) * up`.
    public static Assembler siluMultiply() {
        return kernel("siluMultiply", false, true);
    }

    /// `(gate, up, n)`: `gate = gelu(gate) * up`.
    public static Assembler geluMultiply() {
        return kernel("geluMultiply", true, true);
    }

    /// `(x, x, n)`: `x = gelu(x)`.
    public static Assembler gelu() {
        return kernel("gelu", true, false);
    }

    /// Both activations are `x / (1 + exp(-t))`: `t` is `x` for SiLU and a cubic of `x` for GELU.
    private static Assembler kernel(String name, boolean cubic, boolean multiply) {
        Assembler a = Assembler.avx512(name);
        Gpr[] in = a.arguments(3);
        Exponential exponential = new Exponential(a);
        Memory sign = a.constants(Integer.MIN_VALUE).broadcast();
        Memory coefficient = a.constants(GELU_CUBIC).broadcast();
        Memory scale = a.constants(GELU_SCALE).broadcast();
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
                        a.vpxord(t, t, sign);
                    } else {
                        a.vpxord(t, x, sign);
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
