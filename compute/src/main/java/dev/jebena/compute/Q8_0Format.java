package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 32 elements `q * d`: d as float16, then the q as signed bytes.
final class Q8_0Format implements BlockFormat {
    private static final int BYTES = 34;

    @Override
    public DataType type() {
        return DataType.Q8_0;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        for (int j = 0; j < 32; j++) {
            target[at + j] = Stored.i8(source, start + 2 + j) * d;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            int to = at + 32 * i;
            float d = Stored.half(source, start);
            Eight.scaleSigned(Stored.i64(source, start + 2), d, target, to);
            Eight.scaleSigned(Stored.i64(source, start + 10), d, target, to + 8);
            Eight.scaleSigned(Stored.i64(source, start + 18), d, target, to + 16);
            Eight.scaleSigned(Stored.i64(source, start + 26), d, target, to + 24);
        }
    }

    /// The largest magnitude becomes 127; rounds to nearest, ties away from zero.
    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        for (int i = 0; i < count; i++) {
            int at = from + 32 * i;
            long start = (first + i) * BYTES;
            float largest = 0;
            for (int j = 0; j < 32; j++) {
                largest = Math.max(largest, Math.abs(source[at + j]));
            }
            float d = largest / 127;
            float inverse = d == 0 ? 0 : 1 / d;
            Stored.putHalf(target, start, d);
            for (int j = 0; j < 32; j++) {
                float x = source[at + j] * inverse;
                int magnitude = (int) (Math.abs((double) x) + 0.5);
                Stored.put8(target, start + 2 + j, x < 0 ? -magnitude : magnitude);
            }
        }
    }
}
