package dev.jebena.tracking;

import dev.jebena.base.BlobStore;
import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import dev.jebena.base.HttpJson;
import dev.jebena.base.PathLock;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Files of runs and models: paths in the database, bytes in the content-addressed store. Paths are
/// relative, with `/` between their parts: `EXPERIMENT/RUN/artifacts/model/MLmodel`.
final class Artifacts {
    private static final int LONGEST_PATH = 4096;

    private final SqlDatabase data;
    private final BlobStore blobs;
    private final Clock clock;

    Artifacts(SqlDatabase data, BlobStore blobs, Clock clock) {
        this.data = data;
        this.blobs = blobs;
        this.clock = clock;
    }

    /// A stored file.
    record Stored(ContentId blob, long size) {}

    /// The path without needless slashes. Throws INVALID_PARAMETER_VALUE for one that leads out of
    /// the store.
    static String checked(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            boolean outside = part.equals("..") || part.indexOf('\\') >= 0 || part.indexOf(0) >= 0;
            boolean drive = parts.isEmpty() && part.matches("[A-Za-z]:.*");
            if (outside || drive || path.length() > LONGEST_PATH) {
                throw MlflowError.invalid("Invalid path");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    /// Where a URI of this server's store points to; empty for other stores.
    static Optional<String> path(String uri) {
        String scheme = "mlflow-artifacts:";
        if (!uri.startsWith(scheme)) {
            return Optional.empty();
        }
        String rest = uri.substring(scheme.length());
        return Optional.of(
                checked(rest.startsWith("//") ? rest.replaceFirst("//[^/]*", "") : rest));
    }

    /// Stores a file in place of one with the same path; durable on return.
    void put(String path, InputStream in) {
        String checked = checked(path);
        if (checked.isEmpty()) {
            throw MlflowError.invalid("Invalid path");
        }
        try (PathLock _ = blobs.hold()) {
            ContentId id = blobs.put(in, Long.MAX_VALUE, null, _ -> {});
            long size = blobs.size(id);
            data.write(sql ->
                    sql.update(
                            "INSERT INTO artifact (path, blob, size, modified)"
                                    + " VALUES (?, ?, ?, ?) ON CONFLICT (path) DO UPDATE"
                                    + " SET blob = excluded.blob, size = excluded.size,"
                                    + " modified = excluded.modified",
                            checked,
                            id.hex(),
                            size,
                            clock.millis()));
        }
    }

    Stored get(String path) {
        String checked = checked(path);
        return data.read(sql ->
                        sql.first(
                                "SELECT blob, size FROM artifact WHERE path = ?",
                                row -> new Stored(new ContentId(row.text(1)), row.number(2)),
                                checked))
                .orElseThrow(() -> MlflowError.missing("No such artifact: '" + path + "'"));
    }

    java.nio.file.Path file(Stored stored) {
        return blobs.path(stored.blob());
    }

    /// Files and folders directly below a folder, by name. Each folder costs one look at the index,
    /// however much lies in it.
    ///
    /// @param shown what stands before the names in the reply; empty for nothing
    List<Object> list(String folder, String shown) {
        String checked = checked(folder);
        String prefix = checked.isEmpty() ? "" : checked + "/";
        return data.read(sql -> listed(sql, prefix, shown.isEmpty() ? "" : shown + "/"));
    }

    private static List<Object> listed(SqlConnection sql, String prefix, String shown) {
        // '0' follows '/': the first path behind all that begin with the prefix.
        String end =
                prefix.isEmpty() ? "\uDBFF\uDFFF" : prefix.substring(0, prefix.length() - 1) + "0";
        List<Object> found = new ArrayList<>();
        String from = prefix;
        while (true) {
            Optional<Map.Entry<String, Long>> next =
                    sql.first(
                            "SELECT path, size FROM artifact WHERE path >= ? AND path < ?"
                                    + " ORDER BY path LIMIT 1",
                            row -> Map.entry(row.text(1), row.number(2)),
                            from,
                            end);
            if (next.isEmpty()) {
                return found;
            }
            String name = next.get().getKey().substring(prefix.length());
            int slash = name.indexOf('/');
            if (slash < 0) {
                found.add(
                        HttpJson.object(
                                "path",
                                shown + name,
                                "is_dir",
                                false,
                                "file_size",
                                next.get().getValue()));
                from = next.get().getKey() + "\u0001";
            } else {
                String folder = name.substring(0, slash);
                found.add(HttpJson.object("path", shown + folder, "is_dir", true));
                from = prefix + folder + "0";
            }
        }
    }

    /// Paths of all files below a folder.
    List<String> below(String folder) {
        String checked = checked(folder);
        return data.read(sql ->
                sql.list(
                        "SELECT path FROM artifact WHERE path >= ? AND path < ? ORDER BY path",
                        row -> row.text(1),
                        checked + "/",
                        checked + "0"));
    }

    /// Removes a file, or a folder with all below it. The bytes go with the next collection.
    void delete(String path) {
        String checked = checked(path);
        if (checked.isEmpty()) {
            throw MlflowError.invalid("Invalid path");
        }
        data.write(sql ->
                sql.update(
                        "DELETE FROM artifact WHERE path = ? OR (path >= ? AND path < ?)",
                        checked,
                        checked + "/",
                        checked + "0"));
    }

    /// Removes bytes that no path names any more.
    Optional<Blobs.Collected> collect() {
        return blobs.collect(() ->
                data.read(sql -> {
                    Set<ContentId> used =
                            sql
                                    .list(
                                            "SELECT DISTINCT blob FROM artifact",
                                            row -> new ContentId(row.text(1)))
                                    .stream()
                                    .collect(Collectors.toSet());
                    return used;
                }));
    }

    /// A whole small file; null when there is none.
    byte @Nullable [] small(String path, int limit) {
        return data.read(sql ->
                        sql.first(
                                "SELECT blob FROM artifact WHERE path = ?",
                                row -> new ContentId(row.text(1)),
                                checked(path)))
                .map(id -> blobs.read(id, limit))
                .orElse(null);
    }
}
