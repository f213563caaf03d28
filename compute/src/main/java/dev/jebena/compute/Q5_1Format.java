package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 32 elements `q * d + m`: d and m as float16, then fifth bits and nibbles as in [Q5_0Format].
final class Q5_1Format implements BlockFormat {
    private static final int BYTES = 24;

    @Override
    public DataType type() {
        return DataType.Q5_1;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        float m = Stored.half(source, start + 2);
        int fifth = Stored.i32(source, start + 4);
        for (int j = 0; j < 16; j++) {
            int q = Stored.u8(source, start + 8 + j);
            int low = (q & 15) | (((fifth >>> j) & 1) << 4);
            int high = (q >> 4) | (((fifth >>> (j + 16)) & 1) << 4);
            target[at + j] = low * d + m;
            target[at + 16 + j] = high * d + m;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            int to = at + 32 * i;
            float d = Stored.half(source, start);
            float m = Stored.half(source, start + 2);
            int fifth = Stored.i32(source, start + 4);
            long q0 = Stored.i64(source, start + 8);
            long q1 = Stored.i64(source, start + 16);
            Eight.affine(Q5_0Format.join(Eight.lowNibbles(q0), fifth), d, m, target, to);
            Eight.affine(Q5_0Format.join(Eight.lowNibbles(q1), fifth >>> 8), d, m, target, to + 8);
            Eight.affine(
                    Q5_0Format.join(Eight.highNibbles(q0), fifth >>> 16), d, m, target, to + 16);
            Eight.affine(
                    Q5_0Format.join(Eight.highNibbles(q1), fifth >>> 24), d, m, target, to + 24);
        }
    }
}
