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
    /// Below this magnitude a block of activations counts as zero, so that no scale and no inverse
    /// leaves the normal numbers.
    static final float SMALLEST = 0x1p-100f;

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

    /// Rounds one row: scale `d = largest magnitude / 127`, numbers `rint(x * (127 / largest))`.
    ///
    /// Infinities and NaN make the scale infinite or NaN, so that they show in the result.
    static void quantize(FloatMatrix x, int row, QuantizedRows out) {
        Shapes.quantize(x, row, out);
        float[] values = x.row(row);
        for (int block = 0; block < out.columns() / QuantizedRows.BLOCK; block++) {
            quantize(values, block * QuantizedRows.BLOCK, out.data(), out.offset(row, block));
        }
    }

    private static void quantize(float[] values, int from, MemorySegment target, long at) {
        // Compared as integers, a NaN is larger than infinity: neither can get lost.
        int bits = 0;
        for (int k = 0; k < 32; k++) {
            bits = Math.max(bits, Float.floatToRawIntBits(values[from + k]) & Integer.MAX_VALUE);
        }
        float largest = Float.intBitsToFloat(bits);
        boolean zero = largest < SMALLEST;
        float inverse = zero ? 0 : 127 / largest;
        int[] sums = new int[2];
        for (int k = 0; k < 32; k++) {
            int q = round(values[from + k] * inverse);
            Stored.put8(target, at + k, q);
            sums[k / 16] += q;
        }
        target.set(Stored.FLOAT, at + QuantizedRows.SCALE, zero ? 0 : largest / 127);
        target.set(Stored.INT, at + QuantizedRows.FIRST_SUM, -sums[0]);
        target.set(Stored.INT, at + QuantizedRows.LAST_SUM, -sums[1]);
        target.set(Stored.INT, at + QuantizedRows.SUM, -(sums[0] + sums[1]));
    }

    /// Nearest integer, ties to even; NaN, which the conversion instruction turns into the smallest
    /// integer, becomes -128.
    private static int round(float x) {
        return Float.isNaN(x) ? -128 : (int) Math.rint(x);
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
