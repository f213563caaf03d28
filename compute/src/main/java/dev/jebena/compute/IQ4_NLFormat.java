package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 32 elements `value(q) * d` with sixteen unevenly spaced values: d as float16, then nibbles as in
/// [Q4_0Format].
final class IQ4_NLFormat implements BlockFormat {
    private static final int BYTES = 18;

    @Override
    public DataType type() {
        return DataType.IQ4_NL;
    }

    static final float[] VALUES = {
        -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
    };

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        for (int j = 0; j < 16; j++) {
            int q = Stored.u8(source, start + 2 + j);
            target[at + j] = VALUES[q & 15] * d;
            target[at + 16 + j] = VALUES[q >> 4] * d;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            decode32(source, start + 2, Stored.half(source, start), target, at + 32 * i);
        }
    }

    /// Decodes the 16 bytes of nibbles that begin at `from`.
    static void decode32(MemorySegment source, long from, float d, float[] target, int at) {
        long q0 = Stored.i64(source, from);
        long q1 = Stored.i64(source, from + 8);
        Eight.lookup(Eight.lowNibbles(q0), VALUES, d, target, at);
        Eight.lookup(Eight.lowNibbles(q1), VALUES, d, target, at + 8);
        Eight.lookup(Eight.highNibbles(q0), VALUES, d, target, at + 16);
        Eight.lookup(Eight.highNibbles(q1), VALUES, d, target, at + 24);
    }

    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        Levels levels = new Levels.Table(VALUES);
        ScaleSearch search = new ScaleSearch(levels, 7);
        float[] weights = new float[32];
        SmallBlocks blocks =
                importance == null ? null : new SmallBlocks(source, from, importance, count);
        for (int i = 0; i < count; i++) {
            int at = from + 32 * i;
            long start = (first + i) * BYTES;
            float d;
            if (blocks == null) {
                ErrorWeights.SQUARE.fill(source, at, 32, null, 0, weights);
                d = search.find(source, at, weights, 0, 32);
            } else {
                d = blocks.scale(search, source, at, i);
            }
            Stored.putHalf(target, start, d);
            float inverse = d == 0 ? 0 : 1 / d;
            for (int j = 0; j < 16; j++) {
                int low = levels.code(source[at + j] * inverse);
                int high = levels.code(source[at + 16 + j] * inverse);
                Stored.put8(target, start + 2 + j, low | (high << 4));
            }
        }
    }
}
