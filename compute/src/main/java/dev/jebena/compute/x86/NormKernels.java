package dev.jebena.compute.x86;

/// Norms of one row, and the addition of rows.
public final class NormKernels {
    private NormKernels() {}

    /// `(x, weight, out, n, bits of epsilon)`: `out = x / sqrt(mean(x^2) + epsilon) * weight`.
    public static Assembler rmsNorm() {
        Assembler a = Assembler.avx512("rmsNorm");
        Gpr[] in = a.arguments(5);
        VectorRegister factor = a.vector();
        VectorRegister length = a.vector();
        a.vcvtsi2ss(length.xmm(), length.xmm(), in[3]);
        RowLoop row = new RowLoop(a, in[3]);
        a.clear(factor);
        row.each(span -> {
            VectorRegister x = span.load(in[0]);
            a.vfmadd231ps(factor, x, x);
        });
        inverseRoot(a, factor, length, in[4]);
        row.each(span -> {
            VectorRegister x = span.load(in[0]);
            a.vmulps(x, x, factor);
            a.vmulps(x, x, span.load(in[1]));
            span.store(in[2], x);
        });
        a.leave();
        return a;
    }

    /// Makes of 16 partial sums of squares the factor `1 / sqrt(sum / length + epsilon)` in all
    /// elements.
    private static void inverseRoot(
            Assembler a, VectorRegister sums, VectorRegister length, Gpr epsilonBits) {
        RowLoop.tree(a, sums);
        a.inScope(() -> {
            VectorRegister sum = sums.xmm();
            VectorRegister other = a.vector().xmm();
            a.vdivss(sum, sum, length.xmm());
            a.vmovd(other, epsilonBits.dword());
            a.vaddss(sum, sum, other);
            a.vsqrtss(sum, sum, sum);
            a.vmovss(other, a.constants(1f));
            a.vdivss(sum, other, sum);
            a.vbroadcastss(sums, sum);
        });
    }

    /// `(x, weight, bias, out, n, bits of epsilon)`: `out = (x - mean) / sqrt(variance + epsilon) *
    /// weight + bias`.
    public static Assembler layerNorm() {
        Assembler a = Assembler.avx512("layerNorm");
        Gpr[] in = a.arguments(6);
        VectorRegister factor = a.vector();
        VectorRegister mean = a.vector();
        VectorRegister length = a.vector();
        a.vcvtsi2ss(length.xmm(), length.xmm(), in[4]);
        RowLoop row = new RowLoop(a, in[4]);
        a.clear(mean);
        row.each(span -> a.vaddps(mean, mean, span.load(in[0])));
        RowLoop.tree(a, mean);
        a.vdivss(mean.xmm(), mean.xmm(), length.xmm());
        a.vbroadcastss(mean, mean.xmm());
        a.clear(factor);
        row.each(span -> {
            VectorRegister x = span.load(in[0]);
            a.vsubps(x, x, mean);
            a.vfmadd231ps(span.only(factor), x, x);
        });
        inverseRoot(a, factor, length, in[5]);
        row.each(span -> {
            VectorRegister x = span.load(in[0]);
            a.vsubps(x, x, mean);
            a.vmulps(x, x, factor);
            a.vfmadd213ps(x, span.load(in[1]), span.load(in[2]));
            span.store(in[3], x);
        });
        a.leave();
        return a;
    }

    /// `(x, y, n)`: `x += y`.
    public static Assembler add() {
        Assembler a = Assembler.avx512("add");
        Gpr[] in = a.arguments(3);
        new RowLoop(a, in[2])
                .each(span -> {
                    VectorRegister x = span.load(in[0]);
                    a.vaddps(x, x, span.load(in[1]));
                    span.store(in[0], x);
                });
        a.leave();
        return a;
    }
}
