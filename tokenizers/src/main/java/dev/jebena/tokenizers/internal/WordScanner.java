package dev.jebena.tokenizers.internal;

/// The words of Llama 3, Qwen and their relatives:
/// ``(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
/// ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`` with another count of digits, or with
/// combining marks counted as letters.
final class WordScanner extends Scanner {
    private final int digits;
    private final boolean contractions;
    private final boolean marks;

    /// @param digits how many digits make a word at most
    /// @param contractions whether `'s` and its like are words
    /// @param marks whether `\p{M}` belongs to words
    WordScanner(int digits, boolean contractions, boolean marks) {
        this.digits = digits;
        this.contractions = contractions;
        this.marks = marks;
    }

    @Override
    int next(byte[] text, int at, int to) {
        if (contractions) {
            int end = contraction(text, at, to, true);
            if (end > at) {
                return end;
            }
        }
        byte first = text[at];
        byte kind = CodePoints.kind(text, at);
        if (kind == CodePoints.LETTER) {
            return letters(text, at, to);
        }
        if (kind == CodePoints.NUMBER) {
            return numbers(text, at, to);
        }
        if (first != '\r' && first != '\n') {
            int second = at + CodePoints.length(first);
            if (second < to && inWord(text, second)) {
                return letters(text, second, to);
            }
            if (marks && inWord(text, at)) {
                return letters(text, at, to);
            }
        }
        if (kind == CodePoints.OTHER) {
            return punctuation(text, at, to);
        }
        if (first == ' ' && at + 1 < to && isOther(text, at + 1)) {
            return punctuation(text, at + 1, to);
        }
        return spacesOrLines(text, at, to);
    }

    private boolean inWord(byte[] text, int at) {
        return CodePoints.kind(text, at) == CodePoints.LETTER
                || (marks && text[at] < 0 && CodePoints.isMark(CodePoints.at(text, at)));
    }

    private boolean isOther(byte[] text, int at) {
        return CodePoints.kind(text, at) == CodePoints.OTHER && !(marks && inWord(text, at));
    }

    private int letters(byte[] text, int at, int to) {
        int end = at;
        while (end < to && inWord(text, end)) {
            end += CodePoints.length(text[end]);
        }
        return end;
    }

    private int numbers(byte[] text, int at, int to) {
        int end = at;
        for (int n = 0; n < digits && end < to; n++) {
            if (CodePoints.kind(text, end) != CodePoints.NUMBER) {
                break;
            }
            end += CodePoints.length(text[end]);
        }
        return end;
    }

    private int punctuation(byte[] text, int at, int to) {
        int end = at;
        while (end < to && isOther(text, end)) {
            end += CodePoints.length(text[end]);
        }
        return lineEnds(text, end, to);
    }

    private static int lineEnds(byte[] text, int at, int to) {
        int end = at;
        while (end < to && (text[end] == '\r' || text[end] == '\n')) {
            end++;
        }
        return end;
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`: up to the last line end of the run of spaces, if it has one.
    static int spacesOrLines(byte[] text, int at, int to) {
        int end = at;
        int last = at;
        int line = at;
        while (end < to && CodePoints.kind(text, end) == CodePoints.SPACE) {
            last = end;
            byte b = text[end];
            end += CodePoints.length(b);
            if (b == '\r' || b == '\n') {
                line = end;
            }
        }
        if (line > at) {
            return line;
        }
        return end == to || last == at ? end : last;
    }
}
