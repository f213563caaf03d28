package dev.jebena.repositories;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.codec.digest.Blake3;

/// The hashes of Xet's specification: keyed BLAKE3 of a chunk's bytes, and over the chunks a tree
/// whose groups end where the hashes themselves say so.
final class XetHashes {
    private static final byte[] CHUNK_KEY =
            HexFormat.of()
                    .parseHex("6697f5775b9550de3135cbaca597181c9de421109beb2b58b4d0b04b93adf229");

    private static final byte[] NODE_KEY =
            HexFormat.of()
                    .parseHex("017ec5c7a5472996fd946666b48a02e65ddd536f37c76dd2f86352e64a53713f");

    private static final byte[] RANGE_KEY =
            HexFormat.of()
                    .parseHex("7f1857d6ce56ed66127ff913e7a5c3f3a4cd26d5b5db49e64124987f28fb94c3");

    private static final byte[] FILE_KEY = new byte[32];

    /// A group of the tree ends behind a hash that this divides.
    private static final int BRANCHES = 4;

    private static final int LARGEST_GROUP = 2 * BRANCHES + 1;

    private XetHashes() {}

    /// A node of the tree: the hash, and the number of the file's bytes below it.
    record Node(byte[] hash, long bytes) {}

    private static byte[] keyed(byte[] key, byte[] data, int length) {
        byte[] hash = new byte[32];
        Blake3.initKeyedHash(key).update(data, 0, length).doFinalize(hash);
        return hash;
    }

    static byte[] chunk(byte[] bytes) {
        return keyed(CHUNK_KEY, bytes, bytes.length);
    }

    /// How hashes are written: four numbers, each with its highest byte first.
    static String text(byte[] hash) {
        ByteBuffer in = ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN);
        return "%016x%016x%016x%016x"
                .formatted(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    /// The hash of a xorb with these chunks.
    static byte[] root(List<Node> chunks) {
        if (chunks.isEmpty()) {
            return new byte[32];
        }
        List<Node> level = chunks;
        while (level.size() > 1) {
            List<Node> above = new ArrayList<>();
            for (int from = 0; from < level.size(); ) {
                int to = from + groupSize(level, from);
                above.add(joined(level.subList(from, to)));
                from = to;
            }
            level = above;
        }
        return level.getFirst().hash();
    }

    private static int groupSize(List<Node> level, int from) {
        int left = level.size() - from;
        if (left <= 2) {
            return left;
        }
        int end = Math.min(LARGEST_GROUP, left);
        for (int i = 2; i < end; i++) {
            long last =
                    ByteBuffer.wrap(level.get(from + i).hash())
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong(24);
            if (Long.remainderUnsigned(last, BRANCHES) == 0) {
                return i + 1;
            }
        }
        return end;
    }

    private static Node joined(List<Node> group) {
        StringBuilder lines = new StringBuilder();
        long bytes = 0;
        for (Node node : group) {
            lines.append(text(node.hash())).append(" : ").append(node.bytes()).append('\n');
            bytes += node.bytes();
        }
        byte[] text = lines.toString().getBytes(StandardCharsets.US_ASCII);
        return new Node(keyed(NODE_KEY, text, text.length), bytes);
    }

    /// The hash of a file with these chunks.
    static byte[] file(List<Node> chunks) {
        return chunks.isEmpty() ? new byte[32] : keyed(FILE_KEY, root(chunks), 32);
    }

    /// Proves that somebody knows the hashes of a range of chunks, which lie one after the other.
    static byte[] range(byte[] hashes) {
        return keyed(RANGE_KEY, hashes, hashes.length);
    }
}
