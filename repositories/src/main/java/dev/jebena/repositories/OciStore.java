package dev.jebena.repositories;

import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.SqlDatabase;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Manifests, tags and blobs of the registry. A blob is stored once, yet a name has only what was
/// pushed to it.
final class OciStore {
    private final SqlDatabase data;
    private final Blobs blobs;
    private final Clock clock;

    OciStore(SqlDatabase data, Blobs blobs, Clock clock) {
        this.data = data;
        this.blobs = blobs;
        this.clock = clock;
    }

    /// A manifest as it was pushed, byte for byte.
    record Manifest(String digest, String mediaType, byte[] content) {}

    boolean has(String name, ContentId digest) {
        return data.read(sql ->
                sql.number(
                        "SELECT count(*) FROM oci_blob WHERE name = ? AND digest = ?",
                        name,
                        digest.hex()))
                > 0;
    }

    void add(String name, ContentId digest) {
        data.write(sql ->
                sql.update(
                        "INSERT INTO oci_blob (name, digest, created) VALUES (?, ?, ?)"
                                + " ON CONFLICT (name, digest) DO NOTHING",
                        name,
                        digest.hex(),
                        clock.millis()));
    }

    boolean remove(String name, ContentId digest) {
        return data.write(sql ->
                sql.update(
                        "DELETE FROM oci_blob WHERE name = ? AND digest = ?", name, digest.hex()))
                > 0;
    }

    String begin(String name) {
        String id = UUID.randomUUID().toString();
        data.write(sql ->
                sql.update(
                        "INSERT INTO oci_upload (id, name, created) VALUES (?, ?, ?)",
                        id,
                        name,
                        clock.millis()));
        return id;
    }

    /// Bytes of an upload so far; empty when there is no such one.
    Optional<Long> uploaded(String name, String id) {
        return data.read(sql ->
                sql.first(
                        "SELECT (SELECT coalesce(sum(size), 0) FROM oci_chunk WHERE upload = id)"
                                + " FROM oci_upload WHERE id = ? AND name = ?",
                        row -> row.number(1),
                        id,
                        name));
    }

    /// Adds bytes behind those that came; durable on return. The new length.
    long append(String id, long position, InputStream in) {
        try (Blobs.Hold _ = blobs.hold()) {
            ContentId blob = blobs.put(in, Long.MAX_VALUE, null, _ -> {});
            long size = blobs.size(blob);
            if (size > 0) {
                data.write(sql ->
                        sql.update(
                                "INSERT INTO oci_chunk (upload, position, size, blob)"
                                        + " VALUES (?, ?, ?, ?)",
                                id,
                                position,
                                size,
                                blob.hex()));
            }
            return position + size;
        }
    }

    /// Makes a blob of an upload. Throws DIGEST_INVALID when it has another digest.
    void finish(String name, String id, ContentId digest) {
        try (Blobs.Hold _ = blobs.hold()) {
            List<ContentId> chunks =
                    data.read(sql ->
                            sql.list(
                                    "SELECT blob FROM oci_chunk WHERE upload = ? ORDER BY position",
                                    row -> new ContentId(row.text(1)),
                                    id));
            // What came in one piece has its name already.
            if (!chunks.equals(List.of(digest))) {
                blobs.put(new JoinedBlobs(blobs, chunks), Long.MAX_VALUE, digest, _ -> {});
            }
            add(name, digest);
            cancel(id);
        } catch (Problem e) {
            if (e.code() == Problem.Code.BAD_FILE) {
                cancel(id);
                throw OciError.of(400, "DIGEST_INVALID", e.summary());
            }
            throw e;
        }
    }

    void cancel(String id) {
        data.write(sql -> {
            sql.update("DELETE FROM oci_chunk WHERE upload = ?", id);
            return sql.update("DELETE FROM oci_upload WHERE id = ?", id);
        });
    }

    /// @param reference a tag, or a digest
    Optional<Manifest> manifest(String name, String reference) {
        return data.read(sql ->
                sql.first(
                        "SELECT digest, media_type, content FROM oci_manifest WHERE name = ? AND"
                                + " digest = coalesce((SELECT digest FROM oci_tag WHERE"
                                + " oci_tag.name = oci_manifest.name AND tag = ?), ?)",
                        row -> new Manifest(row.text(1), row.text(2), row.bytes(3)),
                        name,
                        reference,
                        reference));
    }

    /// @param tag empty for none
    void putManifest(String name, String tag, Manifest manifest) {
        data.write(sql -> {
            sql.update(
                    "INSERT INTO oci_manifest (name, digest, media_type, content, created)"
                            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (name, digest)"
                            + " DO UPDATE SET media_type = excluded.media_type",
                    name,
                    manifest.digest(),
                    manifest.mediaType(),
                    manifest.content(),
                    clock.millis());
            if (!tag.isEmpty()) {
                sql.update(
                        "INSERT INTO oci_tag (name, tag, digest) VALUES (?, ?, ?)"
                                + " ON CONFLICT (name, tag) DO UPDATE SET digest = excluded.digest",
                        name,
                        tag,
                        manifest.digest());
            }
            return true;
        });
    }

    /// Removes a tag, or a manifest with its tags; false when there is none.
    boolean removeManifest(String name, String reference) {
        return data.write(sql -> {
            int tags =
                    sql.update(
                            "DELETE FROM oci_tag WHERE name = ? AND (tag = ? OR digest = ?)",
                            name,
                            reference,
                            reference);
            return tags
                            + sql.update(
                                    "DELETE FROM oci_manifest WHERE name = ? AND digest = ?",
                                    name,
                                    reference)
                    > 0;
        });
    }

    List<String> tags(String name) {
        return data.read(sql ->
                sql.list(
                        "SELECT tag FROM oci_tag WHERE name = ? ORDER BY tag",
                        row -> row.text(1),
                        name));
    }

    List<String> names() {
        return data.read(sql ->
                sql.list(
                        "SELECT DISTINCT name FROM oci_manifest ORDER BY name",
                        row -> row.text(1)));
    }
}
