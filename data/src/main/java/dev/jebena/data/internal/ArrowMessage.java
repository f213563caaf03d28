package dev.jebena.data.internal;

import dev.jebena.data.DataFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One message of Arrow's stream format: its metadata, and its body.
///
/// @param kind 1 schema, 2 dictionary, 3 rows
record ArrowMessage(int kind, FlatTable header, Body body) {
    /// What a message carries: in memory or mapped, or read when it is asked for.
    interface Body {
        MemorySegment load() throws IOException;
    }

    static final int SCHEMA = 1;
    static final int DICTIONARY = 2;
    static final int ROWS = 3;

    private static final byte[] MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};
    private static final int CONTINUATION = -1;
    private static final int MAX_METADATA = 64 << 20;

    /// Messages one after the other; null behind the last.
    interface Reader {
        @Nullable ArrowMessage next() throws IOException;
    }

    /// Of a mapped file. The bodies are parts of the mapping.
    static Reader of(MemorySegment file) {
        return new Reader() {
            private long at = isFile(file) ? 8 : 0;

            @Override
            public @Nullable ArrowMessage next() {
                if (file.byteSize() - at < 4) {
                    return null;
                }
                int length = file.get(ArrowBatch.INT, at);
                at += 4;
                if (length == CONTINUATION) {
                    length = file.get(ArrowBatch.INT, at);
                    at += 4;
                }
                if (length == 0) {
                    return null;
                }
                ByteBuffer metadata = file.asSlice(at, checked(length)).asByteBuffer();
                FlatTable message = FlatTable.root(metadata.order(ByteOrder.LITTLE_ENDIAN));
                at += length;
                MemorySegment body = file.asSlice(at, message.longAt(3, 0));
                at += body.byteSize();
                return new ArrowMessage(
                        message.byteAt(1, 0), message.need(2, "header"), () -> body);
            }
        };
    }

    /// Of a file that is read in ranges: its bodies when they are asked for.
    static Reader of(DataFile file, long maxBody) throws IOException {
        long size = file.size();
        return new Reader() {
            private long at = isFile(file) ? 8 : 0;

            @Override
            public @Nullable ArrowMessage next() throws IOException {
                if (size - at < 4) {
                    return null;
                }
                ByteBuffer head = little(file.range(at, (int) Math.min(8, size - at)));
                int length = head.getInt();
                at += 4;
                if (length == CONTINUATION) {
                    length = head.remaining() < 4 ? 0 : head.getInt();
                    at += 4;
                }
                if (length == 0) {
                    return null;
                }
                Objects.checkFromIndexSize(at, checked(length), size);
                FlatTable message = FlatTable.root(little(file.range(at, length)));
                at += length;
                long from = at;
                long count = message.longAt(3, 0);
                Objects.checkFromIndexSize(from, count, size);
                at += count;
                return new ArrowMessage(
                        message.byteAt(1, 0),
                        message.need(2, "header"),
                        () -> {
                            int bytes = bounded(count, maxBody);
                            return MemorySegment.ofBuffer(file.range(from, bytes));
                        });
            }
        };
    }

    private static ByteBuffer little(ByteBuffer bytes) {
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    static boolean isFile(DataFile file) throws IOException {
        int count = (int) Math.min(MAGIC.length, file.size());
        return isFile(MemorySegment.ofBuffer(file.range(0, count)));
    }

    private static int bounded(long size, long maxBody) {
        if (size < 0 || size > Math.min(maxBody, Integer.MAX_VALUE - 16)) {
            throw new IndexOutOfBoundsException(
                    "a batch of %,d bytes; at most %,d".formatted(size, maxBody));
        }
        return (int) size;
    }

    static boolean isFile(MemorySegment file) {
        for (int i = 0; i < MAGIC.length; i++) {
            if (i >= file.byteSize()
                    || file.get(java.lang.foreign.ValueLayout.JAVA_BYTE, i) != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    private static int checked(int length) {
        if (length < 0 || length > MAX_METADATA) {
            throw new IndexOutOfBoundsException(
                    "a message's metadata of %,d bytes".formatted(length));
        }
        return length;
    }

    /// Of a stream. The bodies are read into memory.
    static Reader of(InputStream in, long maxBody) {
        return new Reader() {
            private boolean begun;

            @Override
            public @Nullable ArrowMessage next() throws IOException {
                byte[] four = in.readNBytes(4);
                if (!begun && four.length == 4 && four[0] == 'A' && four[1] == 'R') {
                    in.skipNBytes(4);
                    four = in.readNBytes(4);
                }
                begun = true;
                int length = integer(four);
                if (length == CONTINUATION) {
                    length = integer(in.readNBytes(4));
                }
                if (length == 0) {
                    return null;
                }
                FlatTable message = FlatTable.root(ByteBuffer.wrap(exactly(checked(length))));
                byte[] body = exactly(bounded(message.longAt(3, 0), maxBody));
                return new ArrowMessage(
                        message.byteAt(1, 0),
                        message.need(2, "header"),
                        () -> MemorySegment.ofArray(body));
            }

            // Reads in pieces: a length that lies shall not cost memory.
            private byte[] exactly(int length) throws IOException {
                byte[] bytes = in.readNBytes(length);
                if (bytes.length < length) {
                    throw new EOFException(
                            "it ends %,d bytes into %,d".formatted(bytes.length, length));
                }
                return bytes;
            }
        };
    }

    private static int integer(byte[] four) {
        return four.length < 4 ? 0 : ByteBuffer.wrap(four).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }
}
