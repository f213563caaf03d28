package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

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
                float scale = d * ((scales >>> (8 * group)) & 0xFF);
                float offset = dmin * ((minimums >>> (8 * group)) & 0xFF);
                int to = at + 256 * i + 32 * group;
                for (int j = 0; j < 32; j += 8) {
                    long pairs = Stored.i64(source, start + 48 + 32L * (group >> 1) + j);
                    long low = Eight.lowNibbles(pairs >>> (4 * (group & 1)));
                    long fifth = (Stored.i64(source, start + 16 + j) >>> group) & Eight.ONES;
                    Eight.affine(low | (fifth << 4), scale, offset, target, to + j);
                }
            }
        }
    }
}
