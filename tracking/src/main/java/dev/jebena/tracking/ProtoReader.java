package dev.jebena.tracking;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Reads protobuf's wire format, field by field. Every length is checked against what is left.
///
/// ```java
/// while (reader.next()) {
///     switch (reader.field()) {
///         case 1 -> name = reader.text();
///         default -> reader.skip();
///     }
/// }
/// ```
final class ProtoReader {
    private final ByteBuffer in;
    private int field;
    private int wire;

    ProtoReader(byte[] bytes) {
        this(ByteBuffer.wrap(bytes));
    }

    private ProtoReader(ByteBuffer in) {
        this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static RuntimeException broken() {
        return MlflowError.invalid("Invalid OpenTelemetry format");
    }

    /// Goes to the next field; false at the end.
    boolean next() {
        if (!in.hasRemaining()) {
            return false;
        }
        long tag = varint();
        field = (int) (tag >>> 3);
        wire = (int) (tag & 7);
        if (tag >>> 32 != 0 || field == 0) {
            throw broken();
        }
        return true;
    }

    int field() {
        return field;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!in.hasRemaining()) {
                throw broken();
            }
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw broken();
    }

    private void expect(int type) {
        if (wire != type) {
            throw broken();
        }
    }

    long number() {
        expect(0);
        return varint();
    }

    long fixed64() {
        expect(1);
        if (in.remaining() < 8) {
            throw broken();
        }
        return in.getLong();
    }

    double real() {
        return Double.longBitsToDouble(fixed64());
    }

    private ByteBuffer slice() {
        expect(2);
        long length = varint();
        if (length < 0 || length > in.remaining()) {
            throw broken();
        }
        ByteBuffer slice = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        return slice;
    }

    byte[] bytes() {
        ByteBuffer slice = slice();
        byte[] bytes = new byte[slice.remaining()];
        slice.get(bytes);
        return bytes;
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    ProtoReader message() {
        return new ProtoReader(slice());
    }

    void skip() {
        int length =
                switch (wire) {
                    case 0 -> {
                        varint();
                        yield 0;
                    }
                    case 1 -> 8;
                    case 2 -> {
                        slice();
                        yield 0;
                    }
                    case 5 -> 4;
                    default -> throw broken();
                };
        if (length > in.remaining()) {
            throw broken();
        }
        in.position(in.position() + length);
    }
}
