package dev.jebena.repositories;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Where the chunks of a xorb lie, with their hashes.
final class XorbIndex {
    /// Before each chunk: version, size as stored, compression, size.
    static final int HEADER = 8;

    private static final int RECORD = 40;

    /// @param offset of the stored bytes, behind the header
    /// @param stored number of bytes as stored
    /// @param size number of bytes that they give
    record Chunk(long offset, int stored, int compression, int size, byte[] hash) {
        long end() {
            return offset + stored;
        }
    }

    private final List<Chunk> chunks;

    XorbIndex(List<Chunk> chunks) {
        this.chunks = List.copyOf(chunks);
    }

    int count() {
        return chunks.size();
    }

    Chunk chunk(int place) {
        return chunks.get(place);
    }

    /// Number of bytes that a range of chunks gives.
    long size(int start, int end) {
        long size = 0;
        for (Chunk chunk : chunks.subList(start, end)) {
            size += chunk.size();
        }
        return size;
    }

    List<XetHashes.Node> nodes(int start, int end) {
        List<XetHashes.Node> nodes = new ArrayList<>();
        for (Chunk chunk : chunks.subList(start, end)) {
            nodes.add(new XetHashes.Node(chunk.hash(), chunk.size()));
        }
        return nodes;
    }

    /// The hashes of a range of chunks, one after the other.
    byte[] hashes(int start, int end) {
        ByteBuffer out = ByteBuffer.allocate(32 * (end - start));
        chunks.subList(start, end).forEach(c -> out.put(c.hash()));
        return out.array();
    }

    /// How it is kept in the database.
    byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(RECORD * chunks.size());
        for (Chunk chunk : chunks) {
            out.putInt(chunk.compression() << 24 | chunk.stored()).putInt(chunk.size());
            out.put(chunk.hash());
        }
        return out.array();
    }

    static XorbIndex parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<Chunk> chunks = new ArrayList<>(bytes.length / RECORD);
        long at = 0;
        while (in.hasRemaining()) {
            int first = in.getInt();
            int size = in.getInt();
            byte[] hash = new byte[32];
            in.get(hash);
            int stored = first & 0xffffff;
            chunks.add(new Chunk(at + HEADER, stored, first >>> 24, size, hash));
            at += HEADER + stored;
        }
        return new XorbIndex(chunks);
    }
}
