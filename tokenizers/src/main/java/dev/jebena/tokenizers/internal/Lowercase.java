package dev.jebena.tokenizers.internal;

import java.nio.charset.StandardCharsets;

/// Lower case character by character, as tokenizers do it: without the rules for the end of a word.
final class Lowercase implements Normalizer {
    // The one character whose lower case is two.
    private static final int DOTTED_I = 0x130;
    private static final byte[] TWO = "i\u0307".getBytes(StandardCharsets.UTF_8);

    @Override
    public Text normalize(Text text, int from, int to) {
        TextBuilder out = new TextBuilder(text, to - from + 8);
        int at = from;
        while (at < to) {
            int c = CodePoints.at(text.bytes, at);
            if (c == DOTTED_I) {
                out.add(TWO, at);
            } else {
                out.add(Character.toLowerCase(c), at);
            }
            at += CodePoints.length(text.bytes[at]);
        }
        return out.text();
    }
}
