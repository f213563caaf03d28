package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 32 elements `q * d + m`: d and m as float16, then nibbles as in [Q4_0Format].
final class Q4_1Format implements BlockFormat {
    private static final int BYTES = 20;

    @Override
    public DataType type() {
        return DataType.Q4_1;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        float m = Stored.half(source, start + 2);
        for (int j = 0; j < 16; j++) {
            int q = Stored.u8(source, start + 4 + j);
            target[at + j] = (q & 15) * d + m;
            target[at + 16 + j] = (q >> 4) * d + m;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            int to = at + 32 * i;
            float d = Stored.half(source, start);
            float m = Stored.half(source, start + 2);
            long q0 = Stored.i64(source, start + 4);
            long q1 = Stored.i64(source, start + 12);
            Eight.affine(Eight.lowNibbles(q0), d, m, target, to);
            Eight.affine(Eight.lowNibbles(q1), d, m, target, to + 8);
            Eight.affine(Eight.highNibbles(q0), d, m, target, to + 16);
            Eight.affine(Eight.highNibbles(q1), d, m, target, to + 24);
        }
    }
}
