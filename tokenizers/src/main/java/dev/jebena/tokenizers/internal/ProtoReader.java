package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.TokenizerException;

/// Reads the fields of one message in protobuf's wire format, without copying. The next field is
/// taken with [#next], its value with the method that fits.
final class ProtoReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    final byte[] data;
    private final String place;
    private int at;
    private final int end;
    private int type;
    private int valueStart;
    private int valueEnd;
    private long number;

    ProtoReader(byte[] data, int from, int to, String place) {
        this.data = data;
        this.place = place;
        this.at = from;
        this.end = to;
    }

    /// The number of the next field, or 0 at the end.
    int next() {
        if (at == end) {
            return 0;
        }
        long tag = varint();
        int field = (int) (tag >>> 3);
        type = (int) tag & 7;
        if (field <= 0 || tag >>> 3 > 0x1FFFFFFF) {
            throw damaged("field number " + (tag >>> 3));
        }
        valueStart = at;
        switch (type) {
            case VARINT -> number = varint();
            case FIXED64 -> skip(8);
            case BYTES -> {
                long length = varint();
                valueStart = at;
                skip(length);
            }
            case FIXED32 -> skip(4);
            default -> throw damaged("wire type " + type);
        }
        valueEnd = at;
        return field;
    }

    private void skip(long length) {
        if (length < 0 || length > end - at) {
            throw damaged("a field of " + length + " bytes, but " + (end - at) + " are left");
        }
        at += (int) length;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == end) {
                throw damaged("the end inside of a number");
            }
            byte b = data[at++];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw damaged("a number of more than 10 bytes");
    }

    private TokenizerException damaged(String found) {
        return new TokenizerException(
                place + ": not a SentencePiece model: found " + found + " at byte " + at);
    }

    private void expect(int wanted) {
        if (type != wanted) {
            throw damaged("wire type " + type + " instead of " + wanted);
        }
    }

    int integer() {
        expect(VARINT);
        return (int) number;
    }

    boolean flag() {
        expect(VARINT);
        return number != 0;
    }

    float real() {
        expect(FIXED32);
        int bits = 0;
        for (int i = 3; i >= 0; i--) {
            bits = bits << 8 | (data[valueStart + i] & 0xFF);
        }
        return Float.intBitsToFloat(bits);
    }

    ProtoReader message() {
        expect(BYTES);
        return new ProtoReader(data, valueStart, valueEnd, place);
    }

    byte[] bytes() {
        expect(BYTES);
        return java.util.Arrays.copyOfRange(data, valueStart, valueEnd);
    }

    String string() {
        expect(BYTES);
        return Utf8.string(data, valueStart, valueEnd);
    }
}
