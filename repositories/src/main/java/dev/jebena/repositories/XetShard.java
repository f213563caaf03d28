package dev.jebena.repositories;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which chunks of which xorbs make which files (Xet's shard format, the part on files). Numbers
/// are little-endian, records have 48 bytes.
record XetShard(List<XetShard.File> files) {
    private static final int RECORD = 48;
    private static final int HAS_VERIFICATION = 1 << 31;
    private static final int HAS_SHA256 = 1 << 30;
    private static final String BOOKEND = "f".repeat(64);

    /// Some chunks of a xorb, one after the other.
    ///
    /// @param bytes how many they give
    /// @param end behind the last one
    record Term(String xorb, long bytes, int start, int end) {}

    /// @param sha256 of the file's bytes; null where the shard does not tell
    /// @param ranges of each term a hash of its chunks' hashes; empty where the shard has none
    record File(String hash, @Nullable String sha256, List<Term> terms, List<String> ranges) {}

    /// Throws status 400 for what is no shard.
    static XetShard parse(byte[] shard) {
        ByteBuffer in = ByteBuffer.wrap(shard).order(ByteOrder.LITTLE_ENDIAN);
        try {
            in.position(RECORD);
            List<File> files = new ArrayList<>();
            while (true) {
                String hash = hash(in);
                if (hash.equals(BOOKEND)) {
                    return new XetShard(files);
                }
                files.add(file(in, hash));
            }
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            throw HubError.bad("The shard of " + shard.length + " bytes ends in the middle");
        }
    }

    private static File file(ByteBuffer in, String hash) {
        int flags = in.getInt();
        int count = in.getInt();
        in.getLong();
        if (count < 0 || (long) count * RECORD > in.remaining()) {
            throw HubError.bad("The shard names " + count + " parts of a file, it is too short");
        }
        List<Term> terms = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String xorb = hash(in);
            in.getInt();
            long bytes = Integer.toUnsignedLong(in.getInt());
            terms.add(new Term(xorb, bytes, in.getInt(), in.getInt()));
        }
        List<String> ranges = new ArrayList<>();
        if ((flags & HAS_VERIFICATION) != 0) {
            for (int i = 0; i < count; i++) {
                ranges.add(hash(in));
                in.getLong();
                in.getLong();
            }
        }
        String sha256 = null;
        if ((flags & HAS_SHA256) != 0) {
            sha256 = hash(in);
            in.getLong();
            in.getLong();
        }
        return new File(hash, sha256, terms, ranges);
    }

    /// Hashes, SHA-256 included, are written as four numbers.
    private static String hash(ByteBuffer in) {
        return "%016x%016x%016x%016x"
                .formatted(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }
}
