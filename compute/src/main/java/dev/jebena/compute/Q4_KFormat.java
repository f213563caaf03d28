package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 256 elements in 8 groups of 32, `q * (d * scale) - dmin * minimum` with the scale and minimum of
/// the group: d and dmin as float16, 12 bytes of [KScales], then 32 bytes for each two groups, low
/// nibbles for the first and high nibbles for the second.
final class Q4_KFormat implements BlockFormat {
    private static final int BYTES = 144;

    @Override
    public DataType type() {
        return DataType.Q4_K;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        float dmin = Stored.half(source, start + 2);
        long first = Stored.i64(source, start + 4);
        int last = Stored.i32(source, start + 12);
        for (int j = 0; j < 256; j++) {
            int group = j / 32;
            int pair = Stored.u8(source, start + 16 + 32L * (group / 2) + j % 32);
            int q = group % 2 == 0 ? pair & 15 : pair >> 4;
            float scale = d * KScales.scale(first, last, group);
            float minimum = dmin * KScales.minimum(first, last, group);
            target[at + j] = q * scale - minimum;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start);
            float dmin = -Stored.half(source, start + 2);
            int last = Stored.i32(source, start + 12);
            long scales = KScales.scales(Stored.i32(source, start + 4), last);
            long minimums = KScales.minimums(Stored.i32(source, start + 8), last);
            for (int group = 0; group < 8; group++) {
                decodeGroup(
                        source,
                        start + 16 + 32L * (group >> 1),
                        4 * (group & 1),
                        d * ((scales >>> (8 * group)) & 0xFF),
                        dmin * ((minimums >>> (8 * group)) & 0xFF),
                        target,
                        at + 256 * i + 32 * group);
            }
        }
    }

    /// One group, whose q begin at bit `shift` of the 32 bytes from `from` on.
    private static void decodeGroup(
            MemorySegment source,
            long from,
            int shift,
            float scale,
            float offset,
            float[] target,
            int at) {
        long q0 = Stored.i64(source, from) >>> shift;
        long q1 = Stored.i64(source, from + 8) >>> shift;
        long q2 = Stored.i64(source, from + 16) >>> shift;
        long q3 = Stored.i64(source, from + 24) >>> shift;
        Eight.affine(Eight.lowNibbles(q0), scale, offset, target, at);
        Eight.affine(Eight.lowNibbles(q1), scale, offset, target, at + 8);
        Eight.affine(Eight.lowNibbles(q2), scale, offset, target, at + 16);
        Eight.affine(Eight.lowNibbles(q3), scale, offset, target, at + 24);
    }

    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        AffineBlock block = new AffineBlock(32, 15, 63, ErrorWeights.MAGNITUDE_AND_MEAN);
        for (int i = 0; i < count; i++) {
            block.fit(source, from + 256 * i, importance, 256 * i);
            put(block, target, (first + i) * BYTES);
        }
    }

    private static void put(AffineBlock block, MemorySegment target, long start) {
        Stored.putHalf(target, start, block.d());
        Stored.putHalf(target, start + 2, block.dmin());
        KScales.put(block.scales(), block.minimums(), target, start + 4);
        for (int i = 0; i < 128; i++) {
            int element = i / 32 * 64 + i % 32;
            int pair = block.q(element) | (block.q(element + 32) << 4);
            Stored.put8(target, start + 16 + i, pair);
        }
    }
}
