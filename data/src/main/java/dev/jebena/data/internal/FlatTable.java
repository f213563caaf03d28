package dev.jebena.data.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A table of a FlatBuffers message. Every access is within the buffer, or an
/// [IndexOutOfBoundsException].
final class FlatTable {
    private final ByteBuffer bytes;
    private final int at;

    private FlatTable(ByteBuffer bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    static FlatTable root(ByteBuffer message) {
        ByteBuffer bytes = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        return new FlatTable(bytes, bytes.getInt(0));
    }

    /// Where field `i` is; 0 when it is absent.
    private int place(int i) {
        int vtable = at - bytes.getInt(at);
        int entry = 4 + 2 * i;
        int size = bytes.getShort(vtable) & 0xffff;
        int offset = entry < size ? bytes.getShort(vtable + entry) & 0xffff : 0;
        return offset == 0 ? 0 : at + offset;
    }

    byte byteAt(int i, int other) {
        int place = place(i);
        return place == 0 ? (byte) other : bytes.get(place);
    }

    short shortAt(int i, int other) {
        int place = place(i);
        return place == 0 ? (short) other : bytes.getShort(place);
    }

    int intAt(int i, int other) {
        int place = place(i);
        return place == 0 ? other : bytes.getInt(place);
    }

    long longAt(int i, long other) {
        int place = place(i);
        return place == 0 ? other : bytes.getLong(place);
    }

    @Nullable FlatTable table(int i) {
        int place = place(i);
        return place == 0 ? null : new FlatTable(bytes, Math.addExact(place, bytes.getInt(place)));
    }

    /// A table that the format demands.
    FlatTable need(int i, String name) {
        FlatTable table = table(i);
        if (table == null) {
            throw new IndexOutOfBoundsException("the message has no " + name);
        }
        return table;
    }

    @Nullable String text(int i) {
        int place = place(i);
        if (place == 0) {
            return null;
        }
        int start = Math.addExact(place, bytes.getInt(place));
        int length = bytes.getInt(start);
        byte[] text = new byte[checked(length, 1, start)];
        bytes.get(start + 4, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /// The number of elements of a vector, none when it is absent.
    int length(int i) {
        int place = place(i);
        return place == 0 ? 0 : bytes.getInt(Math.addExact(place, bytes.getInt(place)));
    }

    private int checked(int length, int size, int start) {
        if (length < 0 || (long) length * size > bytes.limit() - (long) start - 4) {
            throw new IndexOutOfBoundsException(
                    "a vector of %d behind the message's end".formatted(length));
        }
        return length;
    }

    /// Table `k` of a vector of tables.
    FlatTable element(int i, int k) {
        int start = structAt(i, k, 4);
        return new FlatTable(bytes, Math.addExact(start, bytes.getInt(start)));
    }

    /// Where element `k` of a vector of things of one size is.
    int structAt(int i, int k, int size) {
        int place = place(i);
        int start = place == 0 ? 0 : Math.addExact(place, bytes.getInt(place));
        if (place == 0 || k < 0 || k >= checked(bytes.getInt(start), size, start)) {
            throw new IndexOutOfBoundsException("element " + k + " of a vector");
        }
        return start + 4 + k * size;
    }

    /// A number of 64 bits within a structure.
    long longIn(int place) {
        return bytes.getLong(place);
    }

    int intIn(int place) {
        return bytes.getInt(place);
    }
}
