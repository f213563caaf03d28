package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 256 elements in 16 groups of 16, `(q - 4) * (d * (scale - 32))`: 32 bytes with the third bits of
/// the q, 64 bytes with the lower two bits, 12 bytes of 6-bit scales, d as float16.
///
/// The lower bits lie as in [Q2_KFormat]; the third bit of element j of quarter k of half h is bit
/// `4h + k` of byte j. Scale n has its low four bits in byte `n % 8`, low nibble first, and the
/// upper two in bits `2 * (n / 4)` and above of byte `8 + n % 4`.
final class Q3_KFormat implements BlockFormat {
    private static final int BYTES = 110;

    @Override
    public DataType type() {
        return DataType.Q3_K;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start + 108);
        for (int i = 0; i < 256; i++) {
            int packed = Stored.u8(source, start + 32 + 32L * (i / 128) + i % 32);
            int low = (packed >> (2 * (i % 128 / 32))) & 3;
            int third = (Stored.u8(source, start + i % 32) >> (i / 32)) & 1;
            int group = i / 16;
            int nibble = (Stored.u8(source, start + 96 + group % 8) >> (4 * (group / 8))) & 15;
            int upper = (Stored.u8(source, start + 104 + group % 4) >> (2 * (group / 4))) & 3;
            float scale = d * ((nibble | (upper << 4)) - 32);
            target[at + i] = ((low | (third << 2)) - 4) * scale;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start + 108);
            long nibbles = Stored.i64(source, start + 96);
            int upper = Stored.i32(source, start + 104);
            for (int half = 0; half < 2; half++) {
                long scales = scales(nibbles >>> (4 * half), upper >>> (4 * half));
                int to = at + 256 * i + 128 * half;
                for (int column = 0; column < 32; column += 8) {
                    long low = Stored.i64(source, start + 32 + 32L * half + column);
                    long third = Stored.i64(source, start + column) >>> (4 * half);
                    decodeColumns(low, third, d, scales >>> (column / 16 * 8), target, to + column);
                }
            }
        }
    }

    /// Eight columns of all four quarters; the scale of quarter k, plus 32, is byte 2k of `scales`.
    private static void decodeColumns(
            long low, long third, float d, long scales, float[] target, int at) {
        for (int quarter = 0; quarter < 4; quarter++) {
            float scale = d * ((int) ((scales >>> (16 * quarter)) & 0xFF) - 32);
            long q =
                    ((low >>> (2 * quarter)) & (3 * Eight.ONES))
                            | (((third >>> quarter) & Eight.ONES) << 2);
            Eight.scale(q, -4, scale, target, at + 32 * quarter);
        }
    }

    /// Eight scales, one a byte, from the low nibbles of `nibbles` and the low four bits of each
    /// byte of `upper`.
    private static long scales(long nibbles, int upper) {
        int first = (upper & 0x03030303) << 4;
        int second = (upper & 0x0C0C0C0C) << 2;
        return Eight.lowNibbles(nibbles) | first | ((long) second << 32);
    }

    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        SymmetricBlock block = new SymmetricBlock(16, Levels.signed(8), 9, Levels.signed(64));
        for (int i = 0; i < count; i++) {
            block.fit(source, from + 256 * i, importance, 256 * i);
            put(block, target, (first + i) * BYTES);
        }
    }

    private static void put(SymmetricBlock block, MemorySegment target, long start) {
        for (int i = 0; i < 32; i++) {
            int third = 0;
            for (int eighth = 0; eighth < 8; eighth++) {
                third |= (block.code(i + 32 * eighth) >> 2) << eighth;
            }
            Stored.put8(target, start + i, third);
        }
        for (int i = 0; i < 64; i++) {
            int element = i / 32 * 128 + i % 32;
            int packed = 0;
            for (int quarter = 0; quarter < 4; quarter++) {
                packed |= (block.code(element + 32 * quarter) & 3) << (2 * quarter);
            }
            Stored.put8(target, start + 32 + i, packed);
        }
        for (int i = 0; i < 8; i++) {
            int nibbles = (block.scale(i) & 15) | ((block.scale(i + 8) & 15) << 4);
            Stored.put8(target, start + 96 + i, nibbles);
        }
        for (int i = 0; i < 4; i++) {
            int upper = 0;
            for (int quarter = 0; quarter < 4; quarter++) {
                upper |= (block.scale(i + 4 * quarter) >> 4) << (2 * quarter);
            }
            Stored.put8(target, start + 104 + i, upper);
        }
        Stored.putHalf(target, start + 108, block.d());
    }
}
