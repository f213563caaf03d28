package dev.jebena.compute;

import dev.jebena.compute.x86.CpuFeatures;
import java.lang.foreign.MemorySegment;

/// Products in float32, attention and work on rows as machine code for x86-64 with AVX-512 or AVX2;
/// shapes that the code does not know are left to others. Gives the bits of [ScalarKernels].
final class X86RowKernels extends DelegatingKernels {
    private final X86Matmul products;
    private final X86Rows rows;
    private final X86Attention attention;

    /// @param others what computes the rest
    private X86RowKernels(Kernels others, boolean avx512) {
        super(others);
        products = new X86Matmul(avx512, others == ScalarKernels.INSTANCE);
        rows = new X86Rows(avx512);
        attention = new X86Attention(avx512);
    }

    /// The kernels, if the CPU has what they need; else `others`.
    static Kernels create(Kernels others, CpuFeatures features) {
        return features.avx512() || features.avx2()
                ? new X86RowKernels(others, features.avx512())
                : others;
    }

    /// By the scalar definition, which is fast enough for single rows and needs no time to get
    /// ready.
    @Override
    public void decodeRow(WeightMatrix w, int row, FloatMatrix y, int target) {
        ScalarKernels.INSTANCE.decodeRow(w, row, y, target);
    }

    @Override
    public void expect(DataType type) {
        if (!products.supports(type)) {
            super.expect(type);
        }
    }

    @Override
    public void matmul(WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd) {
        if (products.supports(w)) {
            products.matmul(w, x, y, rowBegin, rowEnd);
        } else {
            super.matmul(w, x, y, rowBegin, rowEnd);
        }
    }

    @Override
    public void rmsNorm(
            FloatMatrix x, int row, FloatMatrix weight, float epsilon, FloatMatrix out) {
        if (rows.supports(x.columns())) {
            rows.rmsNorm(x, row, weight, epsilon, out);
        } else {
            super.rmsNorm(x, row, weight, epsilon, out);
        }
    }

    @Override
    public void layerNorm(
            FloatMatrix x,
            int row,
            FloatMatrix weight,
            FloatMatrix bias,
            float epsilon,
            FloatMatrix out) {
        if (rows.supports(x.columns())) {
            rows.layerNorm(x, row, weight, bias, epsilon, out);
        } else {
            super.layerNorm(x, row, weight, bias, epsilon, out);
        }
    }

    @Override
    public void add(FloatMatrix x, int row, FloatMatrix y, int yRow) {
        if (rows.supports(x.columns())) {
            rows.add(x, row, y, yRow);
        } else {
            super.add(x, row, y, yRow);
        }
    }

    @Override
    public void siluMultiply(FloatMatrix gate, FloatMatrix up, int row) {
        if (rows.supports(gate.columns())) {
            rows.siluMultiply(gate, up, row);
        } else {
            super.siluMultiply(gate, up, row);
        }
    }

    @Override
    public void geluMultiply(FloatMatrix gate, FloatMatrix up, int row) {
        if (rows.supports(gate.columns())) {
            rows.geluMultiply(gate, up, row);
        } else {
            super.geluMultiply(gate, up, row);
        }
    }

    @Override
    public void gelu(FloatMatrix x, int row) {
        if (rows.supports(x.columns())) {
            rows.gelu(x, row);
        } else {
            super.gelu(x, row);
        }
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
        if (rows.supports(rotated / 2)) {
            rows.rope(x, row, heads, headDim, cosSin, position, rotated, neighbours);
        } else {
            super.rope(x, row, heads, headDim, cosSin, position, rotated, neighbours);
        }
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
        return rows.supports(x.columns()) ? rows.argmax(x, row) : super.argmax(x, row);
    }

    @Override
    public float logSumExp(FloatMatrix x, int row) {
        return rows.supports(x.columns()) ? rows.logSumExp(x, row) : super.logSumExp(x, row);
    }
}
