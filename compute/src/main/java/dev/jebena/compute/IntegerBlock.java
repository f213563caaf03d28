package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// 32 weights of a quantized row as integers: weight k is `q[k] * scale + offset`, with one scale
/// and offset for all of them or, if [#halves], for each 16. The formats' own documentation tells
/// what the numbers mean; here they are only taken apart.
final class IntegerBlock {
    final int[] q = new int[32];
    final float[] scale = new float[2];
    final float[] offset = new float[2];
    final boolean halves;
    final boolean offsets;
    private final DataType type;

    IntegerBlock(DataType type) {
        this.type = type;
        halves = type == DataType.Q2_K || type == DataType.Q3_K || type == DataType.Q6_K;
        offsets =
                switch (type) {
                    case Q4_1, Q5_1, Q4_K, Q5_K, Q2_K -> true;
                    default -> false;
                };
    }

    /// Whether weights of `type` are integers times scales in this way.
    static boolean supports(DataType type) {
        return switch (type) {
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, IQ4_NL -> true;
            case Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_XS -> true;
            default -> false;
        };
    }

    /// Reads the elements `32 * part` to `32 * part + 31` of the stored block that begins at byte
    /// `start`.
    void read(MemorySegment data, long start, int part) {
        switch (type) {
            case Q4_0 -> nibbles(data, start + 2, -8);
            case Q4_1 -> nibbles(data, start + 4, 0);
            case Q5_0 -> fiveBits(data, start + 2, -16);
            case Q5_1 -> fiveBits(data, start + 4, 0);
            case Q8_0 -> bytes(data, start + 2);
            case IQ4_NL -> values(data, start + 2);
            case IQ4_XS -> superValues(data, start, part);
            case Q4_K, Q5_K -> superMinimums(data, start, part);
            case Q2_K -> twoBits(data, start, part);
            case Q3_K -> threeBits(data, start, part);
            case Q6_K -> sixBits(data, start, part);
            default -> throw new IllegalArgumentException(type + " has no integer blocks");
        }
        if (type.blockSize() == 32) {
            scale[0] = Stored.half(data, start);
            offset[0] = offsets ? Stored.half(data, start + 2) : 0;
        }
    }

    private void nibbles(MemorySegment data, long at, int zero) {
        for (int k = 0; k < 32; k++) {
            q[k] = ((Stored.u8(data, at + k % 16) >> (k / 16 * 4)) & 15) + zero;
        }
    }

    private void fiveBits(MemorySegment data, long at, int zero) {
        int fifth = Stored.i32(data, at);
        nibbles(data, at + 4, zero);
        for (int k = 0; k < 32; k++) {
            q[k] += ((fifth >>> k) & 1) << 4;
        }
    }

    private void bytes(MemorySegment data, long at) {
        for (int k = 0; k < 32; k++) {
            q[k] = Stored.i8(data, at + k);
        }
    }

    private void values(MemorySegment data, long at) {
        nibbles(data, at, 0);
        for (int k = 0; k < 32; k++) {
            q[k] = (int) IQ4_NLFormat.VALUES[q[k]];
        }
    }

    private void superValues(MemorySegment data, long start, int part) {
        int low = (Stored.u8(data, start + 4 + part / 2) >> (4 * (part % 2))) & 15;
        int upper = (Stored.u16(data, start + 2) >> (2 * part)) & 3;
        scale[0] = Stored.half(data, start) * ((low | (upper << 4)) - 32);
        values(data, start + 8 + 16L * part);
    }

    private void superMinimums(MemorySegment data, long start, int part) {
        long first = Stored.i64(data, start + 4);
        int last = Stored.i32(data, start + 12);
        scale[0] = Stored.half(data, start) * KScales.scale(first, last, part);
        offset[0] = -(Stored.half(data, start + 2) * KScales.minimum(first, last, part));
        boolean five = type == DataType.Q5_K;
        long at = start + (five ? 48 : 16) + 32L * (part / 2);
        for (int k = 0; k < 32; k++) {
            int fifth = five ? (Stored.u8(data, start + 16 + k) >> part) & 1 : 0;
            q[k] = ((Stored.u8(data, at + k) >> (4 * (part % 2))) & 15) | (fifth << 4);
        }
    }

    private void pairs(MemorySegment data, long at, int part) {
        for (int k = 0; k < 32; k++) {
            q[k] = (Stored.u8(data, at + 32L * (part / 4) + k) >> (2 * (part % 4))) & 3;
        }
    }

    private void twoBits(MemorySegment data, long start, int part) {
        pairs(data, start + 16, part);
        for (int half = 0; half < 2; half++) {
            int both = Stored.u8(data, start + 2L * part + half);
            scale[half] = Stored.half(data, start + 80) * (both & 15);
            offset[half] = -(Stored.half(data, start + 82) * (both >> 4));
        }
    }

    private void threeBits(MemorySegment data, long start, int part) {
        pairs(data, start + 32, part);
        for (int k = 0; k < 32; k++) {
            q[k] += (((Stored.u8(data, start + k) >> part) & 1) << 2) - 4;
        }
        for (int half = 0; half < 2; half++) {
            int group = 2 * part + half;
            int low = (Stored.u8(data, start + 96 + group % 8) >> (4 * (group / 8))) & 15;
            int upper = (Stored.u8(data, start + 104 + group % 4) >> (2 * (group / 4))) & 3;
            scale[half] = Stored.half(data, start + 108) * ((low | (upper << 4)) - 32);
        }
    }

    private void sixBits(MemorySegment data, long start, int part) {
        int quarter = part % 4;
        pairs(data, start + 128, part);
        for (int k = 0; k < 32; k++) {
            int pair = Stored.u8(data, start + 64L * (part / 4) + 32L * (quarter % 2) + k);
            q[k] = ((q[k] << 4) | ((pair >> (quarter / 2 * 4)) & 15)) - 32;
        }
        for (int half = 0; half < 2; half++) {
            int factor = Stored.i8(data, start + 192 + 2L * part + half);
            scale[half] = Stored.half(data, start + 208) * factor;
        }
    }
}
