package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 256 elements in 16 groups of 16, `q * (d * scale) - dmin * minimum`: one byte for each group
/// with the scale in its low and the minimum in its high nibble, 64 bytes of q, d and dmin as
/// float16.
///
/// Each half of 128 elements has 32 bytes of q. Element j of quarter k (32 elements) of a half is
/// in bits 2k and 2k + 1 of byte j.
final class Q2_KFormat implements BlockFormat {
    private static final int BYTES = 84;

    @Override
    public DataType type() {
        return DataType.Q2_K;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start + 80);
        float dmin = Stored.half(source, start + 82);
        for (int i = 0; i < 256; i++) {
            int quarter = i % 128 / 32;
            int packed = Stored.u8(source, start + 16 + 32L * (i / 128) + i % 32);
            int q = (packed >> (2 * quarter)) & 3;
            int group = Stored.u8(source, start + i / 16);
            float scale = d * (group & 15);
            float minimum = dmin * (group >> 4);
            target[at + i] = q * scale - minimum;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start + 80);
            float dmin = -Stored.half(source, start + 82);
            for (int part = 0; part < 8; part++) {
                int half = part >> 2;
                int column = 8 * (part & 3);
                long packed = Stored.i64(source, start + 16 + 32L * half + column);
                long groups = Stored.i64(source, start + 8L * half) >>> (column / 16 * 8);
                int to = at + 256 * i + 128 * half + column;
                for (int quarter = 0; quarter < 4; quarter++) {
                    int group = (int) (groups >>> (16 * quarter));
                    long q = (packed >>> (2 * quarter)) & (3 * Eight.ONES);
                    float scale = d * (group & 15);
                    float offset = dmin * ((group >> 4) & 15);
                    Eight.affine(q, scale, offset, target, to + 32 * quarter);
                }
            }
        }
    }

    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        AffineBlock block = new AffineBlock(16, 3, 15, ErrorWeights.MAGNITUDE_AND_TWICE_MEAN);
        for (int i = 0; i < count; i++) {
            block.fit(source, from + 256 * i, importance, 256 * i);
            put(block, target, (first + i) * BYTES);
        }
    }

    private static void put(AffineBlock block, MemorySegment target, long start) {
        for (int group = 0; group < 16; group++) {
            int pair = block.scales()[group] | (block.minimums()[group] << 4);
            Stored.put8(target, start + group, pair);
        }
        for (int i = 0; i < 64; i++) {
            int element = i / 32 * 128 + i % 32;
            int packed = 0;
            for (int quarter = 0; quarter < 4; quarter++) {
                packed |= block.q(element + 32 * quarter) << (2 * quarter);
            }
            Stored.put8(target, start + 16 + i, packed);
        }
        Stored.putHalf(target, start + 80, block.d());
        Stored.putHalf(target, start + 82, block.dmin());
    }
}
