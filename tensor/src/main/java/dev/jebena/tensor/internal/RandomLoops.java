package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.Distribution;
import java.lang.foreign.MemorySegment;

/// Random numbers by Philox 4x32-10: group c of four 32-bit numbers is a function of seed and c.
public final class RandomLoops {
    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int KEY_0 = 0x9E3779B9;
    private static final int KEY_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final int TILE = 16384;

    private RandomLoops() {}

    /// Group `counter` of a seed.
    static void philox(long seed, long counter, int[] out) {
        int c0 = (int) counter;
        int c1 = (int) (counter >>> 32);
        int c2 = 0;
        int c3 = 0;
        int k0 = (int) seed;
        int k1 = (int) (seed >>> 32);
        for (int i = 0; i < ROUNDS; i++) {
            long p0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long p1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c3 = (int) p0;
            k0 += KEY_0;
            k1 += KEY_1;
        }
        out[0] = c0;
        out[1] = c1;
        out[2] = c2;
        out[3] = c3;
    }

    /// Where numbers go: from element `at` on.
    public record Target(DType dtype, MemorySegment memory, long at) {}

    public static void fill(Distribution distribution, View state, View y) {
        Parallel.run(
                y.size(),
                TILE,
                (begin, end) ->
                        fill(
                                distribution,
                                state,
                                new Target(y.dtype(), y.memory(), begin),
                                begin,
                                end - begin));
    }

    /// Numbers `begin` to `begin + n` of a draw. Two numbers take one group: 64 bits each.
    public static void fill(
            Distribution distribution, View state, Target target, long begin, long n) {
        long seed = Elements.integer(state.dtype(), state.memory(), state.offset());
        long position =
                Elements.integer(state.dtype(), state.memory(), state.offset() + state.stride(0));
        int[] bits = new int[4];
        for (long i = begin & -2; i < begin + n; i += 2) {
            philox(seed, position + i / 2, bits);
            long first = ((long) bits[0] << 32) | (bits[1] & 0xFFFFFFFFL);
            long second = ((long) bits[2] << 32) | (bits[3] & 0xFFFFFFFFL);
            long at = target.at() + i - begin;
            pair(distribution, target, at, first, second, i >= begin, i + 1 < begin + n);
        }
    }

    private static void pair(
            Distribution distribution,
            Target y,
            long at,
            long first,
            long second,
            boolean one,
            boolean two) {
        DType dtype = y.dtype();
        if (distribution == Distribution.BITS) {
            if (one) {
                Elements.set(dtype, y.memory(), at, first);
            }
            if (two) {
                Elements.set(dtype, y.memory(), at + 1, second);
            }
            return;
        }
        double a = unit(dtype, first);
        double b = unit(dtype, second);
        if (distribution == Distribution.NORMAL) {
            // Box and Muller; the logarithm's argument is in (0, 1].
            double radius = Math.sqrt(-2 * Math.log(1 - (first >>> 11) * 0x1p-53));
            double angle = 2 * Math.PI * ((second >>> 11) * 0x1p-53);
            a = radius * Math.cos(angle);
            b = radius * Math.sin(angle);
        }
        if (one) {
            Elements.set(dtype, y.memory(), at, a);
        }
        if (two) {
            Elements.set(dtype, y.memory(), at + 1, b);
        }
    }

    /// In [0, 1), with as many bits as the type holds, so that rounding never gives 1.
    private static double unit(DType dtype, long bits) {
        int kept =
                switch (dtype) {
                    case FLOAT64 -> 53;
                    case FLOAT32 -> 24;
                    case FLOAT16 -> 11;
                    default -> 8;
                };
        return (bits >>> (64 - kept)) * Math.scalb(1.0, -kept);
    }
}
