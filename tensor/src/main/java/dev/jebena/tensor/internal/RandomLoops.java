package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.Distribution;

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

    /// Two numbers of a result take one group: 64 bits each.
    public static void fill(Distribution distribution, View state, View y) {
        long seed = Elements.integer(state.dtype(), state.memory(), state.offset());
        long position =
                Elements.integer(state.dtype(), state.memory(), state.offset() + state.stride(0));
        Parallel.run(
                y.size(),
                TILE,
                (begin, end) -> {
                    int[] bits = new int[4];
                    for (long i = begin; i < end; i += 2) {
                        philox(seed, position + i / 2, bits);
                        long first = ((long) bits[0] << 32) | (bits[1] & 0xFFFFFFFFL);
                        long second = ((long) bits[2] << 32) | (bits[3] & 0xFFFFFFFFL);
                        pair(distribution, y, i, first, second);
                    }
                });
    }

    private static void pair(Distribution distribution, View y, long i, long first, long second) {
        boolean both = i + 1 < y.size();
        switch (distribution) {
            case BITS -> {
                Elements.set(y.dtype(), y.memory(), i, first);
                if (both) {
                    Elements.set(y.dtype(), y.memory(), i + 1, second);
                }
            }
            case UNIFORM -> {
                Elements.set(y.dtype(), y.memory(), i, unit(y.dtype(), first));
                if (both) {
                    Elements.set(y.dtype(), y.memory(), i + 1, unit(y.dtype(), second));
                }
            }
            case NORMAL -> {
                // Box and Muller; the logarithm's argument is in (0, 1].
                double radius = Math.sqrt(-2 * Math.log(1 - (first >>> 11) * 0x1p-53));
                double angle = 2 * Math.PI * ((second >>> 11) * 0x1p-53);
                Elements.set(y.dtype(), y.memory(), i, radius * Math.cos(angle));
                if (both) {
                    Elements.set(y.dtype(), y.memory(), i + 1, radius * Math.sin(angle));
                }
            }
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
