package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.TokenizerException;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Ranks of merges by the ids of their two halves, in an open-addressing table. One long holds left
/// id, right id and rank, 21 bits each.
final class MergeTable implements Symbols.Pairs {
    private static final long EMPTY = -1;
    private static final int BITS = 21;
    private static final int MASK = Vocabulary.MAX_SIZE - 1;

    // Differs from run to run, so that no file can be made whose merges all collide.
    private static final long FACTOR = 0x9E3779B97F4A7C15L ^ (System.nanoTime() >>> 4 << 1);

    private final long[] slots;
    private final int[] products;

    /// Room for `count` merges.
    MergeTable(int count) {
        if (count >= Vocabulary.MAX_SIZE) {
            throw new TokenizerException(
                    "the vocabulary has " + count + " merges, at most " + MASK + " are supported");
        }
        slots = new long[Integer.highestOneBit(Math.max(8, count)) * 4];
        products = new int[count];
        Arrays.fill(slots, EMPTY);
    }

    /// Adds a merge; of equal pairs the first one stays.
    void put(int rank, int left, int right, int product) {
        long pair = ((long) left << BITS) | right;
        int slot = slot(pair);
        while (slots[slot] != EMPTY) {
            if (slots[slot] >>> BITS == pair) {
                return;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = (pair << BITS) | rank;
        products[rank] = product;
    }

    /// The ids that merges make.
    IntStream products() {
        return Arrays.stream(products);
    }

    @Override
    public long find(Symbols symbols, int left, int right) {
        int leftId = symbols.id[left];
        int rightId = symbols.id[right];
        if ((leftId | rightId) < 0) {
            return Symbols.NONE;
        }
        long pair = ((long) leftId << BITS) | rightId;
        int slot = slot(pair);
        while (true) {
            long entry = slots[slot];
            if (entry == EMPTY) {
                return Symbols.NONE;
            }
            if (entry >>> BITS == pair) {
                int rank = (int) entry & MASK;
                return ((long) rank << 32) | products[rank];
            }
            slot = (slot + 1) & (slots.length - 1);
        }
    }

    private int slot(long pair) {
        long h = pair * FACTOR;
        return (int) (h >>> 32) & (slots.length - 1);
    }
}
