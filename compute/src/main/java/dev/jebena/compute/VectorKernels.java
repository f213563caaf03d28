package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Kernels on the Vector API; needs `--add-modules jdk.incubator.vector`. Gives the bits of
/// [ScalarKernels] in every method, on vectors of any length.
final class VectorKernels implements Kernels {
    private final boolean warms;
    private volatile @Nullable WarmUpSteps warmUp;

    private VectorKernels(boolean warms) {
        this.warms = warms;
    }

    /// Kernels that run in whatever state of compilation they are.
    static VectorKernels cold() {
        return new VectorKernels(false);
    }

    /// Kernels that are being compiled in the background; calls wait for the ones they need.
    static VectorKernels warming() {
        VectorKernels kernels = warmingOnDemand();
        kernels.warmUp();
        return kernels;
    }

    /// As [#warming], from the first use on.
    static VectorKernels warmingOnDemand() {
        return new VectorKernels(true);
    }

    private @Nullable WarmUpSteps warmUp() {
        WarmUpSteps begun = warmUp;
        return begun != null || !warms ? begun : begin();
    }

    private synchronized WarmUpSteps begin() {
        WarmUpSteps begun = warmUp;
        if (begun == null) {
            begun = new WarmUpSteps(cold());
            warmUp = begun;
        }
        return begun;
    }

    @Override
    public String name() {
        return "vector-" + Lanes.F.vectorBitSize();
    }

    @Override
    public void expect(DataType type) {
        WarmUpSteps steps = warmUp();
        if (steps != null && VectorDecode.supports(type)) {
            steps.decoding(type);
            steps.oneRow(type);
        }
    }

    private void awaitMatmul(DataType type, int rows) {
        WarmUpSteps steps = warmUp();
        if (steps == null) {
            return;
        }
        if (VectorDecode.supports(type) && (rows > 1 || !VectorDot.supports(type))) {
            steps.decoding(type).await();
        }
        (rows == 1 ? steps.oneRow(type) : steps.manyRows).await();
    }

    private void awaitRows() {
        WarmUpSteps steps = warmUp();
        if (steps != null) {
            steps.rows.await();
        }
    }

    @Override
    public void matmul(WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd) {
        if (!VectorMatmul.supports(w)) {
            Kernels.super.matmul(w, x, y, rowBegin, rowEnd);
            return;
        }
        Shapes.matmul(w, x, y, rowBegin, rowEnd);
        awaitMatmul(w.type(), x.rows());
        VectorMatmul.matmul(w, x, y, rowBegin, rowEnd);
    }

    @Override
    public void decodeRow(WeightMatrix w, int row, FloatMatrix y, int target) {
        if (!VectorMatmul.supports(w)) {
            Kernels.super.decodeRow(w, row, y, target);
            return;
        }
        Shapes.row("decodeRow", y, target, w.columns());
        Shapes.weightRow(w, row);
        VectorMatmul.decodeRows(w, row, 1, Native.row(y, target));
    }

    @Override
    public void rmsNorm(
            FloatMatrix x, int row, FloatMatrix weight, float epsilon, FloatMatrix out) {
        awaitRows();
        int n = x.columns();
        Shapes.row("rmsNorm", x, row, n);
        Shapes.row("rmsNorm", weight, 0, n);
        Shapes.row("rmsNorm", out, row, n);
        long from = Native.row(x, row);
        float squares = VectorRows.sumOfSquares(from, n);
        float factor = 1 / (float) Math.sqrt(squares / n + epsilon);
        VectorRows.scale(from, factor, Native.row(weight, 0), Native.row(out, row), n);
    }

    @Override
    public void layerNorm(
            FloatMatrix x,
            int row,
            FloatMatrix weight,
            FloatMatrix bias,
            float epsilon,
            FloatMatrix out) {
        awaitRows();
        int n = x.columns();
        Shapes.row("layerNorm", x, row, n);
        Shapes.row("layerNorm", weight, 0, n);
        Shapes.row("layerNorm", bias, 0, n);
        Shapes.row("layerNorm", out, row, n);
        long from = Native.row(x, row);
        long to = Native.row(out, row);
        VectorRows.centre(from, VectorRows.sum(from, n) / n, to, n);
        float variance = VectorRows.sumOfSquares(to, n) / n;
        float factor = 1 / (float) Math.sqrt(variance + epsilon);
        VectorRows.scaleAndShift(to, factor, Native.row(weight, 0), Native.row(bias, 0), n);
    }

