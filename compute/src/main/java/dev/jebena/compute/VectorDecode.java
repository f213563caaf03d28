package dev.jebena.compute;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Decodes blocks of the common types to float32 in vector registers, with the bits of their
/// [BlockFormat].
///
/// Where a format says `q * d + m`, one fused multiply-add gives the same bits: `q` and `d` have so
/// few digits that their product is exact. One method a type, each with a short loop, because the
/// compiler of the JVM gives up on long bodies.
final class VectorDecode {
    private static final int N = Lanes.COUNT;

    private VectorDecode() {}

    static boolean supports(DataType type) {
        return switch (type) {
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, Q6_K -> N > 4;
            case F16, BF16 -> true;
            default -> false;
        };
    }

    /// Decodes `count` elements, a multiple of the block size and of 16, from address `from` on, to
    /// address `to`.
    static void decode(DataType type, long from, long count, long to) {
        long blocks = count / type.blockSize();
        switch (type) {
            case Q4_0 -> q40(from, blocks, to);
            case Q4_1 -> q41(from, blocks, to);
            case Q5_0 -> q50(from, blocks, to);
            case Q5_1 -> q51(from, blocks, to);
            case Q8_0 -> q80(from, blocks, to);
            case Q4_K -> q4k(from, blocks, to);
            case Q5_K -> q5k(from, blocks, to);
            case Q6_K -> q6k(from, blocks, to);
            case F16 -> f16(from, count, to);
            case BF16 -> bf16(from, count, to);
            default -> throw new IllegalArgumentException("no vector form: " + type);
        }
    }

    private static void q40(long from, long blocks, long to) {
        for (long b = 0; b < blocks; b++, from += 18, to += 128) {
            float d = Native.getHalf(from);
            for (int p = 0; p < 16; p += N) {
                IntVector q = Lanes.bytes(from + 2 + p);
                Lanes.store(Lanes.floats(low(q).sub(8)).mul(d), to + 4L * p);
                Lanes.store(Lanes.floats(high(q).sub(8)).mul(d), to + 64 + 4L * p);
            }
        }
    }

    private static void q41(long from, long blocks, long to) {
        for (long b = 0; b < blocks; b++, from += 20, to += 128) {
            FloatVector d = all(Native.getHalf(from));
            FloatVector m = all(Native.getHalf(from + 2));
            for (int p = 0; p < 16; p += N) {
                IntVector q = Lanes.bytes(from + 4 + p);
                Lanes.store(Lanes.floats(low(q)).fma(d, m), to + 4L * p);
                Lanes.store(Lanes.floats(high(q)).fma(d, m), to + 64 + 4L * p);
            }
        }
    }

    private static void q50(long from, long blocks, long to) {
        for (long b = 0; b < blocks; b++, from += 22, to += 128) {
            float d = Native.getHalf(from);
            long fifth = ~Native.ALL.get(Stored.INT, from + 2);
            for (int p = 0; p < 16; p += N) {
                IntVector q = Lanes.bytes(from + 6 + p);
                IntVector a = low(q).lanewise(VectorOperators.SUB, 16, bits(fifth >>> p));
                Lanes.store(Lanes.floats(a).mul(d), to + 4L * p);
                IntVector c = high(q).lanewise(VectorOperators.SUB, 16, bits(fifth >>> (16 + p)));
                Lanes.store(Lanes.floats(c).mul(d), to + 64 + 4L * p);
            }
        }
    }

    private static void q51(long from, long blocks, long to) {
        for (long b = 0; b < blocks; b++, from += 24, to += 128) {
            FloatVector d = all(Native.getHalf(from));
            FloatVector m = all(Native.getHalf(from + 2));
            long fifth = Native.ALL.get(Stored.INT, from + 4);
            for (int p = 0; p < 16; p += N) {
                IntVector q = Lanes.bytes(from + 8 + p);
                IntVector a = low(q).lanewise(VectorOperators.ADD, 16, bits(fifth >>> p));
                Lanes.store(Lanes.floats(a).fma(d, m), to + 4L * p);
                IntVector c = high(q).lanewise(VectorOperators.ADD, 16, bits(fifth >>> (16 + p)));
                Lanes.store(Lanes.floats(c).fma(d, m), to + 64 + 4L * p);
            }
        }
    }

    private static void q80(long from, long blocks, long to) {
        for (long b = 0; b < blocks; b++, from += 34, to += 128) {
            float d = Native.getHalf(from);
            for (int p = 0; p < 32; p += N) {
                Lanes.store(Lanes.signedBytes(from + 2 + p).mul(d), to + 4L * p);
            }
        }
    }

