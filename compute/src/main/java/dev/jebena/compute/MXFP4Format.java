package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 32 elements of 4 bits with a power of two as common scale: the OCP microscaling format MXFP4.
///
/// The first byte e means a scale of `2^(e - 127)`; then follow nibbles as in [Q4_0Format], each a
/// float of 1 sign, 2 exponent and 1 fraction bit. The table holds twice their values, so the
/// factor here is half the scale.
final class MXFP4Format implements BlockFormat {
    private static final int BYTES = 17;

    @Override
    public DataType type() {
        return DataType.MXFP4;
    }

    /// Twice the values of the sixteen E2M1 numbers.
    static final float[] VALUES = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float half = halfScale(Stored.u8(source, start));
        for (int j = 0; j < 16; j++) {
            int q = Stored.u8(source, start + 1 + j);
            target[at + j] = VALUES[q & 15] * half;
            target[at + 16 + j] = VALUES[q >> 4] * half;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            int to = at + 32 * i;
            float half = halfScale(Stored.u8(source, start));
            long q0 = Stored.i64(source, start + 1);
            long q1 = Stored.i64(source, start + 9);
            Eight.lookup(Eight.lowNibbles(q0), VALUES, half, target, to);
            Eight.lookup(Eight.lowNibbles(q1), VALUES, half, target, to + 8);
            Eight.lookup(Eight.highNibbles(q0), VALUES, half, target, to + 16);
            Eight.lookup(Eight.highNibbles(q1), VALUES, half, target, to + 24);
        }
    }

    /// `2^(e - 128)`, subnormal for e below 2.
    static float halfScale(int e) {
        return Float.intBitsToFloat(e < 2 ? 0x00200000 << e : (e - 1) << 23);
    }

    /// The largest magnitude decides the scale, and each element becomes the nearest value.
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
            float largest = Math.abs(ScaleSearch.largest(source, at, 32));
            int e = largest == 0 ? 0 : Math.max(0, Math.getExponent(largest) - 2 + 127);
            float half = halfScale(e);
            Stored.put8(target, start, e);
            for (int j = 0; j < 16; j++) {
                int low = nearest(source[at + j], half);
                int high = nearest(source[at + 16 + j], half);
                Stored.put8(target, start + 1 + j, low | (high << 4));
            }
        }
    }

    private static int nearest(float x, float half) {
        int best = 0;
        for (int q = 1; q < 16; q++) {
            if (Math.abs(VALUES[q] * half - x) < Math.abs(VALUES[best] * half - x)) {
                best = q;
            }
        }
        return best;
    }
}
