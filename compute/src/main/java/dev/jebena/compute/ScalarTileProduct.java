package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// [TileProduct] in plain Java.
enum ScalarTileProduct implements TileProduct {
    INSTANCE;

    @Override
    public int rows() {
        return 4;
    }

    @Override
    public int columns() {
        return 16;
    }

    @Override
    public void add(
            int rows,
            int k,
            MemorySegment a,
            long aAt,
            MemorySegment b,
            long bAt,
            MemorySegment c,
            long cAt,
            long cStride) {
        float[] sums = new float[columns()];
        for (int i = 0; i < rows; i++) {
            long row = cAt + i * cStride;
            MemorySegment.copy(c, JAVA_FLOAT_UNALIGNED, row, sums, 0, sums.length);
            for (int n = 0; n < k; n++) {
                float left = a.get(JAVA_FLOAT_UNALIGNED, aAt + 4L * (n * rows + i));
                long right = bAt + 4L * n * sums.length;
                for (int j = 0; j < sums.length; j++) {
                    sums[j] = Math.fma(left, b.get(JAVA_FLOAT_UNALIGNED, right + 4L * j), sums[j]);
                }
            }
            MemorySegment.copy(sums, 0, c, JAVA_FLOAT_UNALIGNED, row, sums.length);
        }
    }
}
