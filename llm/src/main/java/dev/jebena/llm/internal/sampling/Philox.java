package dev.jebena.llm.internal.sampling;

/// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
/// 1, 2, 3", 2011). A number depends on the key and the counter only, so it does not matter who
/// else draws numbers, or when.
final class Philox {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private Philox() {}

    /// The four numbers of a block.
    static int[] block(int c0, int c1, int c2, int c3, int k0, int k1) {
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (c0 & 0xFFFFFFFFL);
            long product1 = MULTIPLIER_1 * (c2 & 0xFFFFFFFFL);
            int n0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            int n2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c0 = n0;
            c1 = (int) product1;
            c2 = n2;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return new int[] {c0, c1, c2, c3};
    }

    /// A number from 0 (inclusive) to 1 (exclusive) with 53 random bits.
    static double uniform(long seed, long counter) {
        return uniform(seed, counter, 0);
    }

    /// The same of another stream of the same seed.
    static double uniform(long seed, long counter, int stream) {
        int[] block =
                block(
                        (int) counter,
                        (int) (counter >>> 32),
                        stream,
                        0,
                        (int) seed,
                        (int) (seed >>> 32));
        long bits = ((block[0] & 0xFFFFFFFFL) << 21) ^ (block[1] & 0x1FFFFFL);
        return bits * 0x1.0p-53;
    }
}
