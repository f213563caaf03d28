package dev.jebena.repositories;

import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import dev.jebena.base.SqlDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// A database and the folder of its blobs belong together: with another database all blobs would
/// look as if nobody needed them.
final class StoreMark {
    private StoreMark() {}

    /// Throws CONFLICT when the folder belongs to another database.
    static void check(SqlDatabase data, Path folder) {
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
        Path file = folder.resolve("database");
        try {
            if (!Files.exists(file)) {
                DurableFiles.write(file, mark);
            } else if (!Files.readString(file).equals(mark)) {
                throw new Problem(
                        Problem.Code.CONFLICT,
                        "the files in " + folder + " belong to another database",
                        "open the hub with the database that it was begun with, or another folder");
            }
        } catch (IOException e) {
            throw Problem.unwritable("cannot read " + file, e);
        }
    }
}
