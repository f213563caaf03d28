package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 256 elements in 8 groups of 32, `±point * (d * (0.5 + scale) / 2)`: d as float16, 64 bytes that
/// choose points of [Grids#IQ3_XXS], then a 32-bit number for each group: signs of each eight
/// elements in seven bits as in [IQ2_XXSFormat], and a 4-bit scale at the top.
final class IQ3_XXSFormat implements BlockFormat {
    private static final int BYTES = 98;

    @Override
    public DataType type() {
        return DataType.IQ3_XXS;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        for (int i = 0; i < 256; i++) {
            int flags = Stored.i32(source, start + 66 + 4L * (i / 32));
            float scale = d * (0.5f + (flags >>> 28)) * 0.5f;
            long point = Grids.IQ3_XXS[Stored.u8(source, start + 2 + i / 4)];
            int coordinate = (int) (point >>> (8 * (i % 4))) & 0xFF;
            int signs = IQ2_XXSFormat.signs((flags >>> (i % 32 / 8 * 7)) & 127);
            target[at + i] = coordinate * scale * (((signs >> (i % 8)) & 1) == 1 ? -1 : 1);
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        long[] grid = Grids.IQ3_XXS;
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start);
            for (int group = 0; group < 8; group++) {
                int flags = Stored.i32(source, start + 66 + 4L * group);
                float scale = d * (0.5f + (flags >>> 28)) * 0.5f;
                long numbers = Stored.i64(source, start + 2 + 8L * group);
                int to = at + 256 * i + 32 * group;
                for (int j = 0; j < 4; j++) {
                    int pair = (int) (numbers >>> (16 * j));
                    long points = grid[pair & 0xFF] | (grid[(pair >> 8) & 0xFF] << 32);
                    int signs = IQ2_XXSFormat.signs((flags >>> (7 * j)) & 127);
                    Eight.scaleSigned(Eight.negate(points, signs), scale, target, to + 8 * j);
                }
            }
        }
    }
}
