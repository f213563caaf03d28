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
            if (sql.dialect() == SqlDialect.POSTGRES) {
                makeSchema(sql);
            }
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

    /// The schema that the address names (`?currentSchema=hub`) may be missing: one database serves
    /// several parts of the program so.
    private static void makeSchema(SqlConnection sql) throws SQLException {
        String path =
                sql.first(
                                "SELECT current_setting('search_path') WHERE current_schema() IS NULL",
                                row -> row.text(1))
                        .orElse("");
        String name = path.split(",", 2)[0].strip();
        if (name.matches("[a-z_][a-z0-9_]{0,62}")) {
            sql.execute("CREATE SCHEMA IF NOT EXISTS " + name);
        } else if (!path.isEmpty()) {
            throw Problem.badRequest(
                    "the database has no schema " + name + ", whose name is not one to make it by");
        }
    }
}
