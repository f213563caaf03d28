package dev.jebena.tokenizers.internal;

import java.util.Arrays;
import java.util.stream.IntStream;

/// SentencePiece writes a space as U+2581, `▁`.
final class SpaceMarks implements Normalizer {
    private static final byte[] MARK = {(byte) 0xE2, (byte) 0x96, (byte) 0x81};

    private final byte[] mark;
    private final boolean prefix;
    private final boolean unlessMarked;

    /// @param prefix puts a mark before the text
    /// @param unlessMarked but not when it begins with one
    SpaceMarks(boolean prefix, boolean unlessMarked) {
        this(MARK, prefix, unlessMarked);
    }

    /// As the other, with another mark.
    SpaceMarks(byte[] mark, boolean prefix, boolean unlessMarked) {
        this.mark = mark.clone();
        this.prefix = prefix;
        this.unlessMarked = unlessMarked;
    }

    @Override
    public Text normalize(Text text, int from, int to) {
        if (text.isTraced()) {
            return traced(text, from, to);
        }
        byte[] bytes = text.bytes;
        int spaces = prefix ? 1 : 0;
        for (int i = from; i < to; i++) {
            spaces += bytes[i] == ' ' ? 1 : 0;
        }
        byte[] out = new byte[to - from + mark.length * spaces];
        int at = 0;
        if (putsPrefix(bytes, from, to)) {
            at = put(out, at);
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] == ' ') {
                at = put(out, at);
            } else {
                out[at++] = bytes[i];
            }
        }
        return Text.plain(at == out.length ? out : Arrays.copyOf(out, at));
    }

    private boolean putsPrefix(byte[] text, int from, int to) {
        if (!prefix || !unlessMarked) {
            return prefix;
        }
        int end = Math.min(to, from + mark.length);
        return text[from] != ' ' && !Arrays.equals(text, from, end, mark, 0, mark.length);
    }

    private Text traced(Text text, int from, int to) {
        TextBuilder out = new TextBuilder(text, to - from + 16);
        if (putsPrefix(text.bytes, from, to)) {
            out.add(mark, from);
        }
        for (int i = from; i < to; i++) {
            if (text.bytes[i] == ' ') {
                out.add(mark, i);
            } else {
                out.copy(i, i + 1);
            }
        }
        return out.text();
    }

    private int put(byte[] out, int at) {
        System.arraycopy(mark, 0, out, at, mark.length);
        return at + mark.length;
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

    /// Tokenizes what lies before and behind such a mark one by one.
    static WordModel wordByWord(WordModel model) {
        Words words = new Words();
        return (text, from, to, work, out) -> {
            int at = from;
            while (at < to) {
                int end = words.next(text, at, to);
                model.encode(text, at, end, work, out);
                at = end;
            }
        };
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
