package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 256 elements in 16 groups of 16, `(q - 32) * (d * scale)` with the scale of the group: 128 bytes
/// with the low four bits of the q, 64 bytes with the upper two, 16 scales as signed bytes, d as
/// float16.
///
/// Each half of 128 elements has 64 bytes of low bits and 32 bytes of upper bits. In quarter k (32
/// elements) of a half, element j takes the low bits from byte `32 * (k % 2) + j` (low nibble for k
/// = 0 and 1) and the upper ones from bits 2k and 2k + 1 of byte j.
final class Q6_KFormat implements BlockFormat {
    private static final int BYTES = 210;

    @Override
    public DataType type() {
        return DataType.Q6_K;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start + 208);
        for (int i = 0; i < 256; i++) {
            int half = i / 128;
            int quarter = i % 128 / 32;
            int j = i % 32;
            int pair = Stored.u8(source, start + 64L * half + 32L * (quarter % 2) + j);
            int low = quarter < 2 ? pair & 15 : pair >> 4;
            int upper = (Stored.u8(source, start + 128 + 32L * half + j) >> (2 * quarter)) & 3;
            float scale = d * Stored.i8(source, start + 192 + i / 16);
            target[at + i] = ((low | (upper << 4)) - 32) * scale;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start + 208);
            for (int quarter = 0; quarter < 8; quarter++) {
                decodeQuarter(source, start, quarter, d, target, at + 256 * i + 32 * quarter);
            }
        }
    }

    /// Quarter 0 to 3 of the first half, or 4 to 7 for those of the second.
    private static void decodeQuarter(
            MemorySegment source, long start, int quarter, float d, float[] target, int at) {
        int half = quarter >> 2;
        int k = quarter & 3;
        long low = start + 64L * half + 32L * (k & 1);
        long upper = start + 128 + 32L * half;
        float scale0 = d * Stored.i8(source, start + 192 + 2L * quarter);
        float scale1 = d * Stored.i8(source, start + 193 + 2L * quarter);
        long q0 = join(source, low, upper, k);
        long q1 = join(source, low + 8, upper + 8, k);
        long q2 = join(source, low + 16, upper + 16, k);
        long q3 = join(source, low + 24, upper + 24, k);
        Eight.scale(q0, -32, scale0, target, at);
        Eight.scale(q1, -32, scale0, target, at + 8);
        Eight.scale(q2, -32, scale1, target, at + 16);
        Eight.scale(q3, -32, scale1, target, at + 24);
    }

    private static long join(MemorySegment source, long low, long upper, int k) {
        long nibbles = Eight.lowNibbles(Stored.i64(source, low) >>> (4 * (k >> 1)));
        long pairs = (Stored.i64(source, upper) >>> (2 * k)) & (3 * Eight.ONES);
        return nibbles | (pairs << 4);
    }

    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        SymmetricBlock block = new SymmetricBlock(16, Levels.signed(64), 9, Levels.signed(256));
        for (int i = 0; i < count; i++) {
            block.fit(source, from + 256 * i, importance, 256 * i);
            put(block, target, (first + i) * BYTES);
        }
    }

    private static void put(SymmetricBlock block, MemorySegment target, long start) {
        for (int i = 0; i < 128; i++) {
            int element = i / 64 * 128 + i % 64;
            int pair = (block.code(element) & 15) | ((block.code(element + 64) & 15) << 4);
            Stored.put8(target, start + i, pair);
        }
        for (int i = 0; i < 64; i++) {
            int element = i / 32 * 128 + i % 32;
            int upper = 0;
            for (int quarter = 0; quarter < 4; quarter++) {
                upper |= (block.code(element + 32 * quarter) >> 4) << (2 * quarter);
            }
            Stored.put8(target, start + 128 + i, upper);
        }
        for (int group = 0; group < 16; group++) {
            Stored.put8(target, start + 192 + group, block.scale(group) - 128);
        }
        Stored.putHalf(target, start + 208, block.d());
    }
}
