package dev.jebena.data;

/// Random numbers by seed and number of the draw, so that any of them can be had again.
final class Draws {
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private Draws() {}

    /// 64 bits: SplitMix64's function (Steele, Lea, Flood 2014) over seed and counter.
    static long bits(long seed, long counter) {
        return mix(mix(seed + STEP) ^ mix((counter + 1) * STEP));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /// From 0 to `bound` - 1.
    static int below(int bound, long seed, long counter) {
        return (int) Math.unsignedMultiplyHigh(bits(seed, counter), bound);
    }

    /// From 0 to 1, without 1.
    static double fraction(long seed, long counter) {
        return (bits(seed, counter) >>> 11) * 0x1p-53;
    }

    /// The numbers 0 to n-1 in an order that depends on the seed.
    static int[] order(int n, long seed) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = below(i + 1, seed, i);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
