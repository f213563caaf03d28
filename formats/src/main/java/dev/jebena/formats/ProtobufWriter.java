package dev.jebena.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// A message in Protocol Buffers' wire format, in pieces: large data is referred to, not copied.
/// Fields with their default value are left out, unless a method says otherwise.
final class ProtobufWriter {
    private static final int COPIED = 1 << 12;

    private final List<MemorySegment> pieces = new ArrayList<>();
    private ByteArrayOutputStream tail = new ByteArrayOutputStream();
    private long size;

    long size() {
        return size;
    }

    void writeTo(WritableByteChannel out) throws IOException {
        endPiece();
        for (MemorySegment piece : pieces) {
            Segments.write(out, piece);
        }
    }

    void varint(int field, long value) {
        if (value != 0) {
            always(field, value);
        }
    }

    /// Also when it is 0.
    void always(int field, long value) {
        tag(field, ProtobufReader.VARINT);
        rawVarint(value);
    }

    /// Also when it is 0.
    void float32(int field, float value) {
        tag(field, ProtobufReader.FIXED32);
        rawFixed32(Float.floatToRawIntBits(value));
    }

    void text(int field, String text) {
        if (!text.isEmpty()) {
            bytes(field, Bytes.utf8(text));
        }
    }

    /// Each of them, also empty ones.
    void texts(int field, List<String> texts) {
        texts.forEach(text -> bytes(field, Bytes.utf8(text)));
    }

    /// Also when there are none.
    void bytes(int field, Bytes bytes) {
        tag(field, ProtobufReader.LENGTH);
        rawVarint(bytes.size());
        raw(bytes.segment());
    }

    void packedVarints(int field, List<Long> numbers) {
        if (!numbers.isEmpty()) {
            ProtobufWriter packed = new ProtobufWriter();
            numbers.forEach(packed::rawVarint);
            append(field, packed);
        }
    }

    /// Not packed, as proto2 writes them where its schema does not say otherwise.
    void varints(int field, List<Long> numbers) {
        numbers.forEach(number -> always(field, number));
    }

    void floats(int field, List<Float> numbers) {
        numbers.forEach(number -> float32(field, number));
    }

    /// Also when it is empty.
    <T> void message(int field, T value, BiConsumer<T, ProtobufWriter> write) {
        ProtobufWriter inner = new ProtobufWriter();
        write.accept(value, inner);
        append(field, inner);
    }

    <T> void messages(int field, List<T> values, BiConsumer<T, ProtobufWriter> write) {
        values.forEach(value -> message(field, value, write));
    }

    /// Fields that a reader kept.
    void rest(List<Bytes> rest) {
        rest.forEach(field -> raw(field.segment()));
    }

    private void append(int field, ProtobufWriter inner) {
        tag(field, ProtobufReader.LENGTH);
        rawVarint(inner.size);
        inner.endPiece();
        inner.pieces.forEach(this::raw);
    }

    private void tag(int field, int wire) {
        rawVarint(((long) field << 3) | wire);
    }

    private void rawVarint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            put((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        put((int) rest);
    }

    private void rawFixed32(int bits) {
        for (int shift = 0; shift < Integer.SIZE; shift += 8) {
            put(bits >>> shift);
        }
    }

    private void put(int value) {
        tail.write(value);
        size++;
    }

    private void raw(MemorySegment bytes) {
        if (bytes.byteSize() <= COPIED) {
            tail.writeBytes(bytes.toArray(ValueLayout.JAVA_BYTE));
        } else {
            endPiece();
            pieces.add(bytes);
        }
        size += bytes.byteSize();
    }

    private void endPiece() {
        if (tail.size() > 0) {
            pieces.add(MemorySegment.ofArray(tail.toByteArray()));
            tail = new ByteArrayOutputStream();
        }
    }
}
