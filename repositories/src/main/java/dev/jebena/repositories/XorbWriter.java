package dev.jebena.repositories;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A xorb under construction. Its chunks are stored as they are: weights hardly pack.
final class XorbWriter implements AutoCloseable {
    private static final long FULL = 60L << 20;
    private static final int MOST_CHUNKS = 8000;

    private final SpooledBytes bytes;
    private final List<XorbIndex.Chunk> chunks = new ArrayList<>();

    /// @param folder for bytes under construction
    XorbWriter(Path folder) {
        bytes = new SpooledBytes(folder);
    }

    /// Adds a chunk; its place.
    int add(byte[] chunk, byte[] hash) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(XorbIndex.HEADER).order(ByteOrder.LITTLE_ENDIAN);
        // Version, size as stored, compression, size.
        header.putInt(chunk.length << 8).putInt(chunk.length << 8);
        bytes.write(header.array(), 0, XorbIndex.HEADER);
        chunks.add(new XorbIndex.Chunk(bytes.size(), chunk.length, 0, chunk.length, hash));
        bytes.write(chunk, 0, chunk.length);
        return chunks.size() - 1;
    }

    boolean isFull() {
        return bytes.size() >= FULL || chunks.size() >= MOST_CHUNKS;
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    XorbIndex index() {
        return new XorbIndex(chunks);
    }

    InputStream stream() throws IOException {
        return bytes.stream();
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
