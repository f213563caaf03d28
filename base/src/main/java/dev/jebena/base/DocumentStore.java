package dev.jebena.base;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// JSON documents by kind and id, in the order in which they came, in one SQLite file. What a
/// method wrote is durable when it returns. Safe for use by many threads, and by several processes.
///
/// A document may belong to another one (`owner`): it is listed by it and goes with it.
///
/// ```java
/// store.put("response", "resp_1", null, Map.of("status", "completed"));
/// store.list("response", null, Page.first(20)).documents();
/// ```
public final class DocumentStore implements AutoCloseable {
    /// One document.
    ///
    /// @param created when it was stored first
    public record Document(
            String id,
            @Nullable String owner,
            Instant created,
            Map<String, @Nullable Object> json) {}

    /// Part of a list.
    ///
    /// @param more whether others follow in the direction of the list
    public record Listed(List<Document> documents, boolean more) {}

    /// Which part of a list: at most `limit`, oldest or newest first, from behind the document with
    /// the id `after`; null for the beginning.
    public record Page(int limit, boolean newestFirst, @Nullable String after) {}

    private static final String SCHEMA =
            """
            CREATE TABLE IF NOT EXISTS document (
                place INTEGER PRIMARY KEY AUTOINCREMENT,
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                owner TEXT,
                created INTEGER NOT NULL,
                json TEXT NOT NULL,
                UNIQUE (kind, id));
            CREATE INDEX IF NOT EXISTS document_owner ON document (owner, kind, place);
            CREATE INDEX IF NOT EXISTS document_kind ON document (kind, place);
            """;

    private final SqlDatabase data;

    private DocumentStore(SqlDatabase data) {
        this.data = data;
    }

    /// The store in this file, which is made when it is missing.
    public static DocumentStore open(Path file) {
        return new DocumentStore(SqlDatabase.open(file, List.of(SCHEMA)));
    }

    /// Stores a document, in place of one with the same kind and id, which keeps its place and
    /// time.
    public void put(String kind, String id, @Nullable String owner, Map<String, ?> json) {
        data.write(sql ->
                sql.update(
                        "INSERT INTO document (kind, id, owner, created, json) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json,"
                                + " owner = excluded.owner",
                        kind,
                        id,
                        owner,
                        Instant.now().toEpochMilli(),
                        HttpJson.text(json)));
    }

    public Optional<Document> get(String kind, String id) {
        List<Document> found =
                query(
                        "SELECT id, owner, created, json FROM document WHERE kind = ? AND id = ?",
                        kind,
                        id);
        return found.stream().findFirst();
    }

    /// Removes the document and all that belong to it; false when there is none.
    public boolean delete(String kind, String id) {
        return data.write(sql -> {
            sql.update("DELETE FROM document WHERE owner = ?", id);
            return sql.update("DELETE FROM document WHERE kind = ? AND id = ?", kind, id) > 0;
        });
    }

    /// Documents of a kind that were stored before this time.
    public List<Document> olderThan(String kind, Instant time) {
        return query(
                "SELECT id, owner, created, json FROM document WHERE kind = ? AND created < ?"
                        + " ORDER BY place",
                kind,
                time.toEpochMilli());
    }

    /// Number of documents of a kind that belong to `owner`.
    public long count(String kind, String owner) {
        return data.read(sql ->
                sql.number(
                        "SELECT count(*) FROM document WHERE kind = ? AND owner = ?", kind, owner));
    }

    /// A part of the documents of a kind; throws NOT_FOUND when `page.after` is not one of them.
    ///
    /// @param owner whose; null for all
    public Listed list(String kind, @Nullable String owner, Page page) {
        long from = page.newestFirst() ? Long.MAX_VALUE : 0;
        if (page.after() != null) {
            from = place(kind, page.after());
        }
        List<Document> found =
                query(
                        "SELECT id, owner, created, json FROM document WHERE kind = ?"
                                + (owner == null ? " AND ? IS NULL" : " AND owner = ?")
                                + (page.newestFirst() ? " AND place < ?" : " AND place > ?")
                                + " ORDER BY place"
                                + (page.newestFirst() ? " DESC" : "")
                                + " LIMIT ?",
                        kind,
                        owner,
                        from,
                        page.limit() + 1L);
        boolean more = found.size() > page.limit();
        return new Listed(more ? found.subList(0, page.limit()) : found, more);
    }

    private long place(String kind, String id) {
        return data.read(sql ->
                        sql.first(
                                "SELECT place FROM document WHERE kind = ? AND id = ?",
                                row -> row.number(1),
                                kind,
                                id))
                .orElseThrow(() ->
                        Problem.notFound("there is no " + kind + " '" + id + "' to go on from"));
    }

    private List<Document> query(String text, @Nullable Object... values) {
        return data.read(sql -> sql.list(text, DocumentStore::document, values));
    }

    private static Document document(SqlRow row) {
        return new Document(
                row.text(1),
                row.textOrNull(2),
                Instant.ofEpochMilli(row.number(3)),
                HttpJson.objectOf(HttpJson.parse(row.text(4).getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public void close() {
        data.close();
    }
}
