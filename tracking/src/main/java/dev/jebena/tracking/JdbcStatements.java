package dev.jebena.tracking;

import dev.jebena.base.Problem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Statements on somebody else's SQLite file, which must stay as its owner made it: no migrations
/// and no settings that outlive the connection.
final class JdbcStatements implements AutoCloseable {
    private final Connection connection;
    private final Path file;

    JdbcStatements(Path file) {
        this.file = file;
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// What makes a value of a row.
    @FunctionalInterface
    interface RowOf<T extends @Nullable Object> {
        T of(ResultSet row) throws SQLException;
    }

    <T> List<T> list(String sql, RowOf<T> row, @Nullable Object... values) {
        try (PreparedStatement statement = bound(sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(row.of(rows));
            }
            return found;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    void update(String sql, @Nullable Object... values) {
        try (PreparedStatement statement = bound(sql, values)) {
            statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /// Runs `work` as one transaction.
    void together(Runnable work) {
        try {
            connection.setAutoCommit(false);
            try {
                work.run();
                connection.commit();
            } finally {
                // Undoes what was not committed.
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private Problem failed(SQLException cause) {
        return new Problem(
                Problem.Code.BAD_FILE,
                "the database " + file + " cannot be used: " + cause.getMessage(),
                null,
                cause);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}
