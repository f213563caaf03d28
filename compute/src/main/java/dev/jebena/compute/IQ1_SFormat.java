package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 256 elements in 8 groups of 32, `(point ± 1/8) * (d * (1 + 2 * scale))`: d as float16, the lower
/// eight bits of the 32 points of [Grids#IQ1_S], then a 16-bit number for each group: three upper
/// bits for each of its four points, a 3-bit scale, and 1 at the top for `- 1/8`.
final class IQ1_SFormat implements BlockFormat {
    private static final int BYTES = 50;

    @Override
    public DataType type() {
        return DataType.IQ1_S;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        for (int i = 0; i < 256; i++) {
            int flags = Stored.u16(source, start + 34 + 2L * (i / 32));
            float scale = d * (1 + 2 * ((flags >> 12) & 7));
            float shift = flags >> 15 == 1 ? -0.125f : 0.125f;
            int upper = (flags >> (i % 32 / 8 * 3)) & 7;
            long point = Grids.IQ1_S[Stored.u8(source, start + 2 + i / 8) | (upper << 8)];
            int coordinate = ((int) (point >>> (8 * (i % 8))) & 0xFF) - 1;
            target[at + i] = (coordinate + shift) * scale;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        long[] grid = Grids.IQ1_S;
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start);
            for (int group = 0; group < 8; group++) {
                int flags = Stored.u16(source, start + 34 + 2L * group);
                float scale = d * (1 + 2 * ((flags >> 12) & 7));
                int lows = Stored.i32(source, start + 2 + 4L * group);
                int to = at + 256 * i + 32 * group;
                for (int j = 0; j < 4; j++) {
                    int upper = (flags >> (3 * j)) & 7;
                    long point = grid[((lows >>> (8 * j)) & 0xFF) | (upper << 8)];
                    scale8(point, flags >> 15, scale, target, to + 8 * j);
                }
            }
        }
    }

    /// Eight elements, counted in eighths to stay in whole numbers; dividing the scale by eight is
    /// exact.
    static void scale8(long point, int minus, float scale, float[] target, int at) {
        Eight.scale(point << 3, minus == 1 ? -9 : -7, scale * 0.125f, target, at);
    }
}
