package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 256 ternary elements `(q - 1) * d`: 64 bytes with two bits for each element, laid out as in
/// [Q2_KFormat], and d as float16.
final class TQ2_0Format implements BlockFormat {
    private static final int BYTES = 66;

    @Override
    public DataType type() {
        return DataType.TQ2_0;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start + 64);
        for (int i = 0; i < 256; i++) {
            int packed = Stored.u8(source, start + 32L * (i / 128) + i % 32);
            int q = (packed >> (2 * (i % 128 / 32))) & 3;
            target[at + i] = (q - 1) * d;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start + 64);
            for (int part = 0; part < 8; part++) {
                long packed = Stored.i64(source, start + 8L * part);
                int to = at + 256 * i + 128 * (part >> 2) + 8 * (part & 3);
                for (int quarter = 0; quarter < 4; quarter++) {
                    long q = (packed >>> (2 * quarter)) & (3 * Eight.ONES);
                    Eight.scale(q, -1, d, target, to + 32 * quarter);
                }
            }
        }
    }
}
