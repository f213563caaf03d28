package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The reference of [Kernels#matmul]: decodes one row of weights after the other.
final class ScalarMatmul {
    private ScalarMatmul() {}

    static void matmul(WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd) {
        Shapes.matmul(w, x, y, rowBegin, rowEnd);
        int n = w.columns();
        float[] weights = new float[n];
        float[] activations = new float[n];
        float[] sums = new float[Kernels.LANES];
        for (int r = rowBegin; r < rowEnd; r++) {
            decodeRow(w, r, weights);
            for (int m = 0; m < x.rows(); m++) {
                MemorySegment.copy(
                        x.data(),
                        ValueLayout.JAVA_FLOAT_UNALIGNED,
                        x.offset(m, 0),
                        activations,
                        0,
                        n);
                y.set(m, r, Sums.dot(weights, activations, n, sums));
            }
        }
    }

    static void decodeRow(WeightMatrix w, int row, float[] target) {
        int blocks = w.columns() / w.type().blockSize();
        BlockFormat.of(w.type()).decode(w.data(), (long) row * blocks, blocks, target, 0);
    }
}
