package dev.jebena.data.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Builds a FlatBuffers message, from its end to its beginning, as the format wants it. Offsets
/// count from the end.
final class FlatBuilder {
    private ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    private int space = 1024;
    private int alignment = 1;
    private int[] fields = {};
    private int tableEnd;

    private int offset() {
        return bytes.capacity() - space;
    }

    /// Makes room so that behind `more` bytes a value of this size is aligned.
    private void prepare(int size, int more) {
        alignment = Math.max(alignment, size);
        int padding = -(offset() + more) & (size - 1);
        while (space < padding + size + more) {
            grow();
        }
        space -= padding;
    }

    private void grow() {
        int old = bytes.capacity();
        ByteBuffer larger = ByteBuffer.allocate(2 * old).order(ByteOrder.LITTLE_ENDIAN);
        larger.position(old).put(bytes.clear());
        bytes = larger.clear().order(ByteOrder.LITTLE_ENDIAN);
        space += old;
    }

    private void raw(long value, int size) {
        space -= size;
        switch (size) {
            case 1 -> bytes.put(space, (byte) value);
            case 2 -> bytes.putShort(space, (short) value);
            case 4 -> bytes.putInt(space, (int) value);
            default -> bytes.putLong(space, value);
        }
    }

    private void number(long value, int size) {
        prepare(size, 0);
        raw(value, size);
    }

    private void reference(int to) {
        prepare(4, 0);
        raw(offset() - to + 4, 4);
    }

    int text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        prepare(4, utf8.length + 1);
        raw(0, 1);
        space -= utf8.length;
        bytes.put(space, utf8);
        raw(utf8.length, 4);
        return offset();
    }

    /// A vector of references.
    int references(int... to) {
        prepare(4, 4 * to.length);
        for (int i = to.length - 1; i >= 0; i--) {
            reference(to[i]);
        }
        raw(to.length, 4);
        return offset();
    }

    /// A vector of structures, each some numbers of 64 bits.
    int longs(int perElement, long... values) {
        prepare(4, 8 * values.length);
        prepare(8, 8 * values.length);
        for (int i = values.length - 1; i >= 0; i--) {
            raw(values[i], 8);
        }
        raw(values.length / perElement, 4);
        return offset();
    }

    /// Begins a table; its fields' references must be there already.
    void begin(int count) {
        fields = new int[count];
        tableEnd = offset();
    }

    void field(int i, long value, int size) {
        number(value, size);
        fields[i] = offset();
    }

    void reference(int i, int to) {
        reference(to);
        fields[i] = offset();
    }

    int end() {
        number(0, 4);
        int table = offset();
        for (int i = fields.length - 1; i >= 0; i--) {
            number(fields[i] == 0 ? 0 : table - fields[i], 2);
        }
        number(table - tableEnd, 2);
        number(2L * fields.length + 4, 2);
        bytes.putInt(bytes.capacity() - table, offset() - table);
        return offset() == 0 ? 0 : table;
    }

    /// The whole message, its length a multiple of 8.
    byte[] finish(int root) {
        prepare(Math.max(alignment, 8), 4);
        reference(root);
        return Arrays.copyOfRange(bytes.array(), space, bytes.capacity());
    }
}
