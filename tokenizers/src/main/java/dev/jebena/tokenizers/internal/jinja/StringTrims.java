package dev.jebena.tokenizers.internal.jinja;

import org.jspecify.annotations.Nullable;

/// Python's whitespace, and stripping of it or of given characters.
final class StringTrims {
    private StringTrims() {}

    static boolean isSpace(int c) {
        return (c >= 9 && c <= 13)
                || (c >= 0x1c && c <= 0x20)
                || c == 0x85
                || c == 0xa0
                || (c > 0xff && Character.isSpaceChar(c));
    }

    /// `text` without the characters of `chars`, or whitespace where it is null, at its begin.
    static String stripStart(String text, @Nullable String chars) {
        int begin = 0;
        while (begin < text.length() && strips(text.codePointAt(begin), chars)) {
            begin += Character.charCount(text.codePointAt(begin));
        }
        return text.substring(begin);
    }

    /// `text` without the characters of `chars`, or whitespace where it is null, at its end.
    static String stripEnd(String text, @Nullable String chars) {
        int end = text.length();
        while (end > 0 && strips(text.codePointBefore(end), chars)) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    static String strip(String text, @Nullable String chars) {
        return stripEnd(stripStart(text, chars), chars);
    }

    private static boolean strips(int c, @Nullable String chars) {
        return chars == null ? isSpace(c) : chars.indexOf(c) >= 0;
    }
}
