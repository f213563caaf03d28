package dev.jebena.tokenizers.internal;

import java.util.Arrays;
import java.util.stream.IntStream;

/// SentencePiece writes a space as U+2581, `▁`.
final class SpaceMarks implements Normalizer {
    private static final byte[] MARK = {(byte) 0xE2, (byte) 0x96, (byte) 0x81};

    private final boolean prefix;
    private final boolean unlessMarked;

    /// @param prefix puts a mark before the text
    /// @param unlessMarked but not when it begins with one
    SpaceMarks(boolean prefix, boolean unlessMarked) {
        this.prefix = prefix;
        this.unlessMarked = unlessMarked;
    }

    @Override
    public byte[] normalize(byte[] text, int from, int to) {
        int spaces = prefix ? 1 : 0;
        for (int i = from; i < to; i++) {
            spaces += text[i] == ' ' ? 1 : 0;
        }
        byte[] out = new byte[to - from + 3 * spaces];
        int at = 0;
        if (prefix && !(unlessMarked && (text[from] == ' ' || isMark(text, from, to)))) {
            at = put(out, at);
        }
        for (int i = from; i < to; i++) {
            if (text[i] == ' ') {
                at = put(out, at);
            } else {
                out[at++] = text[i];
            }
        }
        return at == out.length ? out : Arrays.copyOf(out, at);
    }

    private static int put(byte[] out, int at) {
        System.arraycopy(MARK, 0, out, at, MARK.length);
        return at + MARK.length;
    }

    static boolean isMark(byte[] text, int at, int to) {
        return at + 2 < to
                && text[at] == MARK[0]
                && text[at + 1] == MARK[1]
                && text[at + 2] == MARK[2];
    }

    /// Cuts before marks where that cannot change the result: none of the ids that joining may give
    /// has a mark after something else, so none joins two words. Otherwise the whole text is one
    /// piece.
    static Splitter splitter(Vocabulary vocabulary, IntStream products) {
        return products.anyMatch(vocabulary::marksInside) ? Splitter.none() : new Words();
    }

    /// Cuts before each mark that follows something else.
    static Splitter words() {
        return new Words();
    }

    private static final class Words extends Scanner {
        @Override
        int next(byte[] text, int at, int to) {
            int end = at;
            while (isMark(text, end, to)) {
                end += MARK.length;
            }
            while (end < to && !isMark(text, end, to)) {
                end++;
            }
            return end;
        }
    }
}
