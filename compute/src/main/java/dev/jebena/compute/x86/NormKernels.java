package dev.jebena.compute.x86;

/// Norms of one row, and the addition of rows.
public final class NormKernels {
    private NormKernels() {}

    /// `(x, weight, out, n, bits of epsilon)`: `out = x / sqrt(mean(x^2) + epsilon) * weight`.
    public static Assembler rmsNorm(boolean avx512) {
        Assembler a = RowLoop.assembler("rmsNorm", avx512);
        Gpr[] in = a.arguments(5);
        VectorRegister length = a.vector();
        a.vcvtsi2ss(length.xmm(), length.xmm(), in[3]);
        RowLoop row = new RowLoop(a, in[3]);
        PartialSums squares = new PartialSums(a);
        row.each(span -> {
            VectorRegister x = span.load(in[0]);
            a.vfmadd231ps(squares.of(span.part()), x, x);
        });
        VectorRegister factor = inverseRoot(a, squares, length, in[4]);
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
    private static VectorRegister inverseRoot(
            Assembler a, PartialSums squares, VectorRegister length, Gpr epsilonBits) {
        VectorRegister factor = squares.total();
        a.inScope(() -> {
            VectorRegister sum = factor.xmm();
            VectorRegister other = a.vector().xmm();
            a.vdivss(sum, sum, length.xmm());
            a.vmovd(other, epsilonBits.dword());
            a.vaddss(sum, sum, other);
            a.vsqrtss(sum, sum, sum);
            a.vmovss(other, a.constants(1f));
            a.vdivss(sum, other, sum);
            a.vbroadcastss(factor, sum);
        });
        return factor;
    }

    /// `(x, weight, bias, out, n, bits of epsilon)`: `out = (x - mean) / sqrt(variance + epsilon) *
    /// weight + bias`.
    public static Assembler layerNorm(boolean avx512) {
        Assembler a = RowLoop.assembler("layerNorm", avx512);
        Gpr[] in = a.arguments(6);
        VectorRegister length = a.vector();
        a.vcvtsi2ss(length.xmm(), length.xmm(), in[4]);
        RowLoop row = new RowLoop(a, in[4]);
        PartialSums sums = new PartialSums(a);
        row.each(span -> {
            VectorRegister sum = sums.of(span.part());
            a.vaddps(sum, sum, span.load(in[0]));
        });
        VectorRegister mean = sums.total();
        a.vdivss(mean.xmm(), mean.xmm(), length.xmm());
        a.vbroadcastss(mean, mean.xmm());
        PartialSums squares = new PartialSums(a);
        row.each(span -> {
            VectorRegister x = span.load(in[0]);
            a.vsubps(x, x, mean);
            a.vfmadd231ps(span.only(squares.of(span.part())), x, x);
        });
        VectorRegister factor = inverseRoot(a, squares, length, in[5]);
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
    public static Assembler add(boolean avx512) {
        Assembler a = RowLoop.assembler("add", avx512);
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
