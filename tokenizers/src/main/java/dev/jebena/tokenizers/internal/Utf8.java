package dev.jebena.tokenizers.internal;

import java.nio.charset.StandardCharsets;

/// Text as UTF-8 bytes.
final class Utf8 {
    private Utf8() {}

    /// The bytes of `text`; half of a surrogate pair becomes U+FFFD.
    static byte[] bytes(String text) {
        return (hasHalfPair(text) ? wellFormed(text) : text).getBytes(StandardCharsets.UTF_8);
    }

    static String string(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8);
    }

    /// How many bytes `text[from, to)` takes.
    static int length(String text, int from, int to) {
        int length = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair counts for two of the pair's four bytes.
            length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return length;
    }

    /// Whether `text[from, to)` is ASCII alone.
    static boolean isAscii(byte[] text, int from, int to) {
        int all = 0;
        for (int i = from; i < to; i++) {
            all |= text[i];
        }
        return all >= 0;
    }

    private static boolean hasHalfPair(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) == 1) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static String wellFormed(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c)
                .forEach(out::appendCodePoint);
        return out.toString();
    }
}
