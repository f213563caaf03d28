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
        long fits = (size - position) / bytes;
        if (count < 0 || count > most) {
            throw problem(
                    at,
                    what
                            + " is "
                            + Long.toUnsignedString(count)
                            + ", at most "
                            + most
                            + " allowed");
        }
        if (count > fits) {
            throw problem(
                    at,
                    what
                            + " is "
                            + count
                            + ", but the rest of the file has room for "
                            + fits
                            + "; it is truncated or damaged, download it again");
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
    String text(String what) {
        return new String(stringBytes(what, (int) MOST_HEAP), StandardCharsets.UTF_8);
    }

    private byte[] stringBytes(String what, int most) {
        int length = count("the length of " + what, 1, most);
        charge(length, what);
        byte[] utf8 = new byte[length];
        MemorySegment.copy(file.bytes(), ValueLayout.JAVA_BYTE, position, utf8, 0, length);
        position += length;
        return utf8;
    }

    /// `count` strings as a list that decodes them when asked.
    MappedStrings strings(int count, String what) {
        charge(4L * count, what);
        int[] starts = new int[count + 1];
        long begin = position;
        for (int i = 0; i < count; i++) {
            starts[i] = (int) (position - begin);
            long length = i64(what);
            if (length < 0 || length > size - position) {
                throw problem(
                        position - 8,
                        "entry %d of %s has the length %s, the rest of the file has %d bytes; it is truncated or damaged, download it again"
                                .formatted(
                                        i, what, Long.toUnsignedString(length), size - position));
            }
            position += length;
            if (position - begin > Integer.MAX_VALUE) {
                throw problem(begin, what + " is longer than 2 GiB");
            }
        }
        starts[count] = (int) (position - begin);
        return new MappedStrings(file.bytes().asSlice(begin, position - begin), starts);
    }

    byte[] bytes(int count, String what) {
        return block(count, 1, what).toArray(ValueLayout.JAVA_BYTE);
    }

    short[] shorts(int count, String what) {
        return block(count, 2, what).toArray(SHORT);
    }

    int[] ints(int count, String what) {
        return block(count, 4, what).toArray(INT);
    }

    long[] longs(int count, String what) {
        return block(count, 8, what).toArray(LONG);
    }

    float[] floats(int count, String what) {
        return block(count, 4, what).toArray(FLOAT);
    }

    double[] doubles(int count, String what) {
        return block(count, 8, what).toArray(DOUBLE);
    }

    private MemorySegment block(int count, int bytes, String what) {
        // Twice: unsigned elements are widened into a second array.
        charge(2L * count * bytes, what);
        long length = (long) count * bytes;
        MemorySegment block = file.bytes().asSlice(position, length);
        position += length;
        return block;
    }

    /// Counts heap that is about to be allocated for `what`, and refuses it beyond [#MOST_HEAP].
    void charge(long bytes, String what) {
        heap += bytes;
        if (heap > MOST_HEAP) {
            throw problem(
                    position,
                    what + " makes the metadata larger than " + (MOST_HEAP >> 20) + " MiB");
        }
    }

    FormatException problem(long at, String what) {
        return file.problem(at, what);
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
            throw file.truncated(what, position + bytes);
        }
        windowStart = position;
        windowLength = (int) Math.min(window.length, size - position);
        MemorySegment.copy(file.bytes(), ValueLayout.JAVA_BYTE, position, window, 0, windowLength);
        return 0;
    }
}