    @Override
    public void add(FloatMatrix x, int row, FloatMatrix y, int yRow) {
        awaitRows();
        Shapes.row("add", x, row, x.columns());
        Shapes.row("add", y, yRow, x.columns());
        VectorRows.add(Native.row(x, row), Native.row(y, yRow), x.columns());
    }

    @Override
    public void addScaled(FloatMatrix x, int row, FloatMatrix y, int yRow, float factor) {
        awaitRows();
        Shapes.row("addScaled", x, row, x.columns());
        Shapes.row("addScaled", y, yRow, x.columns());
        VectorRows.addScaled(Native.row(x, row), Native.row(y, yRow), factor, x.columns());
    }

    @Override
    public void silu(FloatMatrix x, int row) {
        awaitRows();
        Shapes.row("silu", x, row, x.columns());
        VectorRows.silu(Native.row(x, row), x.columns());
    }

    @Override
    public void siluMultiply(FloatMatrix gate, FloatMatrix up, int row) {
        awaitRows();
        Shapes.row("siluMultiply", gate, row, gate.columns());
        Shapes.row("siluMultiply", up, row, gate.columns());
        VectorRows.siluMultiply(Native.row(gate, row), Native.row(up, row), gate.columns());
    }

    @Override
    public void geluMultiply(FloatMatrix gate, FloatMatrix up, int row) {
        awaitRows();
        Shapes.row("geluMultiply", gate, row, gate.columns());
        Shapes.row("geluMultiply", up, row, gate.columns());
        VectorRows.geluMultiply(Native.row(gate, row), Native.row(up, row), gate.columns());
    }

    @Override
    public void gelu(FloatMatrix x, int row) {
        awaitRows();
        Shapes.row("gelu", x, row, x.columns());
        VectorRows.gelu(Native.row(x, row), x.columns());
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
        if (neighbours) {
            Kernels.super.rope(x, row, heads, headDim, cosSin, position, rotated, true);
            return;
        }
        awaitRows();
        Shapes.row("rope", x, row, heads * headDim);
        Shapes.row("rope", cosSin, position, rotated);
        long cos = Native.row(cosSin, position);
        long half = 4L * (rotated / 2);
        for (int head = 0; head < heads; head++) {
            long at = Native.row(x, row) + 4L * head * headDim;
            VectorRows.rotate(at, at + half, cos, cos + half, rotated / 2);
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
        VectorAttention.storeKv(pages, type, pageOffset, slot, keys, values, row, kvHeads, headDim);
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
        if (!VectorAttention.supports(shape, kv)) {
            Kernels.super.attend(q, out, rowBegin, rowEnd, position, kvHead, shape, kv);
            return;
        }
        WarmUpSteps steps = warmUp();
        if (steps != null) {
            steps.attention.await();
        }
        Shapes.attend(q, out, rowBegin, rowEnd, position, kvHead, shape, kv);
        VectorAttention.attend(q, out, rowBegin, rowEnd, position, kvHead, shape, kv);
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
        awaitRows();
        VectorScan.scan(x, step, b, c, row, decay, skip, states, begin, end);
    }

    @Override
    public int argmax(FloatMatrix x, int row) {
        awaitRows();
        Shapes.row("argmax", x, row, x.columns());
        long from = Native.row(x, row);
        float largest = VectorRows.largest(from, x.columns());
        boolean none = largest == Float.NEGATIVE_INFINITY;
        return none ? 0 : VectorRows.indexOf(from, largest, x.columns());
    }

    @Override
    public float logSumExp(FloatMatrix x, int row) {
        awaitRows();
        Shapes.row("logSumExp", x, row, x.columns());
        long from = Native.row(x, row);
        float largest = VectorRows.largest(from, x.columns());
        float sum = VectorRows.sumOfExponentials(from, largest, x.columns());
        return largest + (float) StrictMath.log(sum);
    }
}
