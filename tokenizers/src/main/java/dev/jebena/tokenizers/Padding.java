package dev.jebena.tokenizers;

import dev.jebena.tokenizers.internal.Encodings;
import java.util.List;

/// How encodings are made equally long.
///
/// @param length how long at least; 0 for the longest of a batch
/// @param multipleOf the length becomes a multiple of this; 0 or 1 for any
/// @param side where padding goes
/// @param id the token that pads
/// @param typeId its type id
public record Padding(int length, int multipleOf, Side side, int id, int typeId) {
    public Padding {
        if (length < 0 || multipleOf < 0 || id < 0) {
            throw new IllegalArgumentException(
                    "padding with token "
                            + id
                            + " to a length of "
                            + length
                            + ", a multiple of "
                            + multipleOf);
        }
    }

    /// To the longest encoding of a batch, at the end.
    public static Padding toLongest(int id) {
        return new Padding(0, 0, Side.RIGHT, id, 0);
    }

    /// To a length, at the end.
    public static Padding to(int length, int id) {
        return new Padding(length, 0, Side.RIGHT, id, 0);
    }

    /// The encodings, all padded to one length, with what was cut off of them.
    public List<Encoding> pad(List<Encoding> encodings) {
        return Encodings.pad(encodings, this);
    }

    public Padding withSide(Side which) {
        return new Padding(length, multipleOf, which, id, typeId);
    }

    public Padding withMultipleOf(int number) {
        return new Padding(length, number, side, id, typeId);
    }
}
