package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Padding;
import dev.jebena.tokenizers.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What is done to finished encodings: cutting stretches out, joining, padding.
public final class Encodings {
    private Encodings() {}

    static Encoding tokens(int[] ids, int typeId) {
        int[] none = new int[ids.length];
        return new Encoding(
                ids,
                filled(ids.length, typeId),
                none,
                none,
                filled(ids.length, -1),
                filled(ids.length, 1),
                filled(ids.length, 1),
                List.of());
    }

    static int[] filled(int length, int value) {
        int[] array = new int[length];
        Arrays.fill(array, value);
        return array;
    }

    /// The tokens `[from, to)`.
    static Encoding slice(Encoding all, int from, int to) {
        return new Encoding(
                Arrays.copyOfRange(all.ids(), from, to),
                Arrays.copyOfRange(all.typeIds(), from, to),
                Arrays.copyOfRange(all.starts(), from, to),
                Arrays.copyOfRange(all.ends(), from, to),
                Arrays.copyOfRange(all.words(), from, to),
                Arrays.copyOfRange(all.specialTokensMask(), from, to),
                Arrays.copyOfRange(all.attentionMask(), from, to),
                List.of());
    }

    static Encoding withTypeId(Encoding encoding, int typeId) {
        return new Encoding(
                encoding.ids(),
                filled(encoding.size(), typeId),
                encoding.starts(),
                encoding.ends(),
                encoding.words(),
                encoding.specialTokensMask(),
                encoding.attentionMask(),
                encoding.overflow());
    }

    static Encoding withOverflow(Encoding encoding, List<Encoding> overflow) {
        return new Encoding(
                encoding.ids(),
                encoding.typeIds(),
                encoding.starts(),
                encoding.ends(),
                encoding.words(),
                encoding.specialTokensMask(),
                encoding.attentionMask(),
                List.copyOf(overflow));
    }

    static Encoding join(List<Encoding> parts) {
        return new Encoding(
                joined(parts.stream().map(Encoding::ids).toList()),
                joined(parts.stream().map(Encoding::typeIds).toList()),
                joined(parts.stream().map(Encoding::starts).toList()),
                joined(parts.stream().map(Encoding::ends).toList()),
                joined(parts.stream().map(Encoding::words).toList()),
                joined(parts.stream().map(Encoding::specialTokensMask).toList()),
                joined(parts.stream().map(Encoding::attentionMask).toList()),
                List.of());
    }

    private static int[] joined(List<int[]> parts) {
        Ids all = new Ids(16);
        parts.forEach(all::addAll);
        return all.toArray();
    }

    /// All of them padded to one length, with what was cut off of them.
    public static List<Encoding> pad(List<Encoding> encodings, Padding padding) {
        int length = padding.length();
        if (length == 0) {
            for (Encoding encoding : encodings) {
                length = Math.max(length, encoding.size());
            }
        }
        int multiple = Math.max(1, padding.multipleOf());
        int target = Math.toIntExact(Math.ceilDiv((long) length, multiple) * multiple);
        List<Encoding> padded = new ArrayList<>();
        for (Encoding encoding : encodings) {
            List<Encoding> overflow =
                    encoding.overflow().stream().map(part -> pad(part, target, padding)).toList();
            padded.add(withOverflow(pad(encoding, target, padding), overflow));
        }
        return padded;
    }

    private static Encoding pad(Encoding encoding, int length, Padding padding) {
        int missing = length - encoding.size();
        if (missing <= 0) {
            return encoding;
        }
        int[] none = new int[missing];
        Encoding pad =
                new Encoding(
                        filled(missing, padding.id()),
                        filled(missing, padding.typeId()),
                        none,
                        none,
                        filled(missing, -1),
                        filled(missing, 1),
                        none,
                        List.of());
        return join(padding.side() == Side.LEFT ? List.of(pad, encoding) : List.of(encoding, pad));
    }
}
