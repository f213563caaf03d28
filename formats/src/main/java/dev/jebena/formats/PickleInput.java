package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// The operands of a pickle's opcodes, each bounded before it is read.
final class PickleInput {
    /// Bytes of the longest whole number that is read; keys of random generators have fewer.
    private static final int LONGEST_NUMBER = 1024;

    private static final int LONGEST_LINE = 1 << 16;

    /// Bytes of all strings of a pickle: names and settings, no tensors.
    private static final long MOST_TEXT = 256L << 20;

    private final MemorySegment bytes;
    private final String what;
    private final Function<String, FormatException> problem;
    private long at;
    private long opcode;
    private long text;

    /// @param at where the pickle begins
    /// @param what the pickle is called in messages
    /// @param problem makes the error for what is wrong
    PickleInput(
            MemorySegment bytes, long at, String what, Function<String, FormatException> problem) {
        this.bytes = bytes;
        this.at = at;
        this.what = what;
        this.problem = problem;
    }

    long position() {
        return at;
    }

    int opcode() {
        opcode = at;
        return u8();
    }

    int u8() {
        return take(1).get(ValueLayout.JAVA_BYTE, 0) & 0xff;
    }

    int u16() {
        return take(2).get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0)
                & 0xffff;
    }

    int i32() {
        return take(4).get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
    }

    long u32() {
        return i32() & 0xffff_ffffL;
    }

    long i64() {
        return take(8).get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
    }

    double bigEndianDouble() {
        return take(8).get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), 0);
    }

    byte[] bytes(long length) {
        return string(length).toArray(ValueLayout.JAVA_BYTE);
    }

    String utf8(long length) {
        return decode(string(length), StandardCharsets.UTF_8);
    }

    /// A string of Python 2, which knew no encoding.
    String text(long length) {
        MemorySegment text = string(length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(text.asByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            return decode(text, StandardCharsets.ISO_8859_1);
        }
    }

    /// A whole number in as many bytes, little-endian: a [Long] where it fits.
    Object number(long length) {
        if (length < 0 || length > LONGEST_NUMBER) {
            throw problem(
                    "a whole number of %d bytes, at most %d are read"
                            .formatted(length, LONGEST_NUMBER));
        }
        byte[] little = bytes(length);
        byte[] big = new byte[little.length + 1];
        for (int i = 0; i < little.length; i++) {
            big[little.length - i] = little[i];
        }
        big[0] = (byte) (little.length > 0 && little[little.length - 1] < 0 ? -1 : 0);
        return small(new BigInteger(big));
    }

    /// A whole number in decimal digits, as protocol 0 writes it.
    Object decimal() {
        return decimal(line());
    }

    /// The same, or a boolean: `01` or `00`.
    Object integer() {
        String line = line();
        return line.equals("01") || line.equals("00") ? (Object) line.equals("01") : decimal(line);
    }

    private Object decimal(String line) {
        String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
        if (digits.length() > LONGEST_NUMBER || !digits.matches("[+-]?\\d+")) {
            throw problem("expected a whole number, found " + Names.quoted(line));
        }
        return small(new BigInteger(digits));
    }

    double decimalDouble() {
        String line = line();
        return switch (line) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                try {
                    yield Double.parseDouble(line);
                } catch (NumberFormatException e) {
                    throw problem("expected a number, found " + Names.quoted(line));
                }
            }
        };
    }

    private static Object small(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    /// The text up to the end of the line.
    String line() {
        return line(StandardCharsets.UTF_8);
    }

    /// The same in Python's raw-unicode-escape, whose other characters are Latin 1.
    String latin1Line() {
        return line(StandardCharsets.ISO_8859_1);
    }

    private String line(Charset charset) {
        long end = at;
        long last = Math.min(bytes.byteSize(), at + LONGEST_LINE);
        while (end < last && bytes.get(ValueLayout.JAVA_BYTE, end) != '\n') {
            end++;
        }
        if (end == last) {
            throw problem("a line without end");
        }
        String line = decode(bytes.asSlice(at, end - at), charset);
        at = end + 1;
        return line;
    }

    void skip(long length) {
        take(length);
    }

    /// An error about the opcode that was read last.
    FormatException problem(String message) {
        return problem.apply("byte %d of %s: %s".formatted(opcode, what, message));
    }

    private String decode(MemorySegment text, Charset charset) {
        ByteBuffer buffer = text.asByteBuffer();
        try {
            return charset.newDecoder().decode(buffer).toString();
        } catch (CharacterCodingException e) {
            throw problem("a string that is not UTF-8");
        }
    }

    private MemorySegment string(long length) {
        MemorySegment taken = take(length);
        text += length;
        if (text > MOST_TEXT) {
            throw problem(
                    "the pickle's strings have more than "
                            + MOST_TEXT
                            + " bytes; save tensors as tensors");
        }
        return taken;
    }

    private MemorySegment take(long length) {
        if (length < 0 || length > bytes.byteSize() - at) {
            throw problem(
                    "it needs %s more bytes, the pickle has %d; the file is truncated or damaged, download it again"
                            .formatted(Long.toUnsignedString(length), bytes.byteSize() - at));
        }
        MemorySegment taken = bytes.asSlice(at, length);
        at += length;
        return taken;
    }
}
