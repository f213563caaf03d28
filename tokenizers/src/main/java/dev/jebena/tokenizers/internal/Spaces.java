package dev.jebena.tokenizers.internal;

/// What lies around a stretch of UTF-8 text.
final class Spaces {
    private Spaces() {}

    static boolean isAsciiSpace(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }

    /// Where the run of spaces that ends at `at` begins, not before `lowest`.
    static int before(byte[] text, int at, int lowest) {
        int start = at;
        while (start > lowest) {
            int previous = previous(text, start);
            if (previous < lowest || !CodePoints.isSpace(CodePoints.at(text, previous))) {
                break;
            }
            start = previous;
        }
        return start;
    }

    /// Where the run of spaces that begins at `at` ends.
    static int after(byte[] text, int at, int to) {
        int end = at;
        while (end < to && CodePoints.isSpace(CodePoints.at(text, end))) {
            end += CodePoints.length(text[end]);
        }
        return end;
    }

    /// Whether a letter, digit or underscore touches `text[from, to)`.
    static boolean insideWord(byte[] text, int from, int to) {
        return (from > 0 && inWord(CodePoints.at(text, previous(text, from))))
                || (to < text.length && inWord(CodePoints.at(text, to)));
    }

    private static int previous(byte[] text, int at) {
        int start = at - 1;
        while (start > 0 && (text[start] & 0xC0) == 0x80) {
            start--;
        }
        return start;
    }

    private static boolean inWord(int c) {
        return Character.isAlphabetic(c)
                || CodePoints.isMark(c)
                || Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER
                || Character.getType(c) == Character.CONNECTOR_PUNCTUATION
                || c == 0x200C
                || c == 0x200D;
    }
}
