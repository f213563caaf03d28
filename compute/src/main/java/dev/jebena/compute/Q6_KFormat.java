package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 256 elements in 16 groups of 16, `(q - 32) * (d * scale)` with the scale of the group: 128 bytes
/// with the low four bits of the q, 64 bytes with the upper two, 16 scales as signed bytes, d as
/// float16.
///
/// Each half of 128 elements has 64 bytes of low bits and 32 bytes of upper bits. In quarter k (32
/// elements) of a half, element j takes the low bits from byte `32 * (k % 2) + j` (low nibble for k
/// = 0 and 1) and the upper ones from bits 2k and 2k + 1 of byte j.
final class Q6_KFormat implements BlockFormat {
    private static final int BYTES = 210;

    @Override
    public DataType type() {
        return DataType.Q6_K;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start + 208);
        for (int i = 0; i < 256; i++) {
            int half = i / 128;
            int quarter = i % 128 / 32;
            int j = i % 32;
            int pair = Stored.u8(source, start + 64L * half + 32L * (quarter % 2) + j);
            int low = quarter < 2 ? pair & 15 : pair >> 4;
            int upper = (Stored.u8(source, start + 128 + 32L * half + j) >> (2 * quarter)) & 3;
            float scale = d * Stored.i8(source, start + 192 + i / 16);
            target[at + i] = ((low | (upper << 4)) - 32) * scale;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start + 208);
            for (int part = 0; part < 4; part++) {
                int half = part >> 1;
                int column = (part & 1) * 16;
                decodePart(
                        source,
                        start + 64L * half + column,
                        start + 128 + 32L * half + column,
                        d,
                        Stored.i64(source, start + 192 + 8L * half) >>> (8 * (part & 1)),
                        target,
                        at + 256 * i + 128 * half + column);
            }
        }
    }

    /// The 16 neighbouring columns of all four quarters of a half; scale k is byte 2k of `scales`.
    private static void decodePart(
            MemorySegment source,
            long low,
            long upper,
            float d,
            long scales,
            float[] target,
            int at) {
        float scale0 = d * (byte) scales;
        float scale1 = d * (byte) (scales >>> 16);
        float scale2 = d * (byte) (scales >>> 32);
        float scale3 = d * (byte) (scales >>> 48);
        for (int j = 0; j < 16; j += 8) {
            long q0 = Stored.i64(source, low + j);
            long q1 = Stored.i64(source, low + 32 + j);
            long bits = Stored.i64(source, upper + j);
            Eight.scale(join(q0, bits << 4), -32, scale0, target, at + j);
            Eight.scale(join(q1, bits << 2), -32, scale1, target, at + 32 + j);
            Eight.scale(join(q0 >>> 4, bits), -32, scale2, target, at + 64 + j);
            Eight.scale(join(q1 >>> 4, bits >>> 2), -32, scale3, target, at + 96 + j);
        }
    }

    private static long join(long low, long upper) {
        return (low & Eight.NIBBLES) | (upper & (0x30 * Eight.ONES));
    }
}
