package dev.jebena.compute;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Dot products of one row of activations with a row of a K type, decoded and multiplied in
/// registers: the same operations as [VectorDecode] and then a product.
///
/// One loop over the sixteens of a block, in the order of its elements, so that a body stays short.
final class VectorKDot {
    private static final int N = Lanes.COUNT;

    private VectorKDot() {}

    static boolean supports(DataType type) {
        return switch (type) {
            case Q4_K, Q5_K, Q6_K -> N > 4;
            default -> false;
        };
    }

    /// Writes the partial sums of the row at `v` times `x` to `sums`.
    static void one(DataType type, long v, long x, int columns, long sums) {
        for (int p = 0; p < Kernels.LANES; p += N) {
            long to = sums + 4L * p;
            long from = x + 4L * p;
            switch (type) {
                case Q4_K -> q4k(v, p, from, columns / 256, to);
                case Q5_K -> q5k(v, p, from, columns / 256, to);
                case Q6_K -> q6k(v, p, from, columns / 256, to);
                default -> throw new IllegalArgumentException("no fused form: " + type);
            }
        }
    }

    private static void q4k(long v, int part, long x, int blocks, long sums) {
        FloatVector s = FloatVector.zero(Lanes.F);
        for (int b = 0; b < blocks; b++, v += 144, x += 1024) {
            float d = Native.getHalf(v);
            float dmin = -Native.getHalf(v + 2);
            long scales = scales(v + 4, v + 12);
            long minimums = minimums(v + 8, v + 12);
            for (int group = 0; group < 8; group++) {
                FloatVector scale = all(d * ((scales >>> (8 * group)) & 0xFF));
                FloatVector offset = all(dmin * ((minimums >>> (8 * group)) & 0xFF));
                long q = v + 16 + 32L * (group >> 1) + part;
                int shift = 4 * (group & 1);
                IntVector a = nibbles(q, shift);
                IntVector c = nibbles(q + 16, shift);
                s = Lanes.floats(a).fma(scale, offset).fma(Lanes.load(x + 128L * group), s);
                s = Lanes.floats(c).fma(scale, offset).fma(Lanes.load(x + 128L * group + 64), s);
            }
        }
        Lanes.store(s, sums);
    }

    private static void q5k(long v, int part, long x, int blocks, long sums) {
        FloatVector s = FloatVector.zero(Lanes.F);
        for (int b = 0; b < blocks; b++, v += 176, x += 1024) {
            float d = Native.getHalf(v);
            float dmin = -Native.getHalf(v + 2);
            long scales = scales(v + 4, v + 12);
            long minimums = minimums(v + 8, v + 12);
            for (int group = 0; group < 8; group++) {
                FloatVector scale = all(d * ((scales >>> (8 * group)) & 0xFF));
                FloatVector offset = all(dmin * ((minimums >>> (8 * group)) & 0xFF));
                long q = v + 48 + 32L * (group >> 1) + part;
                int shift = 4 * (group & 1);
                IntVector a = nibbles(q, shift).or(fifth(v + 16 + part, group));
                IntVector c = nibbles(q + 16, shift).or(fifth(v + 32 + part, group));
                s = Lanes.floats(a).fma(scale, offset).fma(Lanes.load(x + 128L * group), s);
                s = Lanes.floats(c).fma(scale, offset).fma(Lanes.load(x + 128L * group + 64), s);
            }
        }
        Lanes.store(s, sums);
    }

    private static void q6k(long v, int part, long x, int blocks, long sums) {
        FloatVector s = FloatVector.zero(Lanes.F);
        for (int b = 0; b < blocks; b++, v += 210, x += 1024) {
            float d = Native.getHalf(v + 208);
            for (int quarter = 0; quarter < 8; quarter++) {
                long low = v + 32L * ((quarter >> 2) * 2 + (quarter & 1)) + part;
                long upper = v + 128 + 32L * (quarter >> 2) + part;
                int shift = 2 * (quarter & 2);
                int pair = 2 * (quarter & 3);
                IntVector a = nibbles(low, shift).or(pairs(upper, pair)).sub(32);
                IntVector c = nibbles(low + 16, shift).or(pairs(upper + 16, pair)).sub(32);
                float scale = d * signedByte(v + 192 + 2L * quarter);
                s = Lanes.floats(a).mul(scale).fma(Lanes.load(x + 128L * quarter), s);
                scale = d * signedByte(v + 193 + 2L * quarter);
                s = Lanes.floats(c).mul(scale).fma(Lanes.load(x + 128L * quarter + 64), s);
            }
        }
        Lanes.store(s, sums);
    }

    private static IntVector nibbles(long address, int shift) {
        return Lanes.bytes(address).lanewise(VectorOperators.LSHR, shift).and(15);
    }

    /// Bit `group` of each byte, as bit 4.
    private static IntVector fifth(long address, int group) {
        IntVector bit = Lanes.bytes(address).lanewise(VectorOperators.LSHR, group).and(1);
        return bit.lanewise(VectorOperators.LSHL, 4);
    }

    /// Bits `shift` and `shift + 1` of each byte, as bits 4 and 5.
    private static IntVector pairs(long address, int shift) {
        IntVector bits = Lanes.bytes(address).lanewise(VectorOperators.LSHR, shift).and(3);
        return bits.lanewise(VectorOperators.LSHL, 4);
    }

    private static long scales(long first, long last) {
        return KScales.scales(Native.ALL.get(Stored.INT, first), Native.ALL.get(Stored.INT, last));
    }

    private static long minimums(long first, long last) {
        return KScales.minimums(
                Native.ALL.get(Stored.INT, first), Native.ALL.get(Stored.INT, last));
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(Lanes.F, value);
    }

    private static byte signedByte(long address) {
        return Native.ALL.get(ValueLayout.JAVA_BYTE, address);
    }
}
