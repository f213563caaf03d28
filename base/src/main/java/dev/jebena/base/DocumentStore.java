package dev.jebena.base;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
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

    private final Path file;
    private final Connection connection;

    private DocumentStore(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /// The store in this file, which is made when it is missing.
    public static DocumentStore open(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 30000");
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
                for (String part : SCHEMA.split(";\n")) {
                    statement.execute(part);
                }
            }
            return new DocumentStore(file, connection);
        } catch (IOException e) {
            throw Problem.unwritable("cannot make the folder of " + file, e);
        } catch (SQLException e) {
            throw failed(file, e);
        }
    }

    private static Problem failed(Path file, SQLException e) {
        return Problem.storage("cannot use the documents in " + file, e);
    }

    /// Stores a document, in place of one with the same kind and id, which keeps its place and
    /// time.
    public synchronized void put(
            String kind, String id, @Nullable String owner, Map<String, ?> json) {
        update(
                "INSERT INTO document (kind, id, owner, created, json) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json,"
                        + " owner = excluded.owner",
                kind,
                id,
                owner,
                Instant.now().toEpochMilli(),
                HttpJson.text(json));
    }

    public synchronized Optional<Document> get(String kind, String id) {
        List<Document> found =
                query(
                        "SELECT id, owner, created, json FROM document WHERE kind = ? AND id = ?",
                        kind,
                        id);
        return found.stream().findFirst();
    }

    /// Removes the document and all that belong to it; false when there is none.
    public synchronized boolean delete(String kind, String id) {
        update("DELETE FROM document WHERE owner = ?", id);
        return update("DELETE FROM document WHERE kind = ? AND id = ?", kind, id) > 0;
    }

    /// Documents of a kind that were stored before this time.
    public synchronized List<Document> olderThan(String kind, Instant time) {
        return query(
                "SELECT id, owner, created, json FROM document WHERE kind = ? AND created < ?"
                        + " ORDER BY place",
                kind,
                time.toEpochMilli());
    }

    /// Number of documents of a kind that belong to `owner`.
    public synchronized long count(String kind, String owner) {
        try (PreparedStatement statement =
                        prepared(
                                "SELECT count(*) FROM document WHERE kind = ? AND owner = ?",
                                kind,
                                owner);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException e) {
            throw failed(file, e);
        }
    }

    /// A part of the documents of a kind; throws NOT_FOUND when `page.after` is not one of them.
    ///
    /// @param owner whose; null for all
    public synchronized Listed list(String kind, @Nullable String owner, Page page) {
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
        try (PreparedStatement statement =
                        prepared("SELECT place FROM document WHERE kind = ? AND id = ?", kind, id);
                ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) {
                throw Problem.notFound("there is no " + kind + " '" + id + "' to go on from");
            }
            return rows.getLong(1);
        } catch (SQLException e) {
            throw failed(file, e);
        }
    }

    private List<Document> query(String sql, @Nullable Object... values) {
        try (PreparedStatement statement = prepared(sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<Document> found = new ArrayList<>();
            while (rows.next()) {
                found.add(
                        new Document(
                                rows.getString(1),
                                rows.getString(2),
                                Instant.ofEpochMilli(rows.getLong(3)),
                                HttpJson.objectOf(
                                        HttpJson.parse(
                                                rows.getString(4)
                                                        .getBytes(StandardCharsets.UTF_8)))));
            }
            return found;
        } catch (SQLException e) {
            throw failed(file, e);
        }
    }

    private int update(String sql, @Nullable Object... values) {
        try (PreparedStatement statement = prepared(sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(file, e);
        }
    }

    private PreparedStatement prepared(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(file, e);
        }
    }
}
