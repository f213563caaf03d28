package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 256 elements in 8 groups of 32, `±point * (d * (1 + 2 * scale))`: d as float16, the lower eight
/// bits of the 64 points of [Grids#IQ3_S], one byte for each group with their ninth bits, one sign
/// bit for each element, then a 4-bit scale for each group.
final class IQ3_SFormat implements BlockFormat {
    private static final int BYTES = 110;

    @Override
    public DataType type() {
        return DataType.IQ3_S;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        for (int i = 0; i < 256; i++) {
            int group = i / 32;
            int nibble = (Stored.u8(source, start + 106 + group / 2) >> (group % 2 * 4)) & 15;
            float scale = d * (1 + 2 * nibble);
            int low = Stored.u8(source, start + 2 + i / 4);
            int ninth = (Stored.u8(source, start + 66 + group) >> (i % 32 / 4)) & 1;
            int coordinate = (int) (Grids.IQ3_S[low | (ninth << 8)] >>> (8 * (i % 4))) & 0xFF;
            int sign = (Stored.u8(source, start + 74 + i / 8) >> (i % 8)) & 1;
            target[at + i] = coordinate * scale * (sign == 1 ? -1 : 1);
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        long[] grid = Grids.IQ3_S;
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start);
            int nibbles = Stored.i32(source, start + 106);
            for (int group = 0; group < 8; group++) {
                float scale = d * (1 + 2 * ((nibbles >>> (4 * group)) & 15));
                long lows = Stored.i64(source, start + 2 + 8L * group);
                int ninths = Stored.u8(source, start + 66 + group);
                int signs = Stored.i32(source, start + 74 + 4L * group);
                int to = at + 256 * i + 32 * group;
                for (int j = 0; j < 4; j++) {
                    int pair = (int) (lows >>> (16 * j));
                    int ninth = (ninths >> (2 * j)) << 8;
                    long point0 = grid[(pair & 0xFF) | (ninth & 256)];
                    long point1 = grid[((pair >> 8) & 0xFF) | ((ninth >> 1) & 256)];
                    long points = Eight.negate(point0 | (point1 << 32), signs >>> (8 * j));
                    Eight.scaleSigned(points, scale, target, to + 8 * j);
                }
            }
        }
    }
}
