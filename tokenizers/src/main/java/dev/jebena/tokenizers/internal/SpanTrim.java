package dev.jebena.tokenizers.internal;

/// Takes the spaces at both ends of tokens out of their spans (`trim_offsets`), so that ` word` is
/// found where `word` is.
///
/// @param prefixSpace whether the first token's single space was put there by the tokenizer, so
///   that the text has none to take away
record SpanTrim(boolean prefixSpace) {
    /// How many characters to take away at the beginning of a span.
    int leading(String token, boolean first) {
        int spaces = 0;
        while (spaces < token.length() && isSpace(token.charAt(spaces))) {
            spaces++;
        }
        return first && prefixSpace && spaces == 1 ? 0 : spaces;
    }

    /// How many at its end.
    int trailing(String token) {
        int spaces = 0;
        while (spaces < token.length() && isSpace(token.charAt(token.length() - 1 - spaces))) {
            spaces++;
        }
        return spaces;
    }

    private static boolean isSpace(char c) {
        return c == ByteAlphabet.charOf(' ') || CodePoints.isSpace(c);
    }
}
