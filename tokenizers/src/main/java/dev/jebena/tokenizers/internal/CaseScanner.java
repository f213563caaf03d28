package dev.jebena.tokenizers.internal;

/// The words of GPT-4o, which end where upper case begins again. With `U` for upper case, title
/// case, modifier and other letters and marks, and `W` for lower case, modifier and other letters
/// and marks: ``[^\r\n\p{L}\p{N}]?U*W+(?i:'s|..)?|[^\r\n\p{L}\p{N}]?U+W*(?i:'s|..)?|\p{N}{1,3}|
/// ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+``
final class CaseScanner extends Scanner {
    private static final int UPPER = 1;
    private static final int LOWER = 2;

    private final int digits;
    private final boolean contractions;
    private final Case letters;

    /// Which letters are `U` and `W`.
    enum Case {
        /// As said above.
        UNICODE,
        /// All letters are both, but for those of ASCII; marks are neither. So reads llama.cpp.
        ASCII,
        /// The same with marks as both.
        ASCII_AND_MARKS,
        /// All letters and marks are both.
        NONE
    }

    CaseScanner(int digits, boolean contractions) {
        this(digits, contractions, Case.UNICODE);
    }

    CaseScanner(int digits, boolean contractions, Case letters) {
        this.digits = digits;
        this.contractions = contractions;
        this.letters = letters;
    }

    @Override
    int next(byte[] text, int at, int to) {
        int word = word(text, at, to);
        if (word > at) {
            return word;
        }
        byte kind = CodePoints.kind(text, at);
        if (kind == CodePoints.NUMBER) {
            int end = at;
            for (int n = 0; n < digits && end < to; n++) {
                if (CodePoints.kind(text, end) != CodePoints.NUMBER) {
                    break;
                }
                end += CodePoints.length(text[end]);
            }
            return end;
        }
        int start = text[at] == ' ' && at + 1 < to ? at + 1 : at;
        if (CodePoints.kind(text, start) == CodePoints.OTHER) {
            int end = skip(text, start, to, CodePoints.OTHER);
            while (end < to && (text[end] == '\r' || text[end] == '\n' || text[end] == '/')) {
                end++;
            }
            return end;
        }
        return WordScanner.spacesOrLines(text, at, to);
    }

    /// The end of one of the first two alternatives, or `at`.
    private int word(byte[] text, int at, int to) {
        byte kind = CodePoints.kind(text, at);
        boolean prefix =
                kind != CodePoints.LETTER
                        && kind != CodePoints.NUMBER
                        && text[at] != '\r'
                        && text[at] != '\n';
        int second = at + CodePoints.length(text[at]);
        int end = -1;
        if (prefix && second < to) {
            end = mixed(text, second, to);
        }
        if (end < 0) {
            end = mixed(text, at, to);
        }
        if (end < 0 && prefix && second < to) {
            end = capitals(text, second, to);
        }
        if (end < 0) {
            end = capitals(text, at, to);
        }
        if (end < 0) {
            return at;
        }
        return contractions ? contraction(text, end, to, true) : end;
    }

    /// `U*W+`: backtracks to the last character that is in both sets when no lower case follows.
    private int mixed(byte[] text, int at, int to) {
        int end = at;
        int both = -1;
        while (end < to) {
            int sets = sets(text, end);
            if ((sets & UPPER) == 0) {
                break;
            }
            end += CodePoints.length(text[end]);
            if (sets == (UPPER | LOWER)) {
                both = end;
            }
        }
        int lower = end;
        while (lower < to && (sets(text, lower) & LOWER) != 0) {
            lower += CodePoints.length(text[lower]);
        }
        return lower > end ? lower : both;
    }

    /// `U+W*` where `U*W+` does not match: a run of `U` alone.
    private int capitals(byte[] text, int at, int to) {
        int end = at;
        while (end < to && (sets(text, end) & UPPER) != 0) {
            end += CodePoints.length(text[end]);
        }
        return end > at ? end : -1;
    }

    private int sets(byte[] text, int at) {
        int b = text[at];
        if (b >= 0) {
            int set = b >= 'a' && b <= 'z' ? LOWER : b >= 'A' && b <= 'Z' ? UPPER : 0;
            return letters == Case.NONE && set != 0 ? UPPER | LOWER : set;
        }
        int c = CodePoints.at(text, at);
        if (letters != Case.UNICODE) {
            boolean both =
                    CodePoints.isLetter(c) || (letters != Case.ASCII && CodePoints.isMark(c));
            return both ? UPPER | LOWER : 0;
        }
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> UPPER;
            case Character.LOWERCASE_LETTER -> LOWER;
            case Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK ->
                    UPPER | LOWER;
            default -> 0;
        };
    }
}
