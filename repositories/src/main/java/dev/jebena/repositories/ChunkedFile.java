package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.base.SqlRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A large file that is kept as chunks.
///
/// @param hash Xet's hash of the file
record ChunkedFile(ContentId oid, String hash, long size, List<XetShard.Term> terms) {
    static final String COLUMNS = "chunked_file.oid, hash, chunked_file.size, terms";
    private static final int RECORD = 44;

    static ChunkedFile of(SqlRow row) {
        return new ChunkedFile(
                new ContentId(row.text(1)), row.text(2), row.number(3), parse(row.bytes(4)));
    }

    /// How the terms are kept in the database.
    byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(RECORD * terms.size());
        for (XetShard.Term term : terms) {
            for (int i = 0; i < 64; i += 16) {
                out.putLong(Long.parseUnsignedLong(term.xorb().substring(i, i + 16), 16));
            }
            out.putInt((int) term.bytes()).putInt(term.start()).putInt(term.end());
        }
        return out.array();
    }

    private static List<XetShard.Term> parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<XetShard.Term> terms = new ArrayList<>(bytes.length / RECORD);
        while (in.hasRemaining()) {
            String xorb =
                    "%016x%016x%016x%016x"
                            .formatted(in.getLong(), in.getLong(), in.getLong(), in.getLong());
            long size = Integer.toUnsignedLong(in.getInt());
            terms.add(new XetShard.Term(xorb, size, in.getInt(), in.getInt()));
        }
        return terms;
    }
}
