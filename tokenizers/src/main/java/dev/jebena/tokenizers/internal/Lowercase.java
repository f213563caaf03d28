package dev.jebena.tokenizers.internal;

/// Lower case character by character, as tokenizers do it: without the rules for the end of a word.
final class Lowercase {
    private Lowercase() {}

    static String of(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    // The one character whose lower case is two.
                    if (c == 0x130) {
                        out.append("i\u0307");
                    } else {
                        out.appendCodePoint(Character.toLowerCase(c));
                    }
                });
        return out.toString();
    }
}
