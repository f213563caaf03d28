package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.EncodeOptions;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Side;
import dev.jebena.tokenizers.TokenizerException;
import dev.jebena.tokenizers.Truncation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Makes the encoding of one or two texts from their tokens: cuts them, and puts the vocabulary's
/// frame around them. Gives the same parts in the same order as Hugging Face tokenizers.
///
/// @param spelling of a token
/// @param found whether a token is one that is found in texts as it stands
record Assembly(Framing framing, IntFunction<String> spelling, IntPredicate found) {
    /// One or two texts and their tokens.
    record Input(String text, Encoding tokens) {}

    Encoding assemble(Input first, @Nullable Input second, EncodeOptions options) {
        int room = Integer.MAX_VALUE;
        Truncation truncation = options.truncation();
        if (truncation != null) {
            int added = options.addSpecial() ? framing.added(second != null) : 0;
            room = truncation.maxLength() - added;
            if (room < 0) {
                throw new TokenizerException(
                        "truncation to "
                                + truncation.maxLength()
                                + " tokens leaves no room for the "
                                + added
                                + " special tokens around the text");
            }
        }
        int[] lengths =
                lengths(
                        first.tokens.size(),
                        second == null ? -1 : second.tokens.size(),
                        room,
                        truncation);
        List<Encoding> firsts = parts(first, lengths[0], truncation);
        List<Encoding> seconds = second == null ? null : parts(second, lengths[1], truncation);
        return framed(firsts, seconds, options.addSpecial());
    }

    /// How many tokens of each text stay.
    private static int[] lengths(int first, int second, int room, @Nullable Truncation truncation) {
        long total = (long) first + Math.max(0, second);
        if (truncation == null || total <= room) {
            return new int[] {first, second};
        }
        if (room == 0) {
            return new int[] {0, 0};
        }
        int removed = (int) (total - room);
        return switch (truncation.strategy()) {
            case LONGEST_FIRST ->
                    second < 0 ? new int[] {room, second} : longestFirst(first, second, room);
            case ONLY_FIRST -> new int[] {only(first, removed, "first"), second};
            case ONLY_SECOND -> new int[] {first, only(second, removed, "second")};
        };
    }

    private static int only(int length, int removed, String which) {
        if (length <= removed) {
            throw new TokenizerException(
                    "cannot cut "
                            + removed
                            + " tokens off the "
                            + which
                            + " text, which has "
                            + Math.max(0, length));
        }
        return length - removed;
    }

    private static int[] longestFirst(int first, int second, int room) {
        int shorter = Math.min(first, second);
        int longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
        if ((long) shorter + longer > room) {
            shorter = room / 2;
            longer = shorter + room % 2;
        }
        return first > second ? new int[] {longer, shorter} : new int[] {shorter, longer};
    }

    /// The first `length` (or last) tokens, and parts for the others.
    private List<Encoding> parts(Input input, int length, @Nullable Truncation truncation) {
        Encoding all = input.tokens;
        if (truncation == null || length >= all.size()) {
            return List.of(trimmed(all, input.text));
        }
        if (length == 0) {
            return List.of(Encodings.slice(all, 0, 0), trimmed(all, input.text));
        }
        int step = length - truncation.stride();
        if (step <= 0) {
            throw new TokenizerException(
                    "a stride of "
                            + truncation.stride()
                            + " tokens needs parts of more, but only "
                            + length
                            + " fit beside the special tokens");
        }
        List<Encoding> parts = new ArrayList<>();
        boolean right = truncation.side() == Side.RIGHT;
        int size = all.size();
        for (int cut = 0; ; cut += step) {
            int from = right ? cut : Math.max(0, size - cut - length);
            int to = right ? Math.min(size, cut + length) : size - cut;
            parts.add(trimmed(Encodings.slice(all, from, to), input.text));
            if (right ? to == size : from == 0) {
                return parts;
            }
        }
    }

    private Encoding framed(
            List<Encoding> firsts, @Nullable List<Encoding> seconds, boolean addSpecial) {
        List<Encoding> all = new ArrayList<>();
        for (Encoding first : firsts) {
            if (seconds == null) {
                all.add(frame(first, null, addSpecial));
            } else {
                for (Encoding second : seconds) {
                    all.add(frame(first, second, addSpecial));
                }
            }
        }
        // Of a pair, first all parts of the first text come with each of the second.
        int head = seconds == null ? 1 : seconds.size();
        List<Encoding> overflow = new ArrayList<>(all.subList(head, all.size()));
        overflow.addAll(all.subList(1, head));
        return Encodings.withOverflow(all.getFirst(), overflow);
    }

    private Encoding frame(Encoding first, @Nullable Encoding second, boolean addSpecial) {
        List<Encoding> parts = new ArrayList<>();
        for (Framing.Part part : second == null ? framing.single() : framing.pair()) {
            if (part.text() < 0) {
                if (addSpecial) {
                    parts.add(Encodings.tokens(part.ids(), part.typeId()));
                }
                continue;
            }
            Encoding text = part.text() == 0 || second == null ? first : second;
            parts.add(Encodings.withTypeId(text, part.typeId()));
        }
        return Encodings.join(parts);
    }

    private Encoding trimmed(Encoding encoding, String text) {
        SpanTrim trim = framing.trim();
        if (trim == null) {
            return encoding;
        }
        int[] starts = encoding.starts().clone();
        int[] ends = encoding.ends().clone();
        for (int i = 0; i < starts.length; i++) {
            int id = encoding.ids()[i];
            String token = found.test(id) ? text.substring(starts[i], ends[i]) : spelling.apply(id);
            int leading = trim.leading(token, i == 0 || starts[i] == 0);
            int trailing = trim.trailing(token);
            starts[i] = forward(text, starts[i], leading, ends[i]);
            ends[i] = backward(text, ends[i], trailing, starts[i]);
        }
        return new Encoding(
                encoding.ids(),
                encoding.typeIds(),
                starts,
                ends,
                encoding.words(),
                encoding.specialTokensMask(),
                encoding.attentionMask(),
                List.of());
    }

    /// `at` moved by whole characters, not beyond `limit`.
    private static int forward(String text, int at, int characters, int limit) {
        int moved = at;
        for (int i = 0; i < characters && moved < limit; i++) {
            moved = Math.min(limit, text.offsetByCodePoints(moved, 1));
        }
        return moved;
    }

    private static int backward(String text, int at, int characters, int limit) {
        int moved = at;
        for (int i = 0; i < characters && moved > limit; i++) {
            moved = Math.max(limit, text.offsetByCodePoints(moved, -1));
        }
        return moved;
    }
}
