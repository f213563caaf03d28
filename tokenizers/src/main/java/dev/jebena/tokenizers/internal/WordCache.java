package dev.jebena.tokenizers.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Remembers the ids of words. Each word has one place, which it shares with others; the last one
/// stored stays. So memory is bounded and nothing is locked: entries are immutable, and a thread
/// that does not see another's entry yet computes its own.
final class WordCache {
    private static final int PLACES = 1 << 14;
    private static final int LONGEST_WORD = 64;

    private final @Nullable Entry[] entries = new @Nullable Entry[PLACES];

    private record Entry(byte[] word, int[] ids) {}

    /// The ids of the word `text[from, to)`, or null when they are not remembered.
    int @Nullable [] find(byte[] text, int from, int to, int hash) {
        Entry entry = entries[hash & (PLACES - 1)];
        if (entry == null || !Arrays.equals(entry.word, 0, entry.word.length, text, from, to)) {
            return null;
        }
        return entry.ids;
    }

    void put(byte[] text, int from, int to, int hash, int[] ids) {
        if (to - from <= LONGEST_WORD) {
            entries[hash & (PLACES - 1)] = new Entry(Arrays.copyOfRange(text, from, to), ids);
        }
    }
}
