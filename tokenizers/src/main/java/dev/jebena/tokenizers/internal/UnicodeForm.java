package dev.jebena.tokenizers.internal;

import java.text.Normalizer.Form;

/// The Unicode normalization forms. Text is taken apart where characters cannot act on each other,
/// so that a traced text keeps its origins to the character.
final class UnicodeForm implements Normalizer {
    // Longer runs of marks occur in no language; tracing each of them would take quadratic time.
    private static final int LONGEST_TRACED = 64;

    private final Form form;
    private final Form decomposition;

    UnicodeForm(Form form) {
        this.form = form;
        this.decomposition = form == Form.NFC || form == Form.NFD ? Form.NFD : Form.NFKD;
    }

    @Override
    public Text normalize(Text text, int from, int to) {
        if (Utf8.isAscii(text.bytes, from, to)) {
            return text.slice(from, to);
        }
        if (!text.isTraced()) {
            return Text.plain(
                    Utf8.bytes(java.text.Normalizer.normalize(text.string(from, to), form)));
        }
        TextBuilder out = new TextBuilder(text, to - from + 16);
        int at = from;
        while (at < to) {
            int end = segment(text.bytes, at, to);
            if (end == at + 1) {
                out.copy(at, end);
            } else {
                trace(text, at, end, out);
            }
            at = end;
        }
        return out.text();
    }

    /// The end of the characters from `at` on that may be reordered or composed.
    private int segment(byte[] text, int at, int to) {
        int end = at + CodePoints.length(text[at]);
        while (end < to && text[end] < 0 && continues(CodePoints.at(text, end))) {
            end += CodePoints.length(text[end]);
        }
        return end;
    }

    private boolean continues(int c) {
        int first =
                java.text.Normalizer.normalize(Character.toString(c), decomposition).codePointAt(0);
        // The second and third letters of Hangul syllables.
        return CodePoints.isMark(first) || (first >= 0x1161 && first <= 0x11FF);
    }

    /// Appends the normal form of the segment `[from, to)`. Its characters come from those of the
    /// segment in turn; what a character falls into comes from it, and a composed one from the
    /// first of those that it takes the place of.
    private void trace(Text text, int from, int to, TextBuilder out) {
        int[] normal = codePoints(text.string(from, to), form);
        if (to - from > LONGEST_TRACED) {
            for (int c : normal) {
                out.add(c, from);
            }
            return;
        }
        Ids parts = new Ids(16);
        Ids more = new Ids(16);
        Ids places = new Ids(16);
        for (int at = from; at < to; at += CodePoints.length(text.bytes[at])) {
            places.add(at);
            int[] into =
                    codePoints(Character.toString(CodePoints.at(text.bytes, at)), decomposition);
            for (int i = 0; i < into.length; i++) {
                parts.add(into[i]);
                more.add(i == 0 ? 0 : 1);
            }
        }
        int[] left = parts.toArray();
        int[] later = more.toArray();
        int[] place = places.toArray();
        int next = 0;
        for (int c : normal) {
            // How many characters of the segment it takes the place of.
            int taken = 0;
            for (int part : codePoints(Character.toString(c), decomposition)) {
                int index = take(left, part);
                taken += index < 0 ? 0 : 1 - later[index];
            }
            int origin = taken == 0 ? next - 1 : next;
            out.add(c, place[Math.clamp(origin, 0, place.length - 1)]);
            next += taken;
        }
    }

    private static int take(int[] parts, int part) {
        for (int i = 0; i < parts.length; i++) {
            if (parts[i] == part) {
                parts[i] = -1;
                return i;
            }
        }
        return -1;
    }

    private static int[] codePoints(String text, Form form) {
        return java.text.Normalizer.normalize(text, form).codePoints().toArray();
    }
}
