package dev.jebena.repositories;

import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Large files, by SHA-256. Bytes that several repositories have are stored once, yet a repository
/// has only what was uploaded to it: knowing a hash gives nobody the bytes.
final class LfsObjects {
    private final SqlDatabase data;
    private final Blobs blobs;
    private final ChunkStore chunks;
    private final Clock clock;
    private volatile @Nullable Mirror mirror;

    LfsObjects(SqlDatabase data, Blobs blobs, ChunkStore chunks, Clock clock) {
        this.data = data;
        this.blobs = blobs;
        this.chunks = chunks;
        this.clock = clock;
    }

    /// Mirrored repositories have what that hub has.
    void mirroredBy(@Nullable Mirror hub) {
        mirror = hub;
    }

    /// The size of a large file that the repository has.
    Optional<Long> size(long repository, ContentId oid) {
        Optional<Long> here = data.read(sql -> size(sql, repository, oid));
        Mirror hub = mirror;
        return here.isPresent() || hub == null ? here : hub.size(repository, oid);
    }

    static Optional<Long> size(SqlConnection sql, long repository, ContentId oid) {
        return sql.first(
                "SELECT size FROM lfs_object WHERE repository = ? AND oid = ?",
                row -> row.number(1),
                repository,
                oid.hex());
    }

    /// Reads a large file that the repository has. Throws status 404 when it does not, even if
    /// another one does.
    SeekableByteChannel open(long repository, ContentId oid) {
        if (data.read(sql -> size(sql, repository, oid)).isPresent()) {
            return chunks.find(oid).map(chunks::open).orElseGet(() -> blobs.open(oid));
        }
        Mirror hub = mirror;
        Optional<Long> there = hub == null ? Optional.empty() : hub.size(repository, oid);
        if (hub == null || there.isEmpty()) {
            throw HubError.missing("The large file " + oid.hex() + " is not in this repository");
        }
        return hub.open(
                repository, oid, there.get(), in -> arrived(repository, oid, there.get(), in));
    }

    private void arrived(long repository, ContentId oid, long size, InputStream in) {
        put(repository, oid, size, in);
        data.write(sql -> {
            use(sql, repository, List.of(oid));
            return true;
        });
    }

    /// Bytes of all large files of a repository.
    long used(long repository) {
        return data.read(sql ->
                sql.number(
                        "SELECT coalesce(sum(size), 0) FROM lfs_object WHERE repository = ?",
                        repository));
    }

    /// Stores a large file of a repository; durable on return. Throws status 422 for other bytes
    /// than announced.
    void put(long repository, ContentId oid, long size, InputStream in) {
        try (Blobs.Hold _ = blobs.hold()) {
            stored(oid, size, in);
            add(repository, oid, size);
        }
    }

    private void stored(ContentId oid, long size, InputStream in) {
        try {
            blobs.put(in, size, oid, _ -> {});
        } catch (Problem e) {
            if (e.code() == Problem.Code.TOO_LARGE || e.code() == Problem.Code.BAD_FILE) {
                throw HubError.unprocessable(e.summary());
            }
            throw e;
        }
        if (blobs.size(oid) != size) {
            throw HubError.unprocessable(
                    "The size was announced as %d, the data has %d bytes"
                            .formatted(size, blobs.size(oid)));
        }
    }

    private void add(long repository, ContentId oid, long size) {
        data.write(sql -> add(sql, repository, oid, size, clock.millis()));
    }

    /// The repository has these bytes, which are in the store already.
    static int add(SqlConnection sql, long repository, ContentId oid, long size, long now) {
        return sql.update(
                "INSERT INTO lfs_object (repository, oid, size, used, created)"
                        + " VALUES (?, ?, ?, 0, ?)"
                        + " ON CONFLICT (repository, oid) DO UPDATE SET created = excluded.created",
                repository,
                oid.hex(),
                size,
                now);
    }

    /// A commit names these: they stay as long as one does. Throws status 400 when one is gone.
    static void use(SqlConnection sql, long repository, Collection<ContentId> oids) {
        for (ContentId oid : oids) {
            int found =
                    sql.update(
                            "UPDATE lfs_object SET used = 1 WHERE repository = ? AND oid = ?",
                            repository,
                            oid.hex());
            if (found == 0) {
                throw HubError.bad("The large file " + oid.hex() + " is gone; upload it again");
            }
        }
    }

    /// Somebody was told that the file is there and will not send it: it stays as if it had just
    /// come.
    void touch(long repository, ContentId oid) {
        data.write(sql ->
                sql.update(
                        "UPDATE lfs_object SET created = ? WHERE repository = ? AND oid = ?",
                        clock.millis(),
                        repository,
                        oid.hex()));
    }

    /// Stores one part of a large file that comes in several.
    ContentId putPart(long repository, ContentId oid, int part, long size, InputStream in) {
        try (Blobs.Hold _ = blobs.hold()) {
            ContentId blob = blobs.put(in, size, null, _ -> {});
            if (blobs.size(blob) != size) {
                throw HubError.unprocessable(
                        "Part %d has %d bytes, expected %d"
                                .formatted(part, blobs.size(blob), size));
            }
            data.write(sql ->
                    sql.update(
                            "INSERT INTO lfs_part (repository, oid, part, blob, created)"
                                    + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (repository, oid, part)"
                                    + " DO UPDATE SET blob = excluded.blob",
                            repository,
                            oid.hex(),
                            part,
                            blob.hex(),
                            clock.millis()));
            return blob;
        }
    }

    /// Joins the parts to the large file that they are of.
    void complete(long repository, ContentId oid, long size, int parts) {
        try (Blobs.Hold _ = blobs.hold()) {
            List<ContentId> found =
                    data.read(sql ->
                            sql.list(
                                    "SELECT blob FROM lfs_part WHERE repository = ? AND oid = ?"
                                            + " AND part <= ? ORDER BY part",
                                    row -> new ContentId(row.text(1)),
                                    repository,
                                    oid.hex(),
                                    parts));
            if (found.size() != parts) {
                throw HubError.bad(
                        "%d of %d parts have been uploaded".formatted(found.size(), parts));
            }
            stored(oid, size, new JoinedBlobs(blobs, found));
            add(repository, oid, size);
            data.write(sql ->
                    sql.update(
                            "DELETE FROM lfs_part WHERE repository = ? AND oid = ?",
                            repository,
                            oid.hex()));
        }
    }
}
