package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

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

    /// The smallest element becomes 0, the largest 15, the others the nearest between; with
    /// importance, scale and minimum are searched for.
    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        AffineSearch search = new AffineSearch(15, false);
        SmallBlocks blocks =
                importance == null ? null : new SmallBlocks(source, from, importance, count);
        for (int i = 0; i < count; i++) {
            int at = from + 32 * i;
            if (blocks == null) {
                search.span(source, at, 32);
            } else {
                blocks.line(search, source, at, i);
            }
            put(search.scale(), search.minimum(), source, at, target, (first + i) * BYTES);
        }
    }

    private static void put(
            float d, float m, float[] source, int at, MemorySegment target, long start) {
        float inverse = d == 0 ? 0 : 1 / d;
        Stored.putHalf(target, start, d);
        Stored.putHalf(target, start + 2, m);
        for (int j = 0; j < 16; j++) {
            int low = quantize((source[at + j] - m) * inverse);
            int high = quantize((source[at + 16 + j] - m) * inverse);
            Stored.put8(target, start + 4 + j, low | (high << 4));
        }
    }

    private static int quantize(float x) {
        return Math.clamp((int) (x + 0.5f), 0, 15);
    }
}
