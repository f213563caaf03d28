package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 32 elements `(q - 8) * d`: d as float16, then 16 bytes whose low nibbles are elements 0 to 15
/// and whose high nibbles are elements 16 to 31.
final class Q4_0Format implements BlockFormat {
    private static final int BYTES = 18;

    @Override
    public DataType type() {
        return DataType.Q4_0;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        for (int j = 0; j < 16; j++) {
            int q = Stored.u8(source, start + 2 + j);
            target[at + j] = ((q & 15) - 8) * d;
            target[at + 16 + j] = ((q >> 4) - 8) * d;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            int to = at + 32 * i;
            float d = Stored.half(source, start);
            long q0 = Stored.i64(source, start + 2);
            long q1 = Stored.i64(source, start + 10);
            Eight.scale(Eight.lowNibbles(q0), -8, d, target, to);
            Eight.scale(Eight.lowNibbles(q1), -8, d, target, to + 8);
            Eight.scale(Eight.highNibbles(q0), -8, d, target, to + 16);
            Eight.scale(Eight.highNibbles(q1), -8, d, target, to + 24);
        }
    }

    /// The element of largest magnitude becomes -8, the others the nearest of -8 to 7; with
    /// importance, the scale is searched for.
    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        ScaleSearch search = new ScaleSearch(Levels.signed(16), 9);
        SmallBlocks blocks =
                importance == null ? null : new SmallBlocks(source, from, importance, count);
        for (int i = 0; i < count; i++) {
            int at = from + 32 * i;
            long start = (first + i) * BYTES;
            float d =
                    blocks == null
                            ? ScaleSearch.largest(source, at, 32) / -8
                            : blocks.scale(search, source, at, i);
            float inverse = d == 0 ? 0 : 1 / d;
            Stored.putHalf(target, start, d);
            for (int j = 0; j < 16; j++) {
                int low = quantize(source[at + j] * inverse);
                int high = quantize(source[at + 16 + j] * inverse);
                Stored.put8(target, start + 2 + j, low | (high << 4));
            }
        }
    }

    private static int quantize(float x) {
        return Math.clamp((int) (x + 8.5f), 0, 15);
    }
}
