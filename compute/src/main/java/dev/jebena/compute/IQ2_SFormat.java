package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 256 elements in 16 groups of 16, `±point * (d * (0.5 + scale) / 4)`: d as float16, the lower
/// eight bits of the 32 points of [Grids#IQ2_S], eight signs for each point, two upper bits for
/// each point, then a 4-bit scale for each group.
final class IQ2_SFormat implements BlockFormat {
    private static final int BYTES = 82;

    @Override
    public DataType type() {
        return DataType.IQ2_S;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        for (int i = 0; i < 256; i++) {
            int nibble = (Stored.u8(source, start + 74 + i / 32) >> (i % 32 / 16 * 4)) & 15;
            float scale = d * (0.5f + nibble) * 0.25f;
            int low = Stored.u8(source, start + 2 + i / 8);
            int upper = (Stored.u8(source, start + 66 + i / 32) >> (i % 32 / 8 * 2)) & 3;
            int coordinate = (int) (Grids.IQ2_S[low | (upper << 8)] >>> (8 * (i % 8))) & 0xFF;
            int signs = Stored.u8(source, start + 34 + i / 8);
            target[at + i] = coordinate * scale * (((signs >> (i % 8)) & 1) == 1 ? -1 : 1);
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        long[] grid = Grids.IQ2_S;
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start);
            long uppers = Stored.i64(source, start + 66);
            long nibbles = Stored.i64(source, start + 74);
            for (int group = 0; group < 16; group++) {
                float scale = d * (0.5f + (int) ((nibbles >>> (4 * group)) & 15)) * 0.25f;
                int lows = Stored.u16(source, start + 2 + 2L * group);
                int signs = Stored.u16(source, start + 34 + 2L * group);
                int upper = (int) (uppers >>> (4 * group));
                int to = at + 256 * i + 16 * group;
                long point0 = grid[(lows & 0xFF) | ((upper & 3) << 8)];
                long point1 = grid[(lows >> 8) | ((upper & 12) << 6)];
                Eight.scaleSigned(Eight.negate(point0, signs), scale, target, to);
                Eight.scaleSigned(Eight.negate(point1, signs >> 8), scale, target, to + 8);
            }
        }
    }
}
