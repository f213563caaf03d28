package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 256 elements in 16 groups of 16, `(point ± 1/8) * (d * (1 + 2 * scale))`: the lower eight bits
/// of the 32 points of [Grids#IQ1_S], a nibble for each point with its three upper bits and 1 at
/// the top for `- 1/8`, then four 16-bit numbers, each with four 3-bit scales and, at the top, a
/// quarter of the bits of d (float16).
final class IQ1_MFormat implements BlockFormat {
    private static final int BYTES = 56;

    @Override
    public DataType type() {
        return DataType.IQ1_M;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = d(Stored.i64(source, start + 48));
        for (int i = 0; i < 256; i++) {
            int scales = Stored.u16(source, start + 48 + 2L * (i / 64));
            float scale = d * (1 + 2 * ((scales >> (i % 64 / 16 * 3)) & 7));
            int nibble = (Stored.u8(source, start + 32 + i / 16) >> (i % 16 / 8 * 4)) & 15;
            float shift = nibble >> 3 == 1 ? -0.125f : 0.125f;
            int low = Stored.u8(source, start + i / 8);
            long point = Grids.IQ1_S[low | ((nibble & 7) << 8)];
            int coordinate = ((int) (point >>> (8 * (i % 8))) & 0xFF) - 1;
            target[at + i] = (coordinate + shift) * scale;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        long[] grid = Grids.IQ1_S;
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            long scales = Stored.i64(source, start + 48);
            float d = d(scales);
            for (int group = 0; group < 16; group++) {
                int own = (int) (scales >>> (16 * (group >> 2) + 3 * (group & 3))) & 7;
                float scale = d * (1 + 2 * own);
                int lows = Stored.u16(source, start + 2L * group);
                int nibbles = Stored.u8(source, start + 32 + group);
                int to = at + 256 * i + 16 * group;
                long point0 = grid[(lows & 0xFF) | ((nibbles & 7) << 8)];
                long point1 = grid[(lows >> 8) | ((nibbles & 0x70) << 4)];
                IQ1_SFormat.scale8(point0, (nibbles >> 3) & 1, scale, target, to);
                IQ1_SFormat.scale8(point1, nibbles >> 7, scale, target, to + 8);
            }
        }
    }

    /// Puts together the top four bits of the four 16-bit numbers.
    private static float d(long scales) {
        long bits =
                ((scales >>> 12) & 0xF)
                        | ((scales >>> 24) & 0xF0)
                        | ((scales >>> 36) & 0xF00)
                        | ((scales >>> 48) & 0xF000);
        return Float.float16ToFloat((short) bits);
    }
}
