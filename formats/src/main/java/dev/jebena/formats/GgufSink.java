package dev.jebena.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Little-endian output, buffered; values in GGUF's encoding.
final class GgufSink {
    private final WritableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private long flushed;

    GgufSink(WritableByteChannel channel) {
        this.channel = channel;
    }

    long position() {
        return flushed + buffer.position();
    }

    void u32(long value) throws IOException {
        room(4).putInt((int) value);
    }

    void i64(long value) throws IOException {
        room(8).putLong(value);
    }

    void text(String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        i64(utf8.length);
        bytes(ByteBuffer.wrap(utf8));
    }

    void zeros(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            room(1).put((byte) 0);
        }
    }

    /// Exactly `length` bytes of `data`; `name` is for the message when it writes more or less.
    void tensor(String name, TensorData data, long length) throws IOException {
        long begin = position();
        data.writeTo(new Output());
        long written = position() - begin;
        if (written != length) {
            throw new IllegalArgumentException(
                    "the tensor %s must have %d bytes, its data wrote %d"
                            .formatted(Names.quoted(name), length, written));
        }
    }

    /// A metadata value, whole or one element of an array.
    void scalar(GgufType type, Object value) throws IOException {
        switch (type) {
            case UINT8, INT8 -> room(1).put((byte) integer(type, value));
            case UINT16, INT16 -> room(2).putShort((short) integer(type, value));
            case UINT32, INT32 -> u32(integer(type, value));
            case UINT64, INT64 -> i64(integer(type, value));
            case FLOAT32 -> room(4).putFloat(((Number) value).floatValue());
            case FLOAT64 -> room(8).putDouble(((Number) value).doubleValue());
            case BOOL -> room(1).put((byte) ((Boolean) value ? 1 : 0));
            case STRING -> text((String) value);
            case ARRAY -> array((GgufArray) value);
        }
    }

    void array(GgufArray array) throws IOException {
        u32(array.type().id());
        List<?> elements = array.elements();
        i64(elements.size());
        for (Object element : elements) {
            scalar(array.type(), element);
        }
    }

    void flush() throws IOException {
        buffer.flip();
        flushed += buffer.remaining();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private static long integer(GgufType type, Object value) {
        long number = ((Number) value).longValue();
        if (number < type.smallest() || number > type.largest()) {
            throw new IllegalArgumentException(
                    "%d is not a %s, which is %d to %d"
                            .formatted(number, type, type.smallest(), type.largest()));
        }
        return number;
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    void bytes(ByteBuffer bytes) throws IOException {
        if (bytes.remaining() <= buffer.remaining()) {
            buffer.put(bytes);
            return;
        }
        flush();
        flushed += bytes.remaining();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// What a tensor's data is written to; closing it closes nothing.
    private final class Output implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            int length = source.remaining();
            bytes(source);
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
