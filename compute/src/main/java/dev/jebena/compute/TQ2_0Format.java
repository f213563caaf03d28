package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

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

    /// The largest magnitude is the scale; elements of half of it and more are not 0.
    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        for (int i = 0; i < count; i++) {
            int at = from + 256 * i;
            long start = (first + i) * BYTES;
            float d = Math.abs(ScaleSearch.largest(source, at, 256));
            float inverse = d == 0 ? 0 : 1 / d;
            for (int j = 0; j < 64; j++) {
                int packed = 0;
                for (int quarter = 0; quarter < 4; quarter++) {
                    float x = source[at + 128 * (j / 32) + 32 * quarter + j % 32];
                    packed |= digit(x * inverse) << (2 * quarter);
                }
                Stored.put8(target, start + j, packed);
            }
            Stored.putHalf(target, start + 64, d);
        }
    }

    /// 0, 1 or 2 for -1, 0 or 1.
    static int digit(float x) {
        return x >= 0.5f ? 2 : x <= -0.5f ? 0 : 1;
    }
}
