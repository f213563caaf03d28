package dev.jebena.compute;

/// Eight small integers in the bytes of one `long`, the first in the lowest byte: what the fast
/// decoders compute with. Sixteen-bit and wider results need the bytes spread out first; everything
/// here keeps each byte within its own eight bits.
final class Eight {
    /// The byte 1 in all eight places; `ONES * b` repeats the byte b.
    static final long ONES = 0x0101010101010101L;

    static final long NIBBLES = 0x0F * ONES;

    private static final long TOP_BITS = 0x8080808080808080L;

    /// Reading the float of a byte from a table is faster than converting it. The bounds check that
    /// a table of 64 needs keeps the compiled code in order: 2.4 instead of 1.5 billion elements a
    /// second with a table of 256, where the compiler moves all shifts to the front and spills.
    private static final float[] NUMBERS = new float[64];

    private static final float[] SIGNED = new float[256];

    static {
        for (int i = 0; i < 256; i++) {
            SIGNED[i] = (byte) i;
        }
        System.arraycopy(SIGNED, 0, NUMBERS, 0, 64);
    }

    private Eight() {}

    /// The low four bits of each byte.
    static long lowNibbles(long bytes) {
        return bytes & NIBBLES;
    }

    /// The high four bits of each byte.
    static long highNibbles(long bytes) {
        return (bytes >>> 4) & NIBBLES;
    }

    /// Spreads the low eight bits of `bits` over eight bytes: bit j becomes the top bit (128) of
    /// byte j.
    static long topBits(long bits) {
        // Every byte gets all eight bits and keeps its own; the addition carries it to the top.
        long own = ((bits & 0xFF) * ONES) & 0x8040201008040201L;
        return (own + 0x00406070787C7E7FL) & TOP_BITS;
    }

    /// Spreads 16 bits over eight bytes: bits 2j and 2j + 1 become the lowest of byte j.
    static long pairs(int bits) {
        long x = bits & 0xFFFF;
        x = (x | (x << 24)) & 0x000000FF000000FFL;
        x = (x | (x << 12)) & 0x000F000F000F000FL;
        return (x | (x << 6)) & (3 * ONES);
    }

    /// The bytes with their signs changed where bit j of `signs` is 1. No byte may be 0: its
    /// negation would carry into the next.
    static long negate(long bytes, long signs) {
        long ones = topBits(signs) >>> 7;
        return (bytes ^ (ones * 0xFF)) + ones;
    }

    /// `target[at + j] = (byte j + bias) * scale`; bytes below 64, `bias` a whole number.
    static void scale(long bytes, float bias, float scale, float[] target, int at) {
        target[at] = (NUMBERS[(int) bytes & 0xFF] + bias) * scale;
        target[at + 1] = (NUMBERS[(int) (bytes >>> 8) & 0xFF] + bias) * scale;
        target[at + 2] = (NUMBERS[(int) (bytes >>> 16) & 0xFF] + bias) * scale;
        target[at + 3] = (NUMBERS[(int) (bytes >>> 24) & 0xFF] + bias) * scale;
        target[at + 4] = (NUMBERS[(int) (bytes >>> 32) & 0xFF] + bias) * scale;
        target[at + 5] = (NUMBERS[(int) (bytes >>> 40) & 0xFF] + bias) * scale;
        target[at + 6] = (NUMBERS[(int) (bytes >>> 48) & 0xFF] + bias) * scale;
        target[at + 7] = (NUMBERS[(int) (bytes >>> 56)] + bias) * scale;
    }

    /// `target[at + j] = (byte j, signed) * scale`.
    static void scaleSigned(long bytes, float scale, float[] target, int at) {
        target[at] = SIGNED[(int) bytes & 0xFF] * scale;
        target[at + 1] = SIGNED[(int) (bytes >>> 8) & 0xFF] * scale;
        target[at + 2] = SIGNED[(int) (bytes >>> 16) & 0xFF] * scale;
        target[at + 3] = SIGNED[(int) (bytes >>> 24) & 0xFF] * scale;
        target[at + 4] = SIGNED[(int) (bytes >>> 32) & 0xFF] * scale;
        target[at + 5] = SIGNED[(int) (bytes >>> 40) & 0xFF] * scale;
        target[at + 6] = SIGNED[(int) (bytes >>> 48) & 0xFF] * scale;
        target[at + 7] = SIGNED[(int) (bytes >>> 56)] * scale;
    }

    /// `target[at + j] = byte j * scale + offset`, rounded twice; bytes below 64.
    static void affine(long bytes, float scale, float offset, float[] target, int at) {
        target[at] = NUMBERS[(int) bytes & 0xFF] * scale + offset;
        target[at + 1] = NUMBERS[(int) (bytes >>> 8) & 0xFF] * scale + offset;
        target[at + 2] = NUMBERS[(int) (bytes >>> 16) & 0xFF] * scale + offset;
        target[at + 3] = NUMBERS[(int) (bytes >>> 24) & 0xFF] * scale + offset;
        target[at + 4] = NUMBERS[(int) (bytes >>> 32) & 0xFF] * scale + offset;
        target[at + 5] = NUMBERS[(int) (bytes >>> 40) & 0xFF] * scale + offset;
        target[at + 6] = NUMBERS[(int) (bytes >>> 48) & 0xFF] * scale + offset;
        target[at + 7] = NUMBERS[(int) (bytes >>> 56)] * scale + offset;
    }

    /// `target[at + j] = table[byte j] * scale`; every byte must be an index of `table`.
    static void lookup(long bytes, float[] table, float scale, float[] target, int at) {
        target[at] = table[(int) bytes & 0xFF] * scale;
        target[at + 1] = table[(int) (bytes >>> 8) & 0xFF] * scale;
        target[at + 2] = table[(int) (bytes >>> 16) & 0xFF] * scale;
        target[at + 3] = table[(int) (bytes >>> 24) & 0xFF] * scale;
        target[at + 4] = table[(int) (bytes >>> 32) & 0xFF] * scale;
        target[at + 5] = table[(int) (bytes >>> 40) & 0xFF] * scale;
        target[at + 6] = table[(int) (bytes >>> 48) & 0xFF] * scale;
        target[at + 7] = table[(int) (bytes >>> 56)] * scale;
    }
}
