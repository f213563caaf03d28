package dev.jebena.repositories;

import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Large files as chunks, bundled in xorbs: a chunk that several files or versions have is stored
/// once. A file is there for a repository when its row in `lfs_object` is.
final class ChunkStore {
    private static final int LARGEST_XORB = 80 << 20;

    /// Smaller files stay in one piece.
    private static final long WORTH_CHUNKS = 1 << 20;

    /// Of one file; at 64 KB each 256 GB.
    private static final int MOST_CHUNKS = 4 << 20;

    private final SqlDatabase data;
    private final Blobs blobs;
    private final Clock clock;

    ChunkStore(SqlDatabase data, Blobs blobs, Clock clock) {
        this.data = data;
        this.blobs = blobs;
        this.clock = clock;
    }

    /// Whether the chunks were uploaded to this repository, or are in a file of it.
    boolean has(long repository, String hash) {
        return data.read(sql ->
                sql.number(
                        "SELECT count(*) FROM xorb WHERE repository = ? AND hash = ?",
                        repository,
                        hash))
                > 0;
    }

    /// Repositories that have these chunks.
    List<Long> owners(String hash, int most) {
        return data.read(sql ->
                sql.list(
                        "SELECT repository FROM xorb WHERE hash = ? LIMIT ?",
                        row -> row.number(1),
                        hash,
                        most));
    }

    /// Stores a xorb of a repository, whose every chunk and hash is checked; durable on return.
    void put(long repository, String hash, InputStream in) {
        try (Blobs.Hold _ = blobs.hold()) {
            String blob = putBundle(hash, in);
            data.write(sql -> own(sql, repository, hash, blob, clock.millis()));
        }
    }

