package dev.jebena.tokenizers.internal;

import java.text.Normalizer.Form;

/// BERT's cleaning of text: control characters go, every kind of space becomes a space, Han
/// ideographs stand alone, accents and case go.
final class BertNormalizer implements Normalizer {
    private final boolean clean;
    private final boolean spaceIdeographs;
    private final boolean stripAccents;
    private final boolean lowercase;
    private final boolean keepFormats;

    /// @param keepFormats unused code points stay; only control, format and private ones go
    BertNormalizer(
            boolean clean,
            boolean spaceIdeographs,
            boolean stripAccents,
            boolean lowercase,
            boolean keepFormats) {
        this.clean = clean;
        this.spaceIdeographs = spaceIdeographs;
        this.stripAccents = stripAccents;
        this.lowercase = lowercase;
        this.keepFormats = keepFormats;
    }

    @Override
    public byte[] normalize(byte[] text, int from, int to) {
        String in = Utf8.string(text, from, to);
        if (clean || spaceIdeographs) {
            in = cleaned(in);
        }
        if (stripAccents) {
            in = withoutAccents(in);
        }
        return Utf8.bytes(lowercase ? Lowercase.of(in) : in);
    }

    private String cleaned(String in) {
        StringBuilder out = new StringBuilder(in.length() + 16);
        in.codePoints()
                .forEach(c -> {
                    if (clean && CodePoints.isSpace(c)) {
                        out.append(' ');
                    } else if (clean && isControl(c)) {
                        return;
                    } else if (spaceIdeographs && CodePoints.isIdeograph(c)) {
                        out.append(' ').appendCodePoint(c).append(' ');
                    } else {
                        out.appendCodePoint(c);
                    }
                });
        return out.toString();
    }

    private boolean isControl(int c) {
        if (c == 0 || c == 0xFFFD) {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE ->
                    true;
            case Character.UNASSIGNED -> !keepFormats;
            default -> false;
        };
    }

    static String withoutAccents(String in) {
        StringBuilder out = new StringBuilder(in.length());
        java.text.Normalizer.normalize(in, Form.NFD)
                .codePoints()
                .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                .forEach(out::appendCodePoint);
        return out.toString();
    }
}
