package dev.jebena.tokenizers.internal;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// Text of tokens that write a space as `▁` and single bytes as `<0x0A>`.
final class MarkedText implements TokenText {
    private final Vocabulary vocabulary;
    private final IntUnaryOperator typeOf;
    private final boolean stripFirst;

    /// @param stripFirst whether a text's first token loses its leading space
    MarkedText(Vocabulary vocabulary, IntUnaryOperator typeOf, boolean stripFirst) {
        this.vocabulary = vocabulary;
        this.typeOf = typeOf;
        this.stripFirst = stripFirst;
    }

    @Override
    public byte[] bytes(int id) {
        byte[] spelling = vocabulary.bytes(id);
        return switch (typeOf.applyAsInt(id)) {
            case GgufTokenTypes.NORMAL -> unmark(spelling);
            case GgufTokenTypes.BYTE -> singleByte(spelling);
            case GgufTokenTypes.CONTROL, GgufTokenTypes.UNKNOWN, GgufTokenTypes.USER_DEFINED ->
                    spelling;
            default -> new byte[0];
        };
    }

    @Override
    public byte[] first(int id) {
        byte[] bytes = bytes(id);
        boolean strip = stripFirst && bytes.length > 0 && bytes[0] == ' ';
        return strip ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    /// `bytes` with spaces for marks.
    static byte[] unmark(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        int size = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (SpaceMarks.isMark(bytes, i, bytes.length)) {
                out[size++] = ' ';
                i += 2;
            } else {
                out[size++] = bytes[i];
            }
        }
        return size == out.length ? out : Arrays.copyOf(out, size);
    }

    /// The byte that `<0x0A>` names; other spellings stand for themselves.
    static byte[] singleByte(byte[] spelling) {
        if (spelling.length != 6
                || spelling[0] != '<'
                || spelling[1] != '0'
                || spelling[2] != 'x'
                || spelling[5] != '>') {
            return spelling;
        }
        int high = Character.digit(spelling[3], 16);
        int low = Character.digit(spelling[4], 16);
        return high < 0 || low < 0 ? spelling : new byte[] {(byte) ((high << 4) | low)};
    }
}
