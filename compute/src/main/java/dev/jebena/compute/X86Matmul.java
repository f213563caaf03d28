package dev.jebena.compute;

import dev.jebena.compute.x86.FloatElement;
import dev.jebena.compute.x86.FloatKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// [Kernels#matmul] as machine code, with the bits of the reference: weights that are plain numbers
/// are multiplied where they lie; others are decoded to float32 some rows at a time.
final class X86Matmul {
    /// Decoded weights that stay in the second-level cache while all rows of activations pass.
    private static final int MANY_ROWS_BYTES = 256 << 10;

    /// With one row of activations decoded weights are read once: they should stay in the
    /// first-level cache.
    private static final int ONE_ROW_BYTES = 20 << 10;

    private final FloatKernels kernels;
    private final boolean avx512;
    private final boolean alone;

    /// @param avx512 whether the code is for AVX-512; else for AVX2
    /// @param alone whether there are no other kernels than the scalar ones
    X86Matmul(boolean avx512, boolean alone) {
        this.avx512 = avx512;
        this.alone = alone;
        kernels = new FloatKernels(avx512);
    }

    boolean supports(WeightMatrix w) {
        return supports(w.type()) && (avx512 || w.columns() % 16 == 0);
    }

    /// All types but those that the vector kernels multiply without decoding them in plain Java.
    boolean supports(DataType type) {
        return switch (type) {
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, Q6_K -> alone;
            default -> true;
        };
    }

    void matmul(WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd) {
        Shapes.matmul(w, x, y, rowBegin, rowEnd);
        if (x.rows() == 0 || rowBegin == rowEnd) {
            return;
        }
        switch (w.type()) {
            case F32 -> multiply(FloatElement.F32, stored(w, rowBegin), x, y, rowBegin, rowEnd);
            case F16 -> multiply(FloatElement.F16, stored(w, rowBegin), x, y, rowBegin, rowEnd);
            case BF16 -> multiply(FloatElement.BF16, stored(w, rowBegin), x, y, rowBegin, rowEnd);
            default -> multiplyDecoded(w, x, y, rowBegin, rowEnd);
        }
    }

    private static long stored(WeightMatrix w, int row) {
        return Native.address(w.data()) + row * w.rowBytes();
    }

    private void multiply(
            FloatElement element,
            long weights,
            FloatMatrix x,
            FloatMatrix y,
            int rowBegin,
            int rowEnd) {
        kernels.multiply(
                new FloatKernels.Product(
                        element,
                        x.columns(),
                        weights,
                        rowEnd - rowBegin,
                        Native.address(x.data()),
                        4L * x.stride(),
                        x.rows(),
                        Native.address(y.data()) + y.offset(0, rowBegin),
                        4L * y.stride()));
    }

    private void multiplyDecoded(
            WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd) {
        long rowBytes = 4L * w.columns();
        long room = x.rows() == 1 ? ONE_ROW_BYTES : MANY_ROWS_BYTES;
        int rows = Math.clamp(room / Math.max(1, rowBytes), 8, 64) & ~7;
        long decoded = Scratch.own().memory(rows * rowBytes);
        for (int r = rowBegin; r < rowEnd; r += rows) {
            int end = Math.min(rowEnd, r + rows);
            decode(w, r, end, decoded);
            multiply(FloatElement.F32, decoded, x, y, r, end);
        }
    }

    /// Decodes rows `begin` to `end` to address `to`, one after the other.
    private static void decode(WeightMatrix w, int begin, int end, long to) {
        int columns = w.columns();
        float[] row = Scratch.own().array(columns);
        for (int r = begin; r < end; r++) {
            ScalarMatmul.decodeRow(w, r, row);
            long at = to + 4L * (r - begin) * columns;
            MemorySegment.copy(row, 0, Native.ALL, ValueLayout.JAVA_FLOAT, at, columns);
        }
    }
}
