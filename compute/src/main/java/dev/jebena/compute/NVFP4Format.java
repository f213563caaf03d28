package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 64 elements in 4 groups of 16 with a scale each: NVIDIA's NVFP4.
///
/// Four bytes hold the scales as floats of 4 exponent bits (bias 7) and 3 fraction bits; the top
/// bit is not used and 0x7F counts as 0. Then 8 bytes for each group, low nibbles for its first
/// eight elements, high nibbles for the others, with values as in [MXFP4Format].
final class NVFP4Format implements BlockFormat {
    private static final int BYTES = 36;

    @Override
    public DataType type() {
        return DataType.NVFP4;
    }

    private static final float[] HALF_SCALES = halfScales();

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        for (int j = 0; j < 64; j++) {
            int group = j / 16;
            float half = halfScale(Stored.u8(source, start + group));
            int pair = Stored.u8(source, start + 4 + 8L * group + j % 8);
            int q = j % 16 < 8 ? pair & 15 : pair >> 4;
            target[at + j] = MXFP4Format.VALUES[q] * half;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            for (int group = 0; group < 4; group++) {
                float half = HALF_SCALES[Stored.u8(source, start + group)];
                long q = Stored.i64(source, start + 4 + 8L * group);
                int to = at + 64 * i + 16 * group;
                Eight.lookup(Eight.lowNibbles(q), MXFP4Format.VALUES, half, target, to);
                Eight.lookup(Eight.highNibbles(q), MXFP4Format.VALUES, half, target, to + 8);
            }
        }
    }

    /// Half the scale that a byte means.
    private static float halfScale(int bits) {
        int exponent = (bits >> 3) & 15;
        int fraction = bits & 7;
        if (bits == 0x7F) {
            return 0;
        }
        return exponent == 0 ? fraction * 0x1p-10f : Math.scalb(8f + fraction, exponent - 11);
    }

    private static float[] halfScales() {
        float[] scales = new float[256];
        for (int bits = 0; bits < 256; bits++) {
            scales[bits] = halfScale(bits);
        }
        return scales;
    }
}
