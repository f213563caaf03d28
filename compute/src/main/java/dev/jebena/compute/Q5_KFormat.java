package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 256 elements in 8 groups of 32, `q * (d * scale) - dmin * minimum`: d and dmin as float16, 12
/// bytes of [KScales], 32 bytes with the fifth bits (bit g of byte j for element j of group g),
/// then the lower four bits as in [Q4_KFormat].
final class Q5_KFormat implements BlockFormat {
    private static final int BYTES = 176;

    @Override
    public DataType type() {
        return DataType.Q5_K;
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
            int pair = Stored.u8(source, start + 48 + 32L * (group / 2) + j % 32);
            int low = group % 2 == 0 ? pair & 15 : pair >> 4;
            int fifth = (Stored.u8(source, start + 16 + j % 32) >> group) & 1;
            float scale = d * KScales.scale(first, last, group);
            float minimum = dmin * KScales.minimum(first, last, group);
            target[at + j] = (low | (fifth << 4)) * scale - minimum;
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
                        start,
                        group,
                        d * ((scales >>> (8 * group)) & 0xFF),
                        dmin * ((minimums >>> (8 * group)) & 0xFF),
                        target,
                        at + 256 * i + 32 * group);
            }
        }
    }

    private static void decodeGroup(
            MemorySegment source,
            long start,
            int group,
            float scale,
            float offset,
            float[] target,
            int at) {
        long low = start + 48 + 32L * (group >> 1);
        long q0 = join(source, low, start + 16, group);
        long q1 = join(source, low + 8, start + 24, group);
        long q2 = join(source, low + 16, start + 32, group);
        long q3 = join(source, low + 24, start + 40, group);
        Eight.affine(q0, scale, offset, target, at);
        Eight.affine(q1, scale, offset, target, at + 8);
        Eight.affine(q2, scale, offset, target, at + 16);
        Eight.affine(q3, scale, offset, target, at + 24);
    }

    private static long join(MemorySegment source, long low, long fifth, int group) {
        long nibbles = Eight.lowNibbles(Stored.i64(source, low) >>> (4 * (group & 1)));
        return nibbles | (((Stored.i64(source, fifth) >>> group) & Eight.ONES) << 4);
    }

    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        AffineBlock block = new AffineBlock(32, 31, 63, ErrorWeights.MAGNITUDE_AND_MEAN);
        for (int i = 0; i < count; i++) {
            block.fit(source, from + 256 * i, importance, 256 * i);
            put(block, target, (first + i) * BYTES);
        }
    }

    private static void put(AffineBlock block, MemorySegment target, long start) {
        Stored.putHalf(target, start, block.d());
        Stored.putHalf(target, start + 2, block.dmin());
        KScales.put(block.scales(), block.minimums(), target, start + 4);
        for (int i = 0; i < 32; i++) {
            int fifth = 0;
            for (int group = 0; group < 8; group++) {
                fifth |= (block.q(i + 32 * group) >> 4) << group;
            }
            Stored.put8(target, start + 16 + i, fifth);
        }
        for (int i = 0; i < 128; i++) {
            int element = i / 32 * 64 + i % 32;
            int pair = (block.q(element) & 15) | ((block.q(element + 32) & 15) << 4);
            Stored.put8(target, start + 48 + i, pair);
        }
    }
}
