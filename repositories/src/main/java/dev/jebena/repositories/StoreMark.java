package dev.jebena.repositories;

import dev.jebena.base.Blobs;
import dev.jebena.base.Problem;
import dev.jebena.base.SqlDatabase;
import java.util.UUID;

/// A database and its blobs belong together: with another database all blobs would look as if
/// nobody needed them.
final class StoreMark {
    private StoreMark() {}

    /// Throws CONFLICT when the blobs belong to another database.
    static void check(SqlDatabase data, Blobs blobs) {
        String fresh = UUID.randomUUID().toString();
        String mark =
                data.write(sql -> {
                    sql.update(
                            "INSERT INTO setting (name, value) VALUES ('store', ?)"
                                    + " ON CONFLICT (name) DO NOTHING",
                            fresh);
                    return sql.first(
                                    "SELECT value FROM setting WHERE name = 'store'",
                                    row -> row.text(1))
                            .orElseThrow();
                });
        if (!blobs.claim(mark).equals(mark)) {
            throw new Problem(
                    Problem.Code.CONFLICT,
                    "the hub's files belong to another database",
                    "open the hub with the database that it was begun with, or another folder or bucket");
        }
    }
}
