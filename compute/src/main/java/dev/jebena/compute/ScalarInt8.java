package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The definition of products of quantized weights with activations of 8 bits. Assembled kernels
/// give the same bits.
///
/// Output r of row m is `sum`, which begins as 0 and grows once for each block of 32 in order of k:
///
/// ```
/// part = float(dot) * scale                       one scale for the block, or
/// part = fma(float(dot1), scale1, float(dot0) * scale0)   one for each half of 16
/// part = fma(float(sum of a), offset, part)       for each offset, if the format has them
/// sum  = fma(part, scale of the activations, sum)
/// ```
///
/// The dot products of the integers are exact, and so is their conversion (they stay below 2^24).
/// So a result depends on its own row and its own weights only.
final class ScalarInt8 {
    private ScalarInt8() {}

    /// The packed form of the reference: the stored blocks themselves.
    record StoredBlocks(WeightMatrix stored) implements PackedMatrix {
        @Override
        public DataType type() {
            return stored.type();
        }

        @Override
        public int rows() {
            return stored.rows();
        }

        @Override
        public int columns() {
            return stored.columns();
        }

        @Override
        public long bytes() {
            return stored.data().byteSize();
        }

        void copy(WeightMatrix w, int rowBegin, int rowEnd, int targetRow) {
            MemorySegment.copy(
                    w.data(),
                    rowBegin * w.rowBytes(),
                    stored.data(),
                    targetRow * w.rowBytes(),
                    (rowEnd - rowBegin) * w.rowBytes());
        }
    }

    /// Rounds one row; see [RoundedBlock].
    static void quantize(FloatMatrix x, int row, QuantizedRows out) {
        Shapes.quantize(x, row, out);
        float[] values = x.row(row);
        RoundedBlock rounded = new RoundedBlock();
        for (int block = 0; block < out.columns() / QuantizedRows.BLOCK; block++) {
            rounded.round(values, block * QuantizedRows.BLOCK);
            store(rounded, out.data(), out.offset(row, block));
        }
    }

    private static void store(RoundedBlock block, MemorySegment target, long at) {
        int[] sums = new int[2];
        for (int k = 0; k < 32; k++) {
            Stored.put8(target, at + k, block.numbers[k]);
            sums[k / 16] += block.numbers[k];
        }
        target.set(Stored.FLOAT, at + QuantizedRows.SCALE, block.scale);
        target.set(Stored.INT, at + QuantizedRows.FIRST_SUM, -sums[0]);
        target.set(Stored.INT, at + QuantizedRows.LAST_SUM, -sums[1]);
        target.set(Stored.INT, at + QuantizedRows.SUM, -(sums[0] + sums[1]));
    }

    static void multiply(WeightMatrix w, QuantizedRows x, FloatMatrix y, int rowBegin, int rowEnd) {
        IntegerBlock weights = new IntegerBlock(w.type());
        int blocks = w.columns() / QuantizedRows.BLOCK;
        int parts = w.type().blockSize() / QuantizedRows.BLOCK;
        float[] sums = new float[x.rows()];
        for (int r = rowBegin; r < rowEnd; r++) {
            Arrays.fill(sums, 0);
            for (int block = 0; block < blocks; block++) {
                long start = r * w.rowBytes() + (long) (block / parts) * w.type().blockBytes();
                weights.read(w.data(), start, block % parts);
                for (int m = 0; m < x.rows(); m++) {
                    long at = x.offset(m, block);
                    float scale = x.data().get(Stored.FLOAT, at + QuantizedRows.SCALE);
                    sums[m] = Math.fma(part(weights, x.data(), at), scale, sums[m]);
                }
            }
            for (int m = 0; m < x.rows(); m++) {
                y.set(m, r, sums[m]);
            }
        }
    }

    private static float part(IntegerBlock w, MemorySegment x, long at) {
        int[] dots = new int[2];
        int[] sums = new int[2];
        for (int k = 0; k < 32; k++) {
            int half = w.halves ? k / 16 : 0;
            int a = Stored.i8(x, at + k);
            dots[half] += w.q[k] * a;
            sums[half] += a;
        }
        float part = dots[0] * w.scale[0];
        if (w.halves) {
            part = Math.fma((float) dots[1], w.scale[1], part);
        }
        if (w.offsets) {
            part = Math.fma((float) sums[0], w.offset[0], part);
        }
        if (w.offsets && w.halves) {
            part = Math.fma((float) sums[1], w.offset[1], part);
        }
        return part;
    }
}
