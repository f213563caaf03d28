package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// [TileProduct] with the Vector API: four rows of two registers. Small enough for the first
/// compiler's registers, so that it is not interpreted for long.
enum VectorTileProduct implements TileProduct {
    INSTANCE;

    private static final int N = Lanes.COUNT;

    @Override
    public int rows() {
        return 4;
    }

    @Override
    public int columns() {
        return 2 * N;
    }

    @Override
    public void multiply(
            boolean adds,
            int rows,
            int k,
            MemorySegment a,
            long aAt,
            long aRow,
            long aStep,
            MemorySegment b,
            long bAt,
            MemorySegment c,
            long cAt,
            long cRow) {
        for (int i = 0; i < rows && !adds; i++) {
            c.asSlice(cAt + i * cRow, 4L * columns()).fill((byte) 0);
        }
        if (k == 0) {
            return;
        }
        long left = Native.range(a, aAt, (rows - 1) * aRow + (k - 1) * aStep + 4);
        long right = Native.range(b, bAt, 4L * k * columns());
        long tile = Native.range(c, cAt, (rows - 1) * cRow + 4L * columns());
        if (rows == 4) {
            four(k, left, aRow, aStep, right, tile, cRow);
        } else {
            for (int i = 0; i < rows; i++) {
                one(k, left + i * aRow, aStep, right, tile + i * cRow);
            }
        }
        Native.keep(a, b);
        Native.keep(c, c);
    }

    private static void one(int k, long a, long step, long b, long c) {
        FloatVector s0 = Lanes.load(c);
        FloatVector s1 = Lanes.load(c + 4L * N);
        for (int n = 0; n < k; n++) {
            FloatVector number = FloatVector.broadcast(Lanes.F, Native.getFloat(a + n * step));
            s0 = number.fma(Lanes.load(b + 8L * N * n), s0);
            s1 = number.fma(Lanes.load(b + 8L * N * n + 4L * N), s1);
        }
        Lanes.store(s0, c);
        Lanes.store(s1, c + 4L * N);
    }

    private static void four(int k, long a, long row, long step, long b, long c, long stride) {
        FloatVector s00 = Lanes.load(c);
        FloatVector s01 = Lanes.load(c + 4L * N);
        FloatVector s10 = Lanes.load(c + stride);
        FloatVector s11 = Lanes.load(c + stride + 4L * N);
        FloatVector s20 = Lanes.load(c + 2 * stride);
        FloatVector s21 = Lanes.load(c + 2 * stride + 4L * N);
        FloatVector s30 = Lanes.load(c + 3 * stride);
        FloatVector s31 = Lanes.load(c + 3 * stride + 4L * N);
        for (int n = 0; n < k; n++) {
            FloatVector b0 = Lanes.load(b + 8L * N * n);
            FloatVector b1 = Lanes.load(b + 8L * N * n + 4L * N);
            long at = a + n * step;
            FloatVector x = FloatVector.broadcast(Lanes.F, Native.getFloat(at));
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            x = FloatVector.broadcast(Lanes.F, Native.getFloat(at + row));
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            x = FloatVector.broadcast(Lanes.F, Native.getFloat(at + 2 * row));
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            x = FloatVector.broadcast(Lanes.F, Native.getFloat(at + 3 * row));
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
        }
        Lanes.store(s00, c);
        Lanes.store(s01, c + 4L * N);
        Lanes.store(s10, c + stride);
        Lanes.store(s11, c + stride + 4L * N);
        Lanes.store(s20, c + 2 * stride);
        Lanes.store(s21, c + 2 * stride + 4L * N);
        Lanes.store(s30, c + 3 * stride);
        Lanes.store(s31, c + 3 * stride + 4L * N);
    }
}
