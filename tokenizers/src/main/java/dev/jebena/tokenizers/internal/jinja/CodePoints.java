package dev.jebena.tokenizers.internal.jinja;

import java.util.ArrayList;
import java.util.List;

/// Strings by Unicode characters, as Python counts them.
final class CodePoints {
    private CodePoints() {}

    static List<String> characters(String text) {
        List<String> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static String substring(String text, int begin, int end) {
        int from = text.offsetByCodePoints(0, begin);
        return text.substring(from, text.offsetByCodePoints(from, end - begin));
    }

    /// The place of a UTF-16 index, or -1 for -1.
    static long place(String text, int index) {
        return index < 0 ? -1 : text.codePointCount(0, index);
    }
}
