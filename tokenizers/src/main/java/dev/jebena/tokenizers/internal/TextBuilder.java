package dev.jebena.tokenizers.internal;

import java.util.Arrays;

/// Makes a changed form of a text, traced when the text is.
final class TextBuilder {
    private final Text source;
    private byte[] bytes;
    private int[] origins;
    private int size;

    TextBuilder(Text source, int capacity) {
        this.source = source;
        bytes = new byte[Math.max(8, capacity)];
        origins = source.isTraced() ? new int[2 * bytes.length] : new int[0];
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.addExact(Math.max(size + more, 2 * size), 8));
            origins = source.isTraced() ? Arrays.copyOf(origins, 2 * bytes.length) : origins;
        }
    }

    /// Appends the stretch `[from, to)` of the source as it is.
    void copy(int from, int to) {
        reserve(to - from);
        System.arraycopy(source.bytes, from, bytes, size, to - from);
        if (source.isTraced()) {
            for (int i = from; i < to; i++) {
                trace(size + i - from, i);
            }
        }
        size += to - from;
    }

    private void trace(int at, int origin) {
        origins[2 * at] = source.start(origin);
        origins[2 * at + 1] = source.end(origin);
    }

    /// Appends a byte that comes from where the source's byte `origin` comes from.
    void addByte(byte b, int origin) {
        reserve(1);
        bytes[size] = b;
        if (source.isTraced()) {
            trace(size, origin);
        }
        size++;
    }

    /// Appends bytes that come from where the source's byte `origin` comes from.
    void add(byte[] part, int origin) {
        reserve(part.length);
        for (byte b : part) {
            addByte(b, origin);
        }
    }

    /// Appends a character that comes from where the source's byte `origin` comes from.
    void add(int codePoint, int origin) {
        reserve(4);
        if (codePoint < 0x80) {
            addByte((byte) codePoint, origin);
            return;
        }
        if (codePoint < 0x800) {
            addByte((byte) (0xC0 | codePoint >> 6), origin);
        } else {
            if (codePoint < 0x10000) {
                addByte((byte) (0xE0 | codePoint >> 12), origin);
            } else {
                addByte((byte) (0xF0 | codePoint >> 18), origin);
                addByte((byte) (0x80 | (codePoint >> 12 & 0x3F)), origin);
            }
            addByte((byte) (0x80 | (codePoint >> 6 & 0x3F)), origin);
        }
        addByte((byte) (0x80 | (codePoint & 0x3F)), origin);
    }

    /// The text; the builder is done.
    Text text() {
        byte[] exact = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        return new Text(exact, source.isTraced() ? Arrays.copyOf(origins, 2 * size) : null);
    }
}
