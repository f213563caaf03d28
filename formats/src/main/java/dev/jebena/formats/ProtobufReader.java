package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/// The fields of one message in Protocol Buffers' wire format, in the file's order. Nothing is
/// copied but strings and numbers; counts and nesting are bounded.
final class ProtobufReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH = 2;
    static final int FIXED32 = 5;

    /// Deepest nesting that Google's own readers accept.
    private static final int DEEPEST = 100;

    /// Fields and, counted as quarters, packed numbers of a whole file.
    private static final long MOST_VALUES = 5_000_000;

    /// Bytes of all texts of a file: names and descriptions, no tensors.
    private static final long MOST_TEXT = 256L << 20;

    private static final ValueLayout.OfInt I32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// What all messages of a file share.
    private static final class Whole {
        private final Function<String, FormatException> problem;
        private long values;
        private long quarters;
        private long text;

        private Whole(Function<String, FormatException> problem) {
            this.problem = problem;
        }
    }

    private final MemorySegment file;
    private final String message;
    private final long end;
    private final int depth;
    private final Whole whole;
    private long at;
    private long begin;
    private int field;
    private int wire;

    private ProtobufReader(
            MemorySegment file, String message, long at, long end, int depth, Whole whole) {
        this.file = file;
        this.message = message;
        this.at = at;
        this.end = end;
        this.depth = depth;
        this.whole = whole;
    }

    /// @param message its name in error messages
    /// @param problem makes the error for what is wrong
    static ProtobufReader of(
            MemorySegment bytes, String message, Function<String, FormatException> problem) {
        return new ProtobufReader(bytes, message, 0, bytes.byteSize(), 0, new Whole(problem));
    }

    /// Goes to the next field, after the value of the one before was read; false at the end.
    boolean next() {
        if (at == end) {
            return false;
        }
        count(1);
        begin = at;
        long tag = rawVarint();
        field = (int) (tag >>> 3);
        wire = (int) (tag & 7);
        if (tag >>> 32 != 0 || field == 0) {
            throw problem("there is no field " + (tag >>> 3) + "; this is no such file");
        }
        return true;
    }

    int field() {
        return field;
    }

    /// Whether the field has a length: a string, a message, or packed numbers.
    boolean hasLength() {
        return wire == LENGTH;
    }

    long varint() {
        expect(VARINT);
        return rawVarint();
    }

    int int32() {
        return (int) varint();
    }

    boolean bool() {
        return varint() != 0;
    }

    float float32() {
        expect(FIXED32);
        return Float.intBitsToFloat(take(4).get(I32, 0));
    }

    double float64() {
        expect(FIXED64);
        return Double.longBitsToDouble(take(8).get(I64, 0));
    }

    int fixed32() {
        expect(FIXED32);
        return take(4).get(I32, 0);
    }

    String text() {
        MemorySegment utf8 = delimited();
        whole.text += utf8.byteSize();
        if (whole.text > MOST_TEXT) {
            throw problem("the file's texts have more than " + MOST_TEXT + " bytes");
        }
        return new String(utf8.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    Bytes bytes() {
        return Bytes.of(delimited());
    }

    MemorySegment delimited() {
        expect(LENGTH);
        return take(rawVarint());
    }

    /// The message in this field.
    ProtobufReader message(String name) {
        if (depth == DEEPEST) {
            throw problem("messages nest deeper than " + DEEPEST);
        }
        expect(LENGTH);
        long length = rawVarint();
        take(length);
        return new ProtobufReader(file, name, at - length, at, depth + 1, whole);
    }

    /// Adds the whole numbers of this field, packed or single.
    void varints(NumberList.LongBuilder numbers) {
        if (!hasLength()) {
            numbers.add(varint());
            return;
        }
        long length = rawVarint();
        take(length);
        long last = at;
        at -= length;
        while (at < last) {
            numbers.add(rawVarint());
            whole.quarters++;
            count(0);
            if (at > last) {
                throw problem("the last of its packed numbers is truncated");
            }
        }
    }

    /// Adds the floats of this field, packed or single.
    void floats(NumberList.FloatBuilder numbers) {
        MemorySegment packed = packed(FIXED32);
        whole.quarters += packed.byteSize() / Float.BYTES;
        count(0);
        for (long i = 0; i < packed.byteSize(); i += Float.BYTES) {
            numbers.add(Float.intBitsToFloat(packed.get(I32, i)));
        }
    }

    /// The bytes of packed numbers, or of a single one, which has the wire type `single`.
    MemorySegment packed(int single) {
        int width = single == FIXED32 ? 4 : single == FIXED64 ? 8 : 1;
        MemorySegment bytes;
        if (hasLength()) {
            bytes = delimited();
        } else {
            expect(single);
            long from = at;
            if (single == VARINT) {
                rawVarint();
            } else {
                take(width);
            }
            bytes = file.asSlice(from, at - from);
        }
        if (bytes.byteSize() % width != 0) {
            throw problem(
                    "%d bytes are no whole number of values of %d bytes"
                            .formatted(bytes.byteSize(), width));
        }
        return bytes;
    }

    /// Keeps the field as it is, for a writer to repeat.
    void keep(List<Bytes> rest) {
        skip();
        rest.add(Bytes.of(file.asSlice(begin, at - begin)));
    }

    void skip() {
        switch (wire) {
            case VARINT -> rawVarint();
            case FIXED64 -> take(8);
            case LENGTH -> take(rawVarint());
            case FIXED32 -> take(4);
            default -> throw problem("wire type " + wire + " does not exist; it is damaged");
        }
    }

    /// An error about the field that is being read.
    FormatException problem(String what) {
        return whole.problem.apply(
                "byte %d: field %d of %s: %s".formatted(begin, field, message, what));
    }

    private void expect(int expected) {
        if (wire != expected) {
            throw problem("expected wire type %d, found %d".formatted(expected, wire));
        }
    }

    private void count(long more) {
        whole.values += more;
        if (whole.values + whole.quarters / 4 > MOST_VALUES) {
            throw problem("the file has more than " + MOST_VALUES + " values");
        }
    }

    private MemorySegment take(long length) {
        if (length < 0 || length > end - at) {
            throw problem(
                    "it needs %s bytes, the message has %d more; the file is truncated or damaged, download it again"
                            .formatted(Long.toUnsignedString(length), end - at));
        }
        MemorySegment taken = file.asSlice(at, length);
        at += length;
        return taken;
    }

    private long rawVarint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = take(1).get(ValueLayout.JAVA_BYTE, 0);
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw problem("a number of more than 10 bytes");
    }
}
