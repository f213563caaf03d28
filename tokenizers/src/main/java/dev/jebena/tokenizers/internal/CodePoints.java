package dev.jebena.tokenizers.internal;

/// Characters of UTF-8 text and the classes that pre-tokenizers distinguish.
final class CodePoints {
    static final byte OTHER = 0;
    static final byte LETTER = 1;
    static final byte NUMBER = 2;
    static final byte SPACE = 3;

    private static final int LETTERS =
            (1 << Character.UPPERCASE_LETTER)
                    | (1 << Character.LOWERCASE_LETTER)
                    | (1 << Character.TITLECASE_LETTER)
                    | (1 << Character.MODIFIER_LETTER)
                    | (1 << Character.OTHER_LETTER);
    private static final int NUMBERS =
            (1 << Character.DECIMAL_DIGIT_NUMBER)
                    | (1 << Character.LETTER_NUMBER)
                    | (1 << Character.OTHER_NUMBER);
    static final int MARKS =
            (1 << Character.NON_SPACING_MARK)
                    | (1 << Character.COMBINING_SPACING_MARK)
                    | (1 << Character.ENCLOSING_MARK);
    private static final int PUNCTUATION =
            (1 << Character.CONNECTOR_PUNCTUATION)
                    | (1 << Character.DASH_PUNCTUATION)
                    | (1 << Character.START_PUNCTUATION)
                    | (1 << Character.END_PUNCTUATION)
                    | (1 << Character.INITIAL_QUOTE_PUNCTUATION)
                    | (1 << Character.FINAL_QUOTE_PUNCTUATION)
                    | (1 << Character.OTHER_PUNCTUATION);

    private static final byte[] ASCII = new byte[128];

    static {
        for (int c = 0; c < 128; c++) {
            ASCII[c] = classify(c);
        }
    }

    private CodePoints() {}

    /// The code point that begins at `text[at]`; text is valid UTF-8.
    static int at(byte[] text, int at) {
        int b = text[at];
        if (b >= 0) {
            return b;
        }
        if (b < (byte) 0xE0) {
            return ((b & 0x1F) << 6) | (text[at + 1] & 0x3F);
        }
        if (b < (byte) 0xF0) {
            return ((b & 0x0F) << 12) | ((text[at + 1] & 0x3F) << 6) | (text[at + 2] & 0x3F);
        }
        return ((b & 0x07) << 18)
                | ((text[at + 1] & 0x3F) << 12)
                | ((text[at + 2] & 0x3F) << 6)
                | (text[at + 3] & 0x3F);
    }

    /// Bytes of the character whose first byte is `b`.
    static int length(byte b) {
        if (b >= 0) {
            return 1;
        }
        return b < (byte) 0xE0 ? 2 : b < (byte) 0xF0 ? 3 : 4;
    }

    /// [#LETTER], [#NUMBER], [#SPACE] or [#OTHER].
    static byte kind(byte[] text, int at) {
        int b = text[at];
        return b >= 0 ? ASCII[b] : classify(at(text, at));
    }

    private static byte classify(int codePoint) {
        if (isSpace(codePoint)) {
            return SPACE;
        }
        int type = 1 << Character.getType(codePoint);
        return (type & LETTERS) != 0 ? LETTER : (type & NUMBERS) != 0 ? NUMBER : OTHER;
    }

    /// The Unicode property White_Space, which is `\s` in the regular expressions of tokenizers.
    static boolean isSpace(int c) {
        if (c < 0x80) {
            return c == ' ' || (c >= '\t' && c <= '\r');
        }
        return c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    static boolean isLetter(int codePoint) {
        return ((1 << Character.getType(codePoint)) & LETTERS) != 0;
    }

    static boolean isNumber(int codePoint) {
        return ((1 << Character.getType(codePoint)) & NUMBERS) != 0;
    }

    static boolean isMark(int codePoint) {
        return ((1 << Character.getType(codePoint)) & MARKS) != 0;
    }

    static boolean isPunctuation(int codePoint) {
        return ((1 << Character.getType(codePoint)) & PUNCTUATION) != 0;
    }

    /// Han ideographs as BERT's tokenizers list them (which put spaces around them).
    static boolean isIdeograph(int c) {
        return (c >= 0x4E00 && c <= 0x9FFF)
                || (c >= 0x3400 && c <= 0x4DBF)
                || (c >= 0x20000 && c <= 0x2A6DF)
                || (c >= 0x2A700 && c <= 0x2B73F)
                || (c >= 0x2B740 && c <= 0x2B81F)
                || (c >= 0x2B920 && c <= 0x2CEAF)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0x2F800 && c <= 0x2FA1F);
    }
}
