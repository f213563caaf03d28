package dev.jebena.tokenizers.internal;

import java.text.Normalizer.Form;

/// BERT's cleaning of text: control characters go, every kind of space becomes a space, Han
/// ideographs stand alone, accents and case go.
final class BertNormalizer implements Normalizer {
    private static final int MARKS =
            (1 << Character.NON_SPACING_MARK)
                    | (1 << Character.COMBINING_SPACING_MARK)
                    | (1 << Character.ENCLOSING_MARK);

    private final boolean clean;
    private final boolean spaceIdeographs;
    private final boolean stripAccents;
    private final boolean lowercase;
    private final boolean llamaCpp;

    private BertNormalizer(
            boolean clean,
            boolean spaceIdeographs,
            boolean stripAccents,
            boolean lowercase,
            boolean llamaCpp) {
        this.clean = clean;
        this.spaceIdeographs = spaceIdeographs;
        this.stripAccents = stripAccents;
        this.lowercase = lowercase;
        this.llamaCpp = llamaCpp;
    }

    /// As llama.cpp does it: control characters that are white space are spaces, unassigned
    /// characters stay, and all kinds of marks are accents.
    static BertNormalizer asInLlamaCpp(boolean stripAccents, boolean lowercase) {
        return new BertNormalizer(true, true, stripAccents, lowercase, true);
    }

    static BertNormalizer of(Fields fields) {
        boolean lowercase = fields.flag("lowercase", true);
        return new BertNormalizer(
                fields.flag("clean_text", true),
                fields.flag("handle_chinese_chars", true),
                fields.flag("strip_accents", lowercase),
                lowercase,
                false);
    }

    @Override
    public byte[] normalize(byte[] text, int from, int to) {
        String in = Utf8.string(text, from, to);
        if (llamaCpp && stripAccents) {
            in = java.text.Normalizer.normalize(in, Form.NFD);
        }
        if (clean || spaceIdeographs) {
            in = cleaned(in);
        }
        if (stripAccents) {
            in =
                    withoutMarks(
                            java.text.Normalizer.normalize(in, Form.NFD),
                            llamaCpp ? MARKS : 1 << Character.NON_SPACING_MARK);
        }
        return Utf8.bytes(lowercase ? Lowercase.of(in) : in);
    }

    private String cleaned(String in) {
        StringBuilder out = new StringBuilder(in.length() + 16);
        for (int i = 0; i < in.length(); ) {
            int c = in.codePointAt(i);
            i += Character.charCount(c);
            if (clean && isSpace(c)) {
                out.append(' ');
            } else if (spaceIdeographs && CodePoints.isIdeograph(c)) {
                out.append(' ').appendCodePoint(c).append(' ');
            } else if (!clean || !isControl(c)) {
                out.appendCodePoint(c);
            }
        }
        return out.toString();
    }

    private boolean isSpace(int c) {
        return CodePoints.isSpace(c)
                && (llamaCpp
                        || c == '\t'
                        || c == '\n'
                        || c == '\r'
                        || Character.getType(c) != Character.CONTROL);
    }

    private boolean isControl(int c) {
        if (c == 0 || c == 0xFFFD) {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE -> true;
            case Character.UNASSIGNED -> !llamaCpp;
            default -> false;
        };
    }

    /// `in` without characters of the categories whose bits `types` has.
    static String withoutMarks(String in, int types) {
        StringBuilder out = new StringBuilder(in.length());
        in.codePoints()
                .filter(c -> ((1 << Character.getType(c)) & types) == 0)
                .forEach(out::appendCodePoint);
        return out.toString();
    }
}
