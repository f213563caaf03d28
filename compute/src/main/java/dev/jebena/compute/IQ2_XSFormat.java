package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 256 elements in 16 groups of 16, `±point * (d * (0.5 + scale) / 4)`: d as float16, one 16-bit
/// number for each point (9 bits choose a point of [Grids#IQ2_XS], 7 bits are signs as in
/// [IQ2_XXSFormat]), then a 4-bit scale for each group.
final class IQ2_XSFormat implements BlockFormat {
    private static final int BYTES = 74;

    @Override
    public DataType type() {
        return DataType.IQ2_XS;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        for (int i = 0; i < 256; i++) {
            int nibble = (Stored.u8(source, start + 66 + i / 32) >> (i % 32 / 16 * 4)) & 15;
            float scale = d * (0.5f + nibble) * 0.25f;
            int number = Stored.u16(source, start + 2 + 2L * (i / 8));
            int coordinate = (int) (Grids.IQ2_XS[number & 511] >>> (8 * (i % 8))) & 0xFF;
            int signs = IQ2_XXSFormat.signs(number >> 9);
            target[at + i] = coordinate * scale * (((signs >> (i % 8)) & 1) == 1 ? -1 : 1);
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        long[] grid = Grids.IQ2_XS;
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start);
            long nibbles = Stored.i64(source, start + 66);
            for (int group = 0; group < 16; group++) {
                float scale = d * (0.5f + (int) ((nibbles >>> (4 * group)) & 15)) * 0.25f;
                int numbers = Stored.i32(source, start + 2 + 4L * group);
                int to = at + 256 * i + 16 * group;
                for (int j = 0; j < 2; j++) {
                    int number = (numbers >>> (16 * j)) & 0xFFFF;
                    long signed =
                            Eight.negate(grid[number & 511], IQ2_XXSFormat.signs(number >> 9));
                    Eight.scaleSigned(signed, scale, target, to + 8 * j);
                }
            }
        }
    }
}
