package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [Kernels#matmul] in vector registers: decodes some rows of weights to float32, then multiplies
/// them with all rows of activations, 4 x 4 dot products at a time.
///
/// A register runs along a row. The 16 partial sums of a dot product fill one register, or lie in
/// several that are computed one after the other.
final class VectorMatmul {
    private static final int N = Lanes.COUNT;
    private static final VectorSpecies<Float> QUAD = FloatVector.SPECIES_128;

    /// Bytes of the partial sums of one dot product.
    private static final int SUMS = 4 * Kernels.LANES;

    /// Room for the partial sums of 4 x 4 dot products, and for 4 x 4 results.
    private static final int TILE_SUMS = 16 * SUMS;

    /// Decoded weights of this many bytes stay in the second-level cache while all rows of
    /// activations pass.
    private static final int MANY_ROWS_BYTES = 256 << 10;

    /// With one row of activations decoded weights are read once: they should stay in the
    /// first-level cache.
    private static final int ONE_ROW_BYTES = 20 << 10;

    private VectorMatmul() {}

    static boolean supports(WeightMatrix w) {
        return w.columns() % Kernels.LANES == 0 && w.columns() > 0;
    }

    static void matmul(WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd) {
        if (x.rows() == 1 && VectorDot.supports(w.type())) {
            multiplyOne(w, x, y, rowBegin, rowEnd);
        } else {
            multiplyDecoded(w, x, y, rowBegin, rowEnd);
        }
    }

    private static void multiplyOne(
            WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd) {
        long sums = Scratch.own().memory(TILE_SUMS);
        long rowBytes = w.rowBytes();
        long data = Native.address(w.data());
        long from = Native.row(x, 0);
        long to = Native.row(y, 0);
        for (int r = rowBegin; r < rowEnd; r += 16) {
            int count = Math.min(16, rowEnd - r);
            Native.putInt(sums, Native.touch(data + r * rowBytes, count * rowBytes));
            for (int i = 0; i < count; i += 2) {
                long first = data + (r + i) * rowBytes;
                long second = i + 1 < count ? first + rowBytes : first;
                VectorDot.two(w.type(), first, second, from, w.columns(), sums + (long) SUMS * i);
            }
            quarterSums(sums, count);
            storeSums(sums, count, to + 4L * r);
        }
    }

    private static void multiplyDecoded(
            WeightMatrix w, FloatMatrix x, FloatMatrix y, int rowBegin, int rowEnd) {
        long rowBytes = 4L * w.columns();
        long room = x.rows() == 1 ? ONE_ROW_BYTES : MANY_ROWS_BYTES;
        int rows = Math.clamp(room / rowBytes, 4, 64) & ~3;
        long scratch = Scratch.own().memory(TILE_SUMS + rows * rowBytes);
        long decoded = scratch + TILE_SUMS;
        for (int r = rowBegin; r < rowEnd; r += rows) {
            int count = Math.min(rows, rowEnd - r);
            long weights = decoded;
            if (w.type() == DataType.F32 && count % 4 == 0) {
                weights = Native.address(w.data()) + r * rowBytes;
            } else {
                decodeRows(w, r, count, decoded);
            }
            multiply(weights, count, x, y, r, scratch);
        }
    }

    /// Decodes rows `begin ... begin + count` to address `to`, one after the other.
    static void decodeRows(WeightMatrix w, int begin, int count, long to) {
        DataType type = w.type();
        if (type == DataType.F32) {
            long from = begin * w.rowBytes();
            MemorySegment.copy(w.data(), from, Native.ALL, to, count * w.rowBytes());
        } else if (VectorDecode.supports(type)) {
            long from = Native.address(w.data()) + begin * w.rowBytes();
            VectorDecode.decode(type, from, (long) count * w.columns(), to);
        } else {
            float[] row = Scratch.own().array(w.columns());
            for (int i = 0; i < count; i++) {
                ScalarMatmul.decodeRow(w, begin + i, row);
                long at = to + 4L * i * w.columns();
                MemorySegment.copy(row, 0, Native.ALL, ValueLayout.JAVA_FLOAT, at, w.columns());
            }
        }
    }

    private static void multiply(
            long weights, int count, FloatMatrix x, FloatMatrix y, int r, long sums) {
        int n = x.columns();
        int last = x.rows() - 1;
        long results = Native.address(y.data());
        for (int m = 0; m <= last; m += 4) {
            long x0 = Native.row(x, m);
            long x1 = Native.row(x, Math.min(m + 1, last));
            long x2 = Native.row(x, Math.min(m + 2, last));
            long x3 = Native.row(x, Math.min(m + 3, last));
            int rows = Math.min(4, x.rows() - m);
            // Rows beyond the last are computed from what lies in scratch, and not stored.
            for (int i = 0; i < count; i += 4) {
                long w = weights + 4L * n * i;
                if (rows == 1) {
                    dot4(w, x0, n, sums);
                } else {
                    dot16(w, x0, x1, x2, x3, n, sums);
                }
                quarterSums(sums, 4 * rows);
                for (int j = 0; j < rows; j++) {
                    long to = results + y.offset(m + j, r + i);
                    storeSums(sums + 64L * j, Math.min(4, count - i), to);
                }
            }
        }
    }

    /// Partial sums of the dot products of 4 rows of weights with 1 row of activations.
    private static void dot4(long w, long x, int n, long sums) {
        long step = 4L * n;
        for (int p = 0; p < Kernels.LANES; p += N) {
            FloatVector s0 = FloatVector.zero(Lanes.F);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int k = p; k < n; k += Kernels.LANES) {
                long at = w + 4L * k;
                FloatVector v = Lanes.load(x + 4L * k);
                s0 = Lanes.load(at).fma(v, s0);
                s1 = Lanes.load(at + step).fma(v, s1);
                s2 = Lanes.load(at + 2 * step).fma(v, s2);
                s3 = Lanes.load(at + 3 * step).fma(v, s3);
            }
            long to = sums + 4L * p;
            Lanes.store(s0, to);
            Lanes.store(s1, to + SUMS);
            Lanes.store(s2, to + 2 * SUMS);
            Lanes.store(s3, to + 3 * SUMS);
        }
    }

    /// Partial sums of the dot products of 4 rows of weights with 4 rows of activations.
    private static void dot16(long w, long x0, long x1, long x2, long x3, int n, long sums) {
        for (int p = 0; p < Kernels.LANES; p += N) {
            long at = 4L * p;
            dot16Part(w + at, x0 + at, x1 + at, x2 + at, x3 + at, n, sums + at);
        }
    }

    private static void dot16Part(long w, long x0, long x1, long x2, long x3, int n, long to) {
        FloatVector a0 = FloatVector.zero(Lanes.F);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector c2 = a0;
        FloatVector c3 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        FloatVector d2 = a0;
        FloatVector d3 = a0;
        long step = 4L * n;
        for (int k = 0; k < n; k += Kernels.LANES) {
            long at = 4L * k;
            FloatVector w0 = Lanes.load(w + at);
            FloatVector w1 = Lanes.load(w + step + at);
            FloatVector w2 = Lanes.load(w + 2 * step + at);
            FloatVector w3 = Lanes.load(w + 3 * step + at);
            FloatVector v = Lanes.load(x0 + at);
            a0 = w0.fma(v, a0);
            a1 = w1.fma(v, a1);
            a2 = w2.fma(v, a2);
            a3 = w3.fma(v, a3);
            v = Lanes.load(x1 + at);
            b0 = w0.fma(v, b0);
            b1 = w1.fma(v, b1);
            b2 = w2.fma(v, b2);
            b3 = w3.fma(v, b3);
            v = Lanes.load(x2 + at);
            c0 = w0.fma(v, c0);
            c1 = w1.fma(v, c1);
            c2 = w2.fma(v, c2);
            c3 = w3.fma(v, c3);
            v = Lanes.load(x3 + at);
            d0 = w0.fma(v, d0);
            d1 = w1.fma(v, d1);
            d2 = w2.fma(v, d2);
            d3 = w3.fma(v, d3);
        }
        store4(a0, a1, a2, a3, to);
        store4(b0, b1, b2, b3, to + 4 * SUMS);
        store4(c0, c1, c2, c3, to + 8 * SUMS);
        store4(d0, d1, d2, d3, to + 12 * SUMS);
    }

    private static void store4(
            FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3, long to) {
        Lanes.store(s0, to);
        Lanes.store(s1, to + SUMS);
        Lanes.store(s2, to + 2 * SUMS);
        Lanes.store(s3, to + 3 * SUMS);
    }

    /// The first two levels of the tree of [Kernels], for `count` dot products, in registers of
    /// four lanes; leaves four floats for each, one after the other. All dot products before the
    /// next levels, so that no addition waits for the memory.
    private static void quarterSums(long sums, int count) {
        for (int i = 0; i < count; i++) {
            long at = sums + (long) SUMS * i;
            FloatVector even = quad(at).add(quad(at + 32));
            FloatVector odd = quad(at + 16).add(quad(at + 48));
            even.add(odd).intoMemorySegment(Native.ALL, sums + 16L * i, ByteOrder.LITTLE_ENDIAN);
        }
    }

    /// The last two levels; stores `count` results at `to`.
    private static void storeSums(long quarters, int count, long to) {
        for (int i = 0; i < count; i++) {
            long at = quarters + 16L * i;
            float s0 = Native.getFloat(at) + Native.getFloat(at + 8);
            float s1 = Native.getFloat(at + 4) + Native.getFloat(at + 12);
            Native.putFloat(to + 4L * i, s0 + s1);
        }
    }

    private static FloatVector quad(long address) {
        return FloatVector.fromMemorySegment(QUAD, Native.ALL, address, ByteOrder.LITTLE_ENDIAN);
    }
}
