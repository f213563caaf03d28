package dev.jebena.tokenizers.internal;

/// A splitter whose pieces follow each other without gaps: a regular expression that matches
/// everywhere, written out by hand.
abstract class Scanner implements Splitter {
    /// The end of the piece that begins at `at`, which is below `to`.
    abstract int next(byte[] text, int at, int to);

    @Override
    public final void split(Text text, int from, int to, Pieces sink) {
        byte[] bytes = text.bytes;
        int at = from;
        while (at < to) {
            int end = next(bytes, at, to);
            sink.piece(text, at, end);
            at = end;
        }
    }

    /// The end of the run of characters of this kind that begins at `at`.
    static int skip(byte[] text, int at, int to, byte kind) {
        int end = at;
        while (end < to && CodePoints.kind(text, end) == kind) {
            end += CodePoints.length(text[end]);
        }
        return end;
    }

    /// `\s+(?!\S)|\s+` at a space: the run of spaces without its last one, unless the text ends
    /// there.
    static int spaces(byte[] text, int at, int to) {
        int end = at;
        int last = at;
        while (end < to && CodePoints.kind(text, end) == CodePoints.SPACE) {
            last = end;
            end += CodePoints.length(text[end]);
        }
        return end == to || last == at ? end : last;
    }

    /// The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d` at the apostrophe `text[at]`, or
    /// `at` when there is none.
    static int contraction(byte[] text, int at, int to, boolean ignoreCase) {
        if (at + 1 >= to || text[at] != '\'') {
            return at;
        }
        int first = fold(text[at + 1], ignoreCase);
        if (first == 's' || first == 't' || first == 'm' || first == 'd') {
            return at + 2;
        }
        if (at + 2 < to) {
            int second = fold(text[at + 2], ignoreCase);
            if ((second == 'e' && (first == 'r' || first == 'v'))
                    || (second == 'l' && first == 'l')) {
                return at + 3;
            }
            // U+017F, the long s, is an s to a case-insensitive expression.
            if (ignoreCase && text[at + 1] == (byte) 0xC5 && text[at + 2] == (byte) 0xBF) {
                return at + 3;
            }
        }
        return at;
    }

    private static int fold(byte b, boolean ignoreCase) {
        return ignoreCase && b >= 'A' && b <= 'Z' ? b + 32 : b;
    }
}
