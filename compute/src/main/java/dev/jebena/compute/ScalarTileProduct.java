package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// [TileProduct] in plain Java.
enum ScalarTileProduct implements TileProduct {
    FLOATS,
    PAIRS,
    QUADS;

    @Override
    public int rows() {
        return 4;
    }

    @Override
    public int columns() {
        return 16;
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
        int[] sums = new int[columns()];
        for (int i = 0; i < rows; i++) {
            long row = cAt + i * cRow;
            if (adds) {
                MemorySegment.copy(c, JAVA_INT_UNALIGNED, row, sums, 0, sums.length);
            } else {
                Arrays.fill(sums, 0);
            }
            for (int n = 0; n < k; n++) {
                int left = a.get(JAVA_INT_UNALIGNED, aAt + i * aRow + n * aStep);
                long right = bAt + 4L * n * sums.length;
                for (int j = 0; j < sums.length; j++) {
                    sums[j] = add(left, b.get(JAVA_INT_UNALIGNED, right + 4L * j), sums[j]);
                }
            }
            MemorySegment.copy(sums, 0, c, JAVA_INT_UNALIGNED, row, sums.length);
        }
    }

    private int add(int left, int right, int bits) {
        float sum = Float.intBitsToFloat(bits);
        return switch (this) {
            case FLOATS ->
                    Float.floatToRawIntBits(
                            Math.fma(Float.intBitsToFloat(left), Float.intBitsToFloat(right), sum));
            case PAIRS -> {
                float second = flushed(Math.fma(high(left), high(right), flushed(sum)));
                yield Float.floatToRawIntBits(flushed(Math.fma(low(left), low(right), second)));
            }
            case QUADS -> {
                int total = bits;
                for (int shift = 0; shift < 32; shift += 8) {
                    total += (left >> shift & 0xFF) * (byte) (right >> shift);
                }
                yield total;
            }
        };
    }

    private static float high(int pair) {
        return flushed(Float.intBitsToFloat(pair & 0xFFFF0000));
    }

    private static float low(int pair) {
        return flushed(Float.intBitsToFloat(pair << 16));
    }

    private static float flushed(float value) {
        return Math.abs(value) < Float.MIN_NORMAL ? Math.copySign(0, value) : value;
    }
}