    private static void q4k(long from, long blocks, long to) {
        for (long b = 0; b < blocks; b++, from += 144, to += 1024) {
            for (int pair = 0; pair < 4; pair++) {
                FloatVector scale0 = all(kScale(from, 2 * pair));
                FloatVector offset0 = all(kOffset(from, 2 * pair));
                FloatVector scale1 = all(kScale(from, 2 * pair + 1));
                FloatVector offset1 = all(kOffset(from, 2 * pair + 1));
                long source = from + 16 + 32L * pair;
                long target = to + 256L * pair;
                for (int p = 0; p < 32; p += N) {
                    IntVector q = Lanes.bytes(source + p);
                    Lanes.store(Lanes.floats(low(q)).fma(scale0, offset0), target + 4L * p);
                    Lanes.store(Lanes.floats(high(q)).fma(scale1, offset1), target + 128 + 4L * p);
                }
            }
        }
    }

    private static void q5k(long from, long blocks, long to) {
        for (long b = 0; b < blocks; b++, from += 176, to += 1024) {
            for (int pair = 0; pair < 4; pair++) {
                FloatVector scale0 = all(kScale(from, 2 * pair));
                FloatVector offset0 = all(kOffset(from, 2 * pair));
                FloatVector scale1 = all(kScale(from, 2 * pair + 1));
                FloatVector offset1 = all(kOffset(from, 2 * pair + 1));
                long source = from + 48 + 32L * pair;
                long target = to + 256L * pair;
                for (int p = 0; p < 32; p += N) {
                    IntVector q = Lanes.bytes(source + p);
                    IntVector fifth =
                            Lanes.bytes(from + 16 + p).lanewise(VectorOperators.LSHR, 2 * pair);
                    IntVector a = low(q).or(fifth.and(1).lanewise(VectorOperators.LSHL, 4));
                    Lanes.store(Lanes.floats(a).fma(scale0, offset0), target + 4L * p);
                    IntVector c = high(q).or(fifth.and(2).lanewise(VectorOperators.LSHL, 3));
                    Lanes.store(Lanes.floats(c).fma(scale1, offset1), target + 128 + 4L * p);
                }
            }
        }
    }

    private static void q6k(long from, long blocks, long to) {
        for (long b = 0; b < blocks; b++, from += 210, to += 1024) {
            float d = Native.getHalf(from + 208);
            for (int half = 0; half < 2; half++) {
                long low = from + 64L * half;
                long upper = from + 128 + 32L * half;
                long scales = from + 192 + 8L * half;
                q6kQuarters(low, upper, 0, d, scales, to + 512L * half);
                q6kQuarters(low + 32, upper, 2, d, scales + 2, to + 512L * half + 128);
            }
        }
    }

    /// Quarters 0 and 2, or 1 and 3, of half a Q6_K block: low nibbles with bits 0 and 1 of the
    /// upper bits after `shift`, high nibbles with their bits 4 and 5.
    private static void q6kQuarters(
            long low, long upper, int shift, float d, long scales, long target) {
        for (int p = 0; p < 32; p += N) {
            IntVector q = Lanes.bytes(low + p);
            IntVector bits = Lanes.bytes(upper + p).lanewise(VectorOperators.LSHR, shift);
            long scale = scales + p / 16;
            IntVector a = low(q).or(bits.and(3).lanewise(VectorOperators.LSHL, 4)).sub(32);
            Lanes.store(Lanes.floats(a).mul(d * signedByte(scale)), target + 4L * p);
            IntVector c = high(q).or(bits.and(0x30)).sub(32);
            Lanes.store(Lanes.floats(c).mul(d * signedByte(scale + 4)), target + 256 + 4L * p);
        }
    }

    private static void f16(long from, long count, long to) {
        for (long i = 0; i < count; i += N) {
            Lanes.store(Lanes.halves(from + 2 * i), to + 4 * i);
        }
    }

    private static void bf16(long from, long count, long to) {
        for (long i = 0; i < count; i += N) {
            Lanes.store(Lanes.brainFloats(from + 2 * i), to + 4 * i);
        }
    }

    private static IntVector low(IntVector bytes) {
        return bytes.and(15);
    }

    private static IntVector high(IntVector bytes) {
        return bytes.lanewise(VectorOperators.LSHR, 4);
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(Lanes.F, value);
    }

    private static VectorMask<Integer> bits(long bits) {
        return VectorMask.fromLong(Lanes.I, bits);
    }

    private static float kScale(long block, int group) {
        long first = Native.ALL.get(Stored.LONG, block + 4);
        int last = Native.ALL.get(Stored.INT, block + 12);
        float d = Native.getHalf(block);
        return d * KScales.scale(first, last, group);
    }

    private static float kOffset(long block, int group) {
        long first = Native.ALL.get(Stored.LONG, block + 4);
        int last = Native.ALL.get(Stored.INT, block + 12);
        float dmin = Native.getHalf(block + 2);
        return -dmin * KScales.minimum(first, last, group);
    }

    private static byte signedByte(long address) {
        return Native.ALL.get(ValueLayout.JAVA_BYTE, address);
    }
}
