package dev.jebena.tokenizers.internal;

/// Words between spaces; each punctuation character is a word.
final class BertSplitter implements Splitter {
    private final boolean spaces;

    /// @param spaces whether spaces separate words, and are left out; otherwise only punctuation
    ///   does
    BertSplitter(boolean spaces) {
        this.spaces = spaces;
    }

    @Override
    public void split(Text text, int from, int to, Pieces sink) {
        byte[] bytes = text.bytes;
        int word = from;
        int at = from;
        while (at < to) {
            int c = CodePoints.at(bytes, at);
            int end = at + CodePoints.length(bytes[at]);
            boolean space = spaces && CodePoints.isSpace(c);
            if (space || isPunctuation(c)) {
                if (word < at) {
                    sink.piece(text, word, at);
                }
                if (!space) {
                    sink.piece(text, at, end);
                }
                word = end;
            }
            at = end;
        }
        if (word < to) {
            sink.piece(text, word, to);
        }
    }

    /// Punctuation, and all other ASCII characters that are neither letters, digits nor spaces.
    static boolean isPunctuation(int c) {
        if (c < 0x80) {
            return c > ' '
                    && c < 0x7F
                    && !(c >= '0' && c <= '9')
                    && !(c >= 'A' && c <= 'Z')
                    && !(c >= 'a' && c <= 'z');
        }
        return CodePoints.isPunctuation(c);
    }
}
