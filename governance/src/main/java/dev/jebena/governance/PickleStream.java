package dev.jebena.governance;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The bytes of a pickle, read once from front to back; nothing longer than a name is kept.
final class PickleStream {
    /// Longer strings are passed over: no module or attribute has such a name.
    private static final int LONGEST_NAME = 512;

    private static final int LONGEST_LINE = 1 << 20;

    private final BufferedInputStream in;
    private long at;

    PickleStream(InputStream in) {
        this.in = new BufferedInputStream(in, 1 << 16);
    }

    long position() {
        return at;
    }

    /// The next byte without reading it; -1 at the end.
    int peek() throws IOException {
        in.mark(1);
        int next = in.read();
        in.reset();
        return next;
    }

    int u8() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("the pickle ends early");
        }
        at++;
        return next;
    }

    int u16() throws IOException {
        return u8() | u8() << 8;
    }

    int i32() throws IOException {
        return u16() | u16() << 16;
    }

    long u32() throws IOException {
        return i32() & 0xffff_ffffL;
    }

    long i64() throws IOException {
        return u32() | (long) i32() << 32;
    }

    void skip(long count) throws IOException {
        if (count < 0) {
            throw new EOFException("a length below zero");
        }
        in.skipNBytes(count);
        at += count;
    }

    /// A string of so many bytes; null where it is too long to be a name.
    @Nullable String text(long length) throws IOException {
        if (length < 0 || length > LONGEST_NAME) {
            skip(length);
            return null;
        }
        byte[] bytes = in.readNBytes((int) length);
        at += bytes.length;
        if (bytes.length < length) {
            throw new EOFException("the pickle ends early");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// The text up to the end of the line; null where it is too long to be a name.
    @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int count = 0; count < LONGEST_LINE; count++) {
            int next = u8();
            if (next == '\n') {
                return count <= LONGEST_NAME ? line.toString() : null;
            }
            if (count < LONGEST_NAME) {
                line.append((char) next);
            }
        }
        throw new IOException("a line without end");
    }

    /// A whole number in so many little-endian bytes; null where it has more than 64 bits.
    @Nullable Long number(long length) throws IOException {
        if (length > Long.BYTES || length < 0) {
            skip(length);
            return null;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            long next = u8();
            value |= (i == length - 1 ? (byte) next : next) << (8 * i);
        }
        return value;
    }
}
