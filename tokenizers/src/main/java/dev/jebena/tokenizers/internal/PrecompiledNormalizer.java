package dev.jebena.tokenizers.internal;

import java.text.BreakIterator;
import java.util.Locale;

/// The `Precompiled` normalizer of Hugging Face tokenizers. It applies the rules of SentencePiece
/// not to the longest match but to grapheme clusters, and where a cluster is long or has none, to
/// its characters. Of several rules for a cluster the shortest is taken.
final class PrecompiledNormalizer implements Normalizer {
    private static final int LONGEST_CLUSTER = 5;

    private final CharacterMap map;

    PrecompiledNormalizer(CharacterMap map) {
        this.map = map;
    }

    @Override
    public Text normalize(Text text, int from, int to) {
        TextBuilder out = new TextBuilder(text, to - from + 16);
        String string = text.string(from, to);
        BreakIterator clusters = BreakIterator.getCharacterInstance(Locale.ROOT);
        clusters.setText(string);
        int chars = clusters.first();
        int at = from;
        for (int end = clusters.next(); end != BreakIterator.DONE; end = clusters.next()) {
            int next = at + Utf8.length(string, chars, end);
            cluster(text, at, next, out);
            at = next;
            chars = end;
        }
        return out.text();
    }

    private void cluster(Text text, int from, int to, TextBuilder out) {
        if (to - from <= LONGEST_CLUSTER && replace(text, from, to, out)) {
            return;
        }
        int at = from;
        while (at < to) {
            int end = at + CodePoints.length(text.bytes[at]);
            if (!replace(text, at, end, out)) {
                out.copy(at, end);
            }
            at = end;
        }
    }

    /// Whether there was a rule.
    private boolean replace(Text text, int from, int to, TextBuilder out) {
        long rule = map.find(text.bytes, from, to, false);
        if (rule < 0) {
            return false;
        }
        // The characters of the replacement come from those that they replace, one by one.
        int origin = from;
        for (int i = 0, b = map.replacement(rule, 0); b >= 0; b = map.replacement(rule, ++i)) {
            boolean begins = i > 0 && (b & 0xC0) != 0x80;
            int following = origin + CodePoints.length(text.bytes[origin]);
            origin = begins && following < to ? following : origin;
            out.addByte((byte) b, origin);
        }
        return true;
    }
}
