package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 256 ternary elements `(t - 1) * d`, t from 0 to 2: 48 bytes of five and 4 bytes of four elements
/// each, d as float16.
///
/// A byte holds its elements as a fraction in base three: element n is the integer part of 3 times
/// what is left after multiplying with `3^n` (modulo 1, in units of 1/256). Elements 0 to 159 are
/// in bytes 0 to 31, element `32n + j` as digit n of byte j; the next 80 in bytes 32 to 47, `16n +
/// j`; the last 16 in bytes 48 to 51, `4n + j`.
final class TQ1_0Format implements BlockFormat {
    private static final int BYTES = 54;

    /// Every other byte: room for products of 16 bits.
    private static final long EVEN = 0x00FF00FF00FF00FFL;

    @Override
    public DataType type() {
        return DataType.TQ1_0;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start + 52);
        for (int i = 0; i < 160; i++) {
            target[at + i] = (digit(Stored.u8(source, start + i % 32), i / 32) - 1) * d;
        }
        for (int i = 0; i < 80; i++) {
            target[at + 160 + i] = (digit(Stored.u8(source, start + 32 + i % 16), i / 16) - 1) * d;
        }
        for (int i = 0; i < 16; i++) {
            target[at + 240 + i] = (digit(Stored.u8(source, start + 48 + i % 4), i / 4) - 1) * d;
        }
    }

    private static int digit(int fraction, int n) {
        int left = fraction;
        for (int i = 0; i < n; i++) {
            left = (left * 3) & 0xFF;
        }
        return (left * 3) >> 8;
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            int to = at + 256 * i;
            float d = Stored.half(source, start + 52);
            for (int j = 0; j < 32; j += 8) {
                fiveDigits(Stored.i64(source, start + j), 32, d, target, to + j);
            }
            fiveDigits(Stored.i64(source, start + 32), 16, d, target, to + 160);
            fiveDigits(Stored.i64(source, start + 40), 16, d, target, to + 168);
            long left = Stored.i32(source, start + 48) & 0xFFFFFFFFL;
            long next = tripled(left);
            Eight.scale(digits(left) | (digits(next) << 32), -1, d, target, to + 240);
            left = tripled(next);
            next = tripled(left);
            Eight.scale(digits(left) | (digits(next) << 32), -1, d, target, to + 248);
        }
    }

    private static void fiveDigits(long bytes, int step, float d, float[] target, int at) {
        long left = bytes;
        for (int n = 0; n < 5; n++) {
            Eight.scale(digits(left), -1, d, target, at + n * step);
            left = tripled(left);
        }
    }

    /// Each byte times three, modulo 256.
    private static long tripled(long bytes) {
        long even = ((bytes & EVEN) * 3) & EVEN;
        long odd = (((bytes >>> 8) & EVEN) * 3) & EVEN;
        return even | (odd << 8);
    }

    /// Each byte times three, divided by 256.
    private static long digits(long bytes) {
        long even = (((bytes & EVEN) * 3) >>> 8) & EVEN;
        long odd = ((((bytes >>> 8) & EVEN) * 3) >>> 8) & EVEN;
        return even | (odd << 8);
    }

    /// As [TQ2_0Format] rounds.
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
            for (int j = 0; j < 32; j++) {
                Stored.put8(target, start + j, packed(source, at + j, 32, 5, inverse));
            }
            for (int j = 0; j < 16; j++) {
                Stored.put8(target, start + 32 + j, packed(source, at + 160 + j, 16, 5, inverse));
            }
            for (int j = 0; j < 4; j++) {
                Stored.put8(target, start + 48 + j, packed(source, at + 240 + j, 4, 4, inverse));
            }
            Stored.putHalf(target, start + 52, d);
        }
    }

    /// The least fraction in units of 1/256 whose digits are these elements'.
    private static int packed(float[] source, int at, int step, int digits, float inverse) {
        int value = 0;
        for (int n = 0; n < 5; n++) {
            value = 3 * value;
            value += n < digits ? TQ2_0Format.digit(source[at + n * step] * inverse) : 0;
        }
        return (256 * value + 242) / 243;
    }
}