    /// Stores a xorb that is no repository's yet. The caller holds the blobs.
    String putBundle(String hash, InputStream in) {
        try (XorbIntake intake = new XorbIntake(in, hash)) {
            ContentId blob = blobs.put(intake, LARGEST_XORB, null, _ -> {});
            XorbIndex index = intake.index();
            data.write(sql -> {
                sample(sql, hash, index);
                return sql.update(
                        "INSERT INTO chunk_bundle (hash, blob, chunks, created)"
                                + " VALUES (?, ?, ?, ?) ON CONFLICT (hash)"
                                + " DO UPDATE SET created = excluded.created",
                        hash,
                        blob.hex(),
                        index.bytes(),
                        clock.millis());
            });
            return blob.hex();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The first chunk, and of the others one of sixteen, lead to the bundle.
    private static void sample(SqlConnection sql, String hash, XorbIndex index) {
        for (int i = 0; i < index.count(); i++) {
            byte[] chunk = index.chunk(i).hash();
            if (i == 0 || isSample(chunk)) {
                sql.update(
                        "INSERT INTO chunk_sample (chunk, bundle) VALUES (?, ?)"
                                + " ON CONFLICT (chunk) DO UPDATE SET bundle = excluded.bundle",
                        XetHashes.text(chunk),
                        hash);
            }
        }
    }

    static boolean isSample(byte[] hash) {
        return (hash[24] & 15) == 0;
    }

    /// A bundle that has this chunk, if the chunk is one of those that are looked for.
    Optional<String> sampled(String chunk) {
        return data.read(sql ->
                sql.first(
                        "SELECT bundle FROM chunk_sample WHERE chunk = ?",
                        row -> row.text(1),
                        chunk));
    }

    private static int own(SqlConnection sql, long repository, String hash, String blob, long now) {
        return sql.update(
                "INSERT INTO xorb (repository, hash, blob, created) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (repository, hash)"
                        + " DO UPDATE SET created = excluded.created",
                repository,
                hash,
                blob,
                now);
    }

    /// A xorb as the database knows it.
    record Bundle(ContentId blob, XorbIndex index) {}

    Optional<Bundle> bundle(String hash) {
        return data.read(sql ->
                sql.first(
                        "SELECT blob, chunks FROM chunk_bundle WHERE hash = ?",
                        row ->
                                new Bundle(
                                        new ContentId(row.text(1)), XorbIndex.parse(row.bytes(2))),
                        hash));
    }

    private XorbReader reader(Predicate<String> allowed) {
        return new XorbReader(hash -> {
            Bundle bundle =
                    bundle(hash)
                            .filter(_ -> allowed.test(hash))
                            .orElseThrow(() ->
                                    HubError.bad(
                                            "The shard names a xorb that was not uploaded: "
                                                    + hash));
            return new XorbReader.Xorb(blobs.open(bundle.blob()), bundle.index());
        });
    }

    /// Keeps a file as a recipe says, after all its hashes were compared; durable on return.
    ///
    /// @param allowed the xorbs that it may be made of
    void putFile(long repository, XetShard.File file, Predicate<String> allowed) {
        try (Blobs.Hold _ = blobs.hold();
                ChunkedChannel channel = checked(file, reader(allowed))) {
            ContentId oid = digest(channel);
            String expected = file.sha256();
            if (expected != null && !expected.equals(oid.hex())) {
                throw HubError.bad(
                        "The file's SHA-256 is " + oid.hex() + ", the shard says " + expected);
            }
            ChunkedFile kept =
                    new ChunkedFile(oid, file.hash(), channel.size(), List.copyOf(file.terms()));
            data.write(sql -> {
                for (Map.Entry<String, String> bundle : keep(sql, kept).entrySet()) {
                    own(sql, repository, bundle.getKey(), bundle.getValue(), clock.millis());
                }
                return LfsObjects.add(sql, repository, oid, kept.size(), clock.millis());
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes the recipe; the xorbs that it names, with their blobs.
    private static Map<String, String> keep(SqlConnection sql, ChunkedFile file) {
        Map<String, String> bundles = new LinkedHashMap<>();
        sql.update(
                "INSERT INTO chunked_file (oid, hash, size, terms) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (oid) DO NOTHING",
                file.oid().hex(),
                file.hash(),
                file.size(),
                file.bytes());
        for (XetShard.Term term : file.terms()) {
            bundles.computeIfAbsent(term.xorb(), bundle -> keepBundle(sql, file.oid(), bundle));
        }
        return bundles;
    }

    private static String keepBundle(SqlConnection sql, ContentId oid, String bundle) {
        // Read again: it may have been dropped while the file was looked at.
        String blob =
                sql.first(
                                "SELECT blob FROM chunk_bundle WHERE hash = ?",
                                row -> row.text(1),
                                bundle)
                        .orElseThrow(() -> HubError.bad("The xorb is gone: " + bundle));
        sql.update(
                "INSERT INTO chunked_file_bundle (oid, bundle) VALUES (?, ?)"
                        + " ON CONFLICT (oid, bundle) DO NOTHING",
                oid.hex(),
                bundle);
        return blob;
    }

    /// Large files that are kept in one piece although chunks of them could be shared.
    List<ContentId> whole() {
        return data.read(sql ->
                sql.list(
                        "SELECT DISTINCT oid FROM lfs_object WHERE used = 1 AND size >= ?"
                                + " AND oid NOT IN (SELECT oid FROM chunked_file)",
                        row -> new ContentId(row.text(1)),
                        WORTH_CHUNKS));
    }

    /// Keeps a file that is there in one piece as chunks, after it was read back from them and
    /// compared; the piece goes with the next collection.
    void replace(ContentId oid, String hash, List<XetShard.Term> terms) throws IOException {
        try (ChunkedChannel channel = new ChunkedChannel(reader(_ -> true), terms)) {
            ContentId actual = digest(channel);
            if (!actual.equals(oid)) {
                throw new IOException("its chunks have the SHA-256 " + actual);
            }
            ChunkedFile file = new ChunkedFile(oid, hash, channel.size(), List.copyOf(terms));
            // Another server may have been first.
            data.write(sql -> find(sql, oid).isPresent() || !keep(sql, file).isEmpty());
        }
    }

    /// The file of a recipe, when the ranges exist and its hashes are those of the chunks.
    private static ChunkedChannel checked(XetShard.File file, XorbReader xorbs) throws IOException {
        List<XetHashes.Node> nodes = new ArrayList<>();
        for (int i = 0; i < file.terms().size(); i++) {
            XetShard.Term term = file.terms().get(i);
            XorbIndex index = xorbs.index(term.xorb());
            boolean wrong =
                    term.start() < 0 || term.start() >= term.end() || term.end() > index.count();
            if (wrong || index.size(term.start(), term.end()) != term.bytes()) {
                throw HubError.bad(
                        "The xorb %s has %d chunks; the shard names %d to %d with %d bytes"
                                .formatted(
                                        term.xorb(),
                                        index.count(),
                                        term.start(),
                                        term.end(),
                                        term.bytes()));
            }
            if (nodes.size() + term.end() - term.start() > MOST_CHUNKS) {
                throw HubError.tooLarge("A file has at most " + MOST_CHUNKS + " chunks");
            }
            nodes.addAll(index.nodes(term.start(), term.end()));
            checkRange(file, i, index);
        }
        String hash = XetHashes.text(XetHashes.file(nodes));
        if (!hash.equals(file.hash())) {
            throw HubError.bad("The file's hash is " + hash + ", the shard says " + file.hash());
        }
        return new ChunkedChannel(xorbs, file.terms());
    }

    private static void checkRange(XetShard.File file, int place, XorbIndex index) {
        if (!file.ranges().isEmpty()) {
            XetShard.Term term = file.terms().get(place);
            byte[] hash = XetHashes.range(index.hashes(term.start(), term.end()));
            if (!XetHashes.text(hash).equals(file.ranges().get(place))) {
                throw HubError.bad("The shard's verification of range " + place + " is wrong");
            }
        }
    }

    private static ContentId digest(ChunkedChannel channel) throws IOException {
        MessageDigest digest = ContentId.sha256();
        ByteBuffer buffer = ByteBuffer.allocate(XorbIntake.LARGEST_CHUNK);
        while (channel.read(buffer) >= 0) {
            digest.update(buffer.flip());
            buffer.clear();
        }
        return ContentId.of(digest);
    }

    /// A file that is kept as chunks.
    Optional<ChunkedFile> find(ContentId oid) {
        return data.read(sql -> find(sql, oid));
    }

    private static Optional<ChunkedFile> find(SqlConnection sql, ContentId oid) {
        return sql.first(
                "SELECT " + ChunkedFile.COLUMNS + " FROM chunked_file WHERE oid = ?",
                ChunkedFile::of,
                oid.hex());
    }

    /// Xet's hash of a file that is kept as chunks.
    Optional<String> hash(ContentId oid) {
        return data.read(sql ->
                sql.first(
                        "SELECT hash FROM chunked_file WHERE oid = ?",
                        row -> row.text(1),
                        oid.hex()));
    }

    /// The file of a repository with this Xet hash.
    Optional<ChunkedFile> find(long repository, String hash) {
        return data.read(sql ->
                sql.first(
                        "SELECT "
                                + ChunkedFile.COLUMNS
                                + " FROM chunked_file JOIN lfs_object"
                                + " ON lfs_object.oid = chunked_file.oid"
                                + " WHERE repository = ? AND hash = ?",
                        ChunkedFile::of,
                        repository,
                        hash));
    }

    SeekableByteChannel open(ChunkedFile file) {
        return new ChunkedChannel(reader(_ -> true), file.terms());
    }

    /// Forgets files that no repository has, and chunks that no file has and nobody uploaded since
    /// a time: clients remember for weeks what they have uploaded, and do not send it again.
    static void forget(SqlConnection sql, long since) {
        sql.update("DELETE FROM chunked_file WHERE oid NOT IN (SELECT oid FROM lfs_object)");
        sql.update(
                "DELETE FROM chunked_file_bundle WHERE oid NOT IN (SELECT oid FROM chunked_file)");
        String unused = " AND hash NOT IN (SELECT bundle FROM chunked_file_bundle)";
        sql.update("DELETE FROM xorb WHERE created < ?" + unused, since);
        sql.update(
                "DELETE FROM chunk_bundle WHERE created < ?"
                        + unused
                        + " AND hash NOT IN (SELECT hash FROM xorb)",
                since);
        sql.update("DELETE FROM chunk_sample WHERE bundle NOT IN (SELECT hash FROM chunk_bundle)");
    }
}
