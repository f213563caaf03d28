package dev.jebena.tokenizers.internal;

import java.text.Normalizer.Form;
import org.jspecify.annotations.Nullable;

/// BERT's cleaning of text: control characters go, every kind of space becomes a space, Han
/// ideographs stand alone, accents and case go.
final class BertNormalizer implements Normalizer {
    private final boolean clean;
    private final boolean spaceIdeographs;
    private final boolean llamaCpp;

    private BertNormalizer(boolean clean, boolean spaceIdeographs, boolean llamaCpp) {
        this.clean = clean;
        this.spaceIdeographs = spaceIdeographs;
        this.llamaCpp = llamaCpp;
    }

    /// As llama.cpp does it: control characters that are white space are spaces, unassigned
    /// characters stay, and all kinds of marks are accents.
    static Normalizer asInLlamaCpp(boolean stripAccents, boolean lowercase) {
        Normalizer cleaning = new BertNormalizer(true, true, true);
        Normalizer form = new UnicodeForm(Form.NFD);
        Normalizer all =
                stripAccents
                        ? form.then(cleaning).then(form).then(without(CodePoints.MARKS))
                        : cleaning;
        return lowercase ? all.then(new Lowercase()) : all;
    }

    /// From the fields of a `tokenizer.json`; null where nothing is to be done.
    static @Nullable Normalizer of(Fields fields) {
        boolean clean = fields.flag("clean_text", true);
        boolean ideographs = fields.flag("handle_chinese_chars", true);
        boolean lowercase = fields.flag("lowercase", true);
        Normalizer all = clean || ideographs ? new BertNormalizer(clean, ideographs, false) : null;
        if (fields.flag("strip_accents", lowercase)) {
            Normalizer strip =
                    new UnicodeForm(Form.NFD).then(without(1 << Character.NON_SPACING_MARK));
            all = all == null ? strip : all.then(strip);
        }
        if (lowercase) {
            all = all == null ? new Lowercase() : all.then(new Lowercase());
        }
        return all;
    }

    /// Leaves out characters of the categories whose bits `types` has.
    static Normalizer without(int types) {
        return Normalizer.ofCharacters(c -> ((1 << Character.getType(c)) & types) == 0 ? c : -1);
    }

    @Override
    public Text normalize(Text text, int from, int to) {
        TextBuilder out = new TextBuilder(text, to - from + 16);
        int at = from;
        while (at < to) {
            int c = CodePoints.at(text.bytes, at);
            if (clean && isSpace(c)) {
                out.add(' ', at);
            } else if (spaceIdeographs && CodePoints.isIdeograph(c)) {
                out.add(' ', at);
                out.add(c, at);
                out.add(' ', at);
            } else if (!clean || !isControl(c)) {
                out.add(c, at);
            }
            at += CodePoints.length(text.bytes[at]);
        }
        return out.text();
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
}
