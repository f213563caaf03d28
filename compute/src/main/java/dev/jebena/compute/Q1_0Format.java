package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 128 elements, each `d` or `-d`: d as float16, then one bit for each element, 1 for d, the first
/// in the lowest bit of the first byte.
final class Q1_0Format implements BlockFormat {
    private static final int BYTES = 18;

    @Override
    public DataType type() {
        return DataType.Q1_0;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        for (int j = 0; j < 128; j++) {
            int bit = (Stored.u8(source, start + 2 + j / 8) >> (j % 8)) & 1;
            target[at + j] = bit == 1 ? d : -d;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start);
            for (int j = 0; j < 16; j++) {
                long twos = Eight.topBits(Stored.u8(source, start + 2 + j)) >>> 6;
                Eight.scale(twos, -1, d, target, at + 128 * i + 8 * j);
            }
        }
    }
}
