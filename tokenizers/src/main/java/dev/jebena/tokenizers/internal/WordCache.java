package dev.jebena.tokenizers.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Remembers the ids that a model gives to short words. Each word has one place, which it shares
/// with others; the last one stored stays. So memory is bounded and nothing is locked: entries are
/// immutable, and a thread that does not see another's entry yet computes its own.
final class WordCache implements WordModel {
    private static final int PLACES = 1 << 14;
    private static final int LONGEST_WORD = 64;

    private final WordModel model;
    private final @Nullable Entry[] entries = new @Nullable Entry[PLACES];

    private record Entry(byte[] word, int[] ids) {}

    /// @param model asked for words that are long, not remembered, or traced to the original
    WordCache(WordModel model) {
        this.model = model;
    }

    @Override
    public void encode(byte[] text, int from, int to, Symbols work, Ids out) {
        if (to - from > LONGEST_WORD || out.isTraced()) {
            model.encode(text, from, to, work, out);
            return;
        }
        int place = Vocabulary.hash(text, from, to) & (PLACES - 1);
        Entry entry = entries[place];
        if (entry != null && Arrays.equals(entry.word, 0, entry.word.length, text, from, to)) {
            out.addAll(entry.ids);
            return;
        }
        int before = out.size();
        model.encode(text, from, to, work, out);
        entries[place] = new Entry(Arrays.copyOfRange(text, from, to), out.from(before));
    }
}
