package dev.jebena.compute;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Kernels that leave everything to others; subclasses override what they do themselves. Methods
/// that are put together from others, such as [#pack(WeightMatrix, Arena)], keep their default
/// body.
abstract class DelegatingKernels implements Kernels {
    private final Kernels others;

    DelegatingKernels(Kernels others) {
        this.others = others;
    }

    @Override
    public String name() {
        return others.name();
    }

    /// The kernels that do what these do not.
    final Kernels others() {
        return others;
    }

    @Override
    public void expect(DataType type) {
        others.expect(type);
    }

    @Override
    public void matmul(WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd) {
        others.matmul(w, x, y, rowBegin, rowEnd);
    }

    @Override
    public boolean packs(DataType type, int rows, int columns) {
        return others.packs(type, rows, columns);
    }

    @Override
    public PackedMatrix allocatePacked(DataType type, int rows, int columns, Arena arena) {
        return others.allocatePacked(type, rows, columns, arena);
    }

    @Override
    public void pack(WeightMatrix w, int rowBegin, int rowEnd, PackedMatrix target, int targetRow) {
        others.pack(w, rowBegin, rowEnd, target, targetRow);
    }

    @Override
    public void quantize(FloatMatrix x, int row, QuantizedRows out) {
        others.quantize(x, row, out);
    }

    @Override
    public void multiply(PackedMatrix w, QuantizedRows x, FloatMatrix y, int rowBegin, int rowEnd) {
        others.multiply(w, x, y, rowBegin, rowEnd);
    }

    @Override
    public void decodeRow(WeightMatrix w, int row, FloatMatrix y, int target) {
        others.decodeRow(w, row, y, target);
    }

    @Override
    public void rmsNorm(
            FloatMatrix x, int row, FloatMatrix weight, float epsilon, FloatMatrix out) {
        others.rmsNorm(x, row, weight, epsilon, out);
    }

    @Override
    public void layerNorm(
            FloatMatrix x,
            int row,
            FloatMatrix weight,
            FloatMatrix bias,
            float epsilon,
            FloatMatrix out) {
        others.layerNorm(x, row, weight, bias, epsilon, out);
    }

    @Override
    public void add(FloatMatrix x, int row, FloatMatrix y, int yRow) {
        others.add(x, row, y, yRow);
    }

    @Override
    public void addScaled(FloatMatrix x, int row, FloatMatrix y, int yRow, float factor) {
        others.addScaled(x, row, y, yRow, factor);
    }

    @Override
    public void silu(FloatMatrix x, int row) {
        others.silu(x, row);
    }

    @Override
    public void siluMultiply(FloatMatrix gate, FloatMatrix up, int row) {
        others.siluMultiply(gate, up, row);
    }

    @Override
    public void geluMultiply(FloatMatrix gate, FloatMatrix up, int row) {
        others.geluMultiply(gate, up, row);
    }

    @Override
    public void gelu(FloatMatrix x, int row) {
        others.gelu(x, row);
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
        others.rope(x, row, heads, headDim, cosSin, position, rotated, neighbours);
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
        others.storeKv(pages, type, pageOffset, slot, keys, values, row, kvHeads, headDim);
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
        others.attend(q, out, rowBegin, rowEnd, position, kvHead, shape, kv);
    }

    @Override
    public void scan(
            FloatMatrix x,
            FloatMatrix step,
            FloatMatrix b,
            FloatMatrix c,
            int row,
            FloatMatrix decay,
            FloatMatrix skip,
            FloatMatrix states,
            int begin,
            int end) {
        others.scan(x, step, b, c, row, decay, skip, states, begin, end);
    }

    @Override
    public int argmax(FloatMatrix x, int row) {
        return others.argmax(x, row);
    }

    @Override
    public float logSumExp(FloatMatrix x, int row) {
        return others.logSumExp(x, row);
    }
}
