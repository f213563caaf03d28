package dev.jebena.compute;

import dev.jebena.compute.x86.CpuFeatures;
import java.lang.foreign.MemorySegment;

/// Attention and work on rows as machine code for x86-64 with AVX-512; products, and shapes that
/// the code does not know, are left to others. Gives the bits of [ScalarKernels].
final class X86RowKernels extends DelegatingKernels {
    private final X86Rows rows = new X86Rows();
    private final X86Attention attention = new X86Attention();

    /// @param others what computes the rest
    X86RowKernels(Kernels others) {
        super(others);
    }

    /// The kernels, if the CPU has what they need; else `others`.
    static Kernels create(Kernels others, CpuFeatures features) {
        return features.avx512() ? new X86RowKernels(others) : others;
    }

    /// By the scalar definition, which is fast enough for single rows and needs no time to get
    /// ready.
    @Override
    public void decodeRow(WeightMatrix w, int row, FloatMatrix y, int target) {
        ScalarKernels.INSTANCE.decodeRow(w, row, y, target);
    }

    @Override
    public void rmsNorm(
            FloatMatrix x, int row, FloatMatrix weight, float epsilon, FloatMatrix out) {
        rows.rmsNorm(x, row, weight, epsilon, out);
    }

    @Override
    public void layerNorm(
            FloatMatrix x,
            int row,
            FloatMatrix weight,
            FloatMatrix bias,
            float epsilon,
            FloatMatrix out) {
        rows.layerNorm(x, row, weight, bias, epsilon, out);
    }

    @Override
    public void add(FloatMatrix x, int row, FloatMatrix y, int yRow) {
        rows.add(x, row, y, yRow);
    }

    @Override
    public void siluMultiply(FloatMatrix gate, FloatMatrix up, int row) {
        rows.siluMultiply(gate, up, row);
    }

    @Override
    public void geluMultiply(FloatMatrix gate, FloatMatrix up, int row) {
        rows.geluMultiply(gate, up, row);
    }

    @Override
    public void gelu(FloatMatrix x, int row) {
        rows.gelu(x, row);
    }

    @Override
    public void rope(
            FloatMatrix x,
            int row,
            int heads,
            int headDim,
            FloatMatrix cosSin,
            int position,
            int rotated,
            boolean neighbours) {
        rows.rope(x, row, heads, headDim, cosSin, position, rotated, neighbours);
    }

    @Override
    public void storeKv(
            MemorySegment pages,
            DataType type,
            long pageOffset,
            int slot,
            FloatMatrix keys,
            FloatMatrix values,
            int row,
            int kvHeads,
            int headDim) {
        if (X86Rows.storesKv(type, headDim)) {
            rows.storeKv(pages, type, pageOffset, slot, keys, values, row, kvHeads, headDim);
        } else {
            super.storeKv(pages, type, pageOffset, slot, keys, values, row, kvHeads, headDim);
        }
    }

    @Override
    public void attend(
            FloatMatrix q,
            FloatMatrix out,
            int rowBegin,
            int rowEnd,
            int position,
            int kvHead,
            AttentionShape shape,
            KvPages kv) {
        if (!X86Attention.supports(shape, kv)
                || !attention.attend(q, out, rowBegin, rowEnd, position, kvHead, shape, kv)) {
            super.attend(q, out, rowBegin, rowEnd, position, kvHead, shape, kv);
        }
    }

    @Override
    public int argmax(FloatMatrix x, int row) {
        return rows.argmax(x, row);
    }

    @Override
    public float logSumExp(FloatMatrix x, int row) {
        return rows.logSumExp(x, row);
    }
}
