package dev.jebena.base;

import java.sql.SQLException;
import java.util.List;

/// Brings a database's schema up to date: each step once, in order, in a transaction.
final class SqlMigrations {
    private SqlMigrations() {}

    /// Throws CONFLICT when the database was written by a newer version.
    static void apply(SqlConnection sql, List<String> steps) {
        try {
            sql.begin();
            sql.execute(
                    "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)");
            if (sql.dialect() == SqlDialect.POSTGRES) {
                sql.execute("LOCK TABLE schema_version IN EXCLUSIVE MODE");
            }
            long done = sql.number("SELECT coalesce(max(version), 0) FROM schema_version");
            if (done > steps.size()) {
                throw new Problem(
                        Problem.Code.CONFLICT,
                        "the database has schema version %d, this program knows %d"
                                .formatted(done, steps.size()),
                        "use the version of Jebena that wrote it, or a newer one");
            }
            for (int i = (int) done; i < steps.size(); i++) {
                for (String statement : sql.dialect().schema(steps.get(i)).split(";\\s*\n")) {
                    if (!statement.isBlank()) {
                        sql.execute(statement);
                    }
                }
                sql.update("INSERT INTO schema_version (version) VALUES (?)", i + 1L);
            }
            sql.commit();
        } catch (SQLException e) {
            throw SqlConnection.failed("cannot bring the database's schema up to date", e);
        }
    }
}
