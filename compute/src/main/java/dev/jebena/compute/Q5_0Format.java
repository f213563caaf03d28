package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 32 elements `(q - 16) * d`: d as float16, the fifth bits of all elements as one 32-bit number,
/// then the lower four bits as in [Q4_0Format].
final class Q5_0Format implements BlockFormat {
    private static final int BYTES = 22;

    @Override
    public DataType type() {
        return DataType.Q5_0;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        int fifth = Stored.i32(source, start + 2);
        for (int j = 0; j < 16; j++) {
            int q = Stored.u8(source, start + 6 + j);
            int low = (q & 15) | (((fifth >>> j) & 1) << 4);
            int high = (q >> 4) | (((fifth >>> (j + 16)) & 1) << 4);
            target[at + j] = (low - 16) * d;
            target[at + 16 + j] = (high - 16) * d;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            int to = at + 32 * i;
            float d = Stored.half(source, start);
            int fifth = Stored.i32(source, start + 2);
            long q0 = Stored.i64(source, start + 6);
            long q1 = Stored.i64(source, start + 14);
            Eight.scale(join(Eight.lowNibbles(q0), fifth), -16, d, target, to);
            Eight.scale(join(Eight.lowNibbles(q1), fifth >>> 8), -16, d, target, to + 8);
            Eight.scale(join(Eight.highNibbles(q0), fifth >>> 16), -16, d, target, to + 16);
            Eight.scale(join(Eight.highNibbles(q1), fifth >>> 24), -16, d, target, to + 24);
        }
    }

    /// Adds bit j of `fifth` to byte j as its fifth bit.
    static long join(long nibbles, int fifth) {
        return nibbles | (Eight.topBits(fifth) >>> 3);
    }

    /// The element of largest magnitude becomes -16, the others the nearest of -16 to 15; with
    /// importance, the scale is searched for.
    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        ScaleSearch search = new ScaleSearch(Levels.signed(32), 9);
        SmallBlocks blocks =
                importance == null ? null : new SmallBlocks(source, from, importance, count);
        for (int i = 0; i < count; i++) {
            int at = from + 32 * i;
            long start = (first + i) * BYTES;
            float d =
                    blocks == null
                            ? ScaleSearch.largest(source, at, 32) / -16
                            : blocks.scale(search, source, at, i);
            float inverse = d == 0 ? 0 : 1 / d;
            Stored.putHalf(target, start, d);
            int fifth = 0;
            for (int j = 0; j < 16; j++) {
                int low = quantize(source[at + j] * inverse);
                int high = quantize(source[at + 16 + j] * inverse);
                Stored.put8(target, start + 6 + j, (low & 15) | ((high & 15) << 4));
                fifth |= (low >> 4) << j | (high >> 4) << (j + 16);
            }
            target.set(Stored.INT, start + 2, fifth);
        }
    }

    private static int quantize(float x) {
        return Math.clamp((int) (x + 16.5f), 0, 31);
    }
}
