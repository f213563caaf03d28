package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 64 elements `(q - 1) * d`: d as float16, then two bits for each element, the first in the lowest
/// bits of the first byte.
final class Q2_0Format implements BlockFormat {
    private static final int BYTES = 18;

    @Override
    public DataType type() {
        return DataType.Q2_0;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        for (int j = 0; j < 64; j++) {
            int q = (Stored.u8(source, start + 2 + j / 4) >> (2 * (j % 4))) & 3;
            target[at + j] = (q - 1) * d;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start);
            for (int j = 0; j < 8; j++) {
                long q = Eight.pairs(Stored.u16(source, start + 2 + 2L * j));
                Eight.scale(q, -1, d, target, at + 64 * i + 8 * j);
            }
        }
    }
}
