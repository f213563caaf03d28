package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads a GGUF file's header from its beginning, every step checked against the file's length.
///
/// Small reads come from a window on the heap: plain array code is fast even before it is compiled,
/// which is what the time to open a model in a new JVM consists of.
final class GgufCursor {
    /// Heap that the metadata of one file may take. The largest known vocabularies need some 10 MB.
    static final long MOST_HEAP = 256L << 20;

    private static final int WINDOW = 1 << 16;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MappedFile file;
    private final long size;
    private final byte[] window;
    private long windowStart;
    private int windowLength;
    private long position;
    private long heap;
    private String subject = "";
    private String subjectName = "";

    GgufCursor(MappedFile file) {
        this.file = file;
        this.size = file.size();
        this.window = new byte[(int) Math.min(WINDOW, size)];
    }

    MappedFile file() {
        return file;
    }

    long position() {
        return position;
    }

    /// What is being read from here on, for messages. Two parts, so that nothing is put together
    /// when all goes well.
    void subject(String kind, String name) {
        subject = kind;
        subjectName = name;
    }

    int u8(String what) {
        int at = fill(1, what);
        position++;
        return window[at] & 0xff;
    }

    long u16(String what) {
        return u8(what) | (u8(what) << 8);
    }

    long u32(String what) {
        int at = fill(4, what);
        position += 4;
        return int32(at) & 0xffff_ffffL;
    }

    long i64(String what) {
        int at = fill(8, what);
        position += 8;
        return (int32(at) & 0xffff_ffffL) | ((long) int32(at + 4) << 32);
    }

    /// An unsigned 64-bit number, which must fit a `long`.
    long u64(String what) {
        long value = i64(what);
        if (value < 0) {
            throw problem(
                    position - 8, what + " is " + Long.toUnsignedString(value) + ", beyond 2^63");
        }
        return value;
    }

    /// A number of things to come that take at least `bytes` bytes each, so that a count can be
    /// trusted before anything is allocated for it.
    int count(String what, int bytes, int most) {
        long at = position;
        long count = i64(what);
        if (count < 0 || count > most) {
            throw problem(
                    at,
                    what + " is " + Long.toUnsignedString(count) + ", allowed is at most " + most);
        }
        long fits = (size - position) / bytes;
        if (count > fits) {
            throw problem(
                    at,
                    "%s is %d, but the rest of the file has room for %d; it is truncated or damaged, download it again"
                            .formatted(what, count, fits));
        }
        return (int) count;
    }

    /// A length-prefixed string of at most `most` bytes that must be UTF-8, as names must.
    String name(String what, int most) {
        long at = position;
        byte[] utf8 = stringBytes(what, most);
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') >= 0
                && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
            throw problem(at + 8, what + " is not UTF-8: " + Names.quoted(text));
        }
        return text;
    }

    /// A length-prefixed string; what is not UTF-8 becomes U+FFFD.
    String text() {
        return new String(stringBytes("the length", (int) MOST_HEAP), StandardCharsets.UTF_8);
    }

    private byte[] stringBytes(String what, int most) {
        int length = count(what, 1, most);
        charge(2L * length);
        byte[] utf8 = new byte[length];
        MemorySegment.copy(file.bytes(), ValueLayout.JAVA_BYTE, position, utf8, 0, length);
        position += length;
        return utf8;
    }

    /// `count` strings as a list that decodes them when asked.
    MappedStrings strings(int count) {
        charge(4L * count);
        int[] starts = new int[count + 1];
        long begin = position;
        for (int i = 0; i < count; i++) {
            starts[i] = (int) (position - begin);
            skipString(i);
            if (position - begin > Integer.MAX_VALUE) {
                throw problem(begin, "the strings are longer than 2 GiB");
            }
        }
        starts[count] = (int) (position - begin);
        return new MappedStrings(file.bytes().asSlice(begin, position - begin), starts);
    }

    /// A method of its own, so that it gets compiled after some hundred entries and not after all.
    private void skipString(int entry) {
        int at = fill(8, "the length of a string");
        byte[] bytes = window;
        long length =
                (bytes[at + 4] | bytes[at + 5] | bytes[at + 6] | bytes[at + 7]) != 0
                        ? Long.MAX_VALUE
                        : int32(at) & 0xffff_ffffL;
        position += 8;
        if (length > size - position) {
            throw badLength(entry);
        }
        position += length;
    }

    private FormatException badLength(int entry) {
        position -= 8;
        long length = i64("the length of a string");
        return problem(
                position - 8,
                "string %d has the length %s, but the rest of the file has %d bytes; it is truncated or damaged, download it again"
                        .formatted(entry, Long.toUnsignedString(length), size - position));
    }

    byte[] bytes(int count) {
        return block(count, 1).toArray(ValueLayout.JAVA_BYTE);
    }

    short[] shorts(int count) {
        return block(count, 2).toArray(SHORT);
    }

    int[] ints(int count) {
        return block(count, 4).toArray(INT);
    }

    long[] longs(int count) {
        return block(count, 8).toArray(LONG);
    }

    float[] floats(int count) {
        return block(count, 4).toArray(FLOAT);
    }

    double[] doubles(int count) {
        return block(count, 8).toArray(DOUBLE);
    }

    private MemorySegment block(int count, int bytes) {
        // Unsigned elements are widened into a second array.
        charge((long) count * (bytes + Long.BYTES));
        long length = (long) count * bytes;
        MemorySegment block = file.bytes().asSlice(position, length);
        position += length;
        return block;
    }

    /// Counts heap that is about to be allocated, and refuses it beyond [#MOST_HEAP].
    void charge(long bytes) {
        heap += bytes;
        if (heap > MOST_HEAP) {
            throw problem(
                    position,
                    "the file's header needs more than "
                            + (MOST_HEAP >> 20)
                            + " MiB of memory; no model does, so it is damaged");
        }
    }

    FormatException problem(long at, String what) {
        return file.problem(at, about() + what);
    }

    private String about() {
        return subject.isEmpty()
                ? ""
                : subject + (subjectName.isEmpty() ? "" : " " + Names.quoted(subjectName)) + ": ";
    }

    private int int32(int at) {
        return (window[at] & 0xff)
                | (window[at + 1] & 0xff) << 8
                | (window[at + 2] & 0xff) << 16
                | (window[at + 3] << 24);
    }

    /// Makes `bytes` bytes from the position on available; returns where they are in the window.
    private int fill(int bytes, String what) {
        long at = position - windowStart;
        if (at >= 0 && at + bytes <= windowLength) {
            return (int) at;
        }
        if (bytes > size - position) {
            throw file.truncated(about() + what, position + bytes);
        }
        windowStart = position;
        windowLength = (int) Math.min(window.length, size - position);
        MemorySegment.copy(file.bytes(), ValueLayout.JAVA_BYTE, position, window, 0, windowLength);
        return 0;
    }
}
