package dev.jebena.tokenizers.internal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a vocabulary puts around a text and around a pair of texts.
///
/// @param single for one text
/// @param pair for two
/// @param trim how spaces leave the spans of tokens, or null when they stay
record Framing(List<Part> single, List<Part> pair, @Nullable SpanTrim trim) {
    /// The first or second text, or tokens.
    ///
    /// @param text 0 or 1, -1 for tokens
    /// @param typeId of what it puts there, -1 to leave it
    record Part(int text, int typeId, int[] ids) {
        static Part text(int index, int typeId) {
            return new Part(index, typeId, new int[0]);
        }

        static Part tokens(int typeId, int... ids) {
            return new Part(-1, typeId, ids);
        }
    }

    /// `prefix text suffix` and `prefix text suffix text suffix`.
    static Framing of(int[] prefix, int[] suffix) {
        Part before = Part.tokens(0, prefix);
        Part after = Part.tokens(0, suffix);
        return new Framing(
                List.of(before, Part.text(0, 0), after),
                List.of(before, Part.text(0, 0), after, Part.text(1, 1), Part.tokens(1, suffix)),
                null);
    }

    /// The ids before a single text.
    int[] prefix() {
        return around(true);
    }

    /// The ids behind a single text.
    int[] suffix() {
        return around(false);
    }

    private int[] around(boolean before) {
        Ids ids = new Ids(4);
        boolean seen = false;
        for (Part part : single) {
            if (part.text < 0 && before != seen) {
                ids.addAll(part.ids);
            }
            seen |= part.text >= 0;
        }
        return ids.toArray();
    }

    /// How many tokens it adds.
    int added(boolean isPair) {
        int added = 0;
        for (Part part : isPair ? pair : single) {
            added += part.ids.length;
        }
        return added;
    }

    /// All ids that it adds.
    int[] ids() {
        Ids ids = new Ids(4);
        List<Part> parts = new ArrayList<>(single);
        parts.addAll(pair);
        parts.forEach(part -> ids.addAll(part.ids));
        return ids.toArray();
    }
}
