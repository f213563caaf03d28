package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 256 elements in 8 groups of 32, `±point * (d * (0.5 + scale) / 4)`: d as float16, then two
/// 32-bit numbers for each group. The bytes of the first choose four points of [Grids#IQ2_XXS]; the
/// second holds the signs of each point in seven bits, and a 4-bit scale at the top.
///
/// Signs are one bit for each coordinate, 1 for minus; the eighth makes their number even.
final class IQ2_XXSFormat implements BlockFormat {
    private static final int BYTES = 66;

    @Override
    public DataType type() {
        return DataType.IQ2_XXS;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        for (int i = 0; i < 256; i++) {
            long group = start + 2 + 8L * (i / 32);
            int fourth = i % 32 / 8;
            int flags = Stored.i32(source, group + 4);
            float scale = d * (0.5f + (flags >>> 28)) * 0.25f;
            long point = Grids.IQ2_XXS[Stored.u8(source, group + fourth)];
            int coordinate = (int) (point >>> (8 * (i % 8))) & 0xFF;
            int signs = signs((flags >>> (7 * fourth)) & 127);
            target[at + i] = coordinate * scale * (((signs >> (i % 8)) & 1) == 1 ? -1 : 1);
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        long[] grid = Grids.IQ2_XXS;
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start);
            for (int group = 0; group < 8; group++) {
                long numbers = Stored.i64(source, start + 2 + 8L * group);
                int flags = (int) (numbers >>> 32);
                float scale = d * (0.5f + (flags >>> 28)) * 0.25f;
                for (int j = 0; j < 4; j++) {
                    long point = grid[(int) (numbers >>> (8 * j)) & 0xFF];
                    long signed = Eight.negate(point, signs((flags >>> (7 * j)) & 127));
                    Eight.scaleSigned(signed, scale, target, at + 256 * i + 32 * group + 8 * j);
                }
            }
        }
    }

    /// Eight signs from seven: the last one makes their number even.
    static int signs(int seven) {
        return seven | ((Integer.bitCount(seven) & 1) << 7);
    }
}
