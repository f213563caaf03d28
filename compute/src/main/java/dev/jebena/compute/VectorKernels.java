package dev.jebena.compute;

/// Kernels on the Vector API; needs `--add-modules jdk.incubator.vector`. Gives the bits of
/// [ScalarKernels] in every method, on vectors of any length.
final class VectorKernels implements Kernels {
    @Override
    public String name() {
        return "vector-" + Lanes.F.vectorBitSize();
    }

    @Override
    public void matmul(WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd) {
        if (!VectorMatmul.supports(w)) {
            Kernels.super.matmul(w, x, y, rowBegin, rowEnd);
            return;
        }
        Shapes.matmul(w, x, y, rowBegin, rowEnd);
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
}
