package dev.jebena.data;

/// The numbers 0 to n-1 in another order, without a table: a Feistel network over the next even
/// number of bits, walked until it falls below n.
final class Permutation {
    private static final int ROUNDS = 6;

    private final long n;
    private final long seed;
    private final int half;
    private final long mask;

    Permutation(long n, long seed) {
        this.n = n;
        this.seed = seed;
        int bits = Math.max(2, 64 - Long.numberOfLeadingZeros(Math.max(1, n - 1)));
        this.half = (bits + 1) / 2;
        this.mask = (1L << half) - 1;
    }

    /// Where `i` goes.
    long at(long i) {
        if (i < 0 || i >= n) {
            throw new IndexOutOfBoundsException(i + " of " + n);
        }
        long x = i;
        do {
            x = once(x);
        } while (x >= n);
        return x;
    }

    private long once(long x) {
        long left = x >>> half;
        long right = x & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long next = left ^ (Draws.bits(seed + round, right) & mask);
            left = right;
            right = next;
        }
        return left << half | right;
    }
}
