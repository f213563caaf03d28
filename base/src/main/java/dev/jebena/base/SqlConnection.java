package dev.jebena.base;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Statements on one connection; values are always parameters. Prepared statements are kept. Used
/// by one thread at a time.
public final class SqlConnection {
    /// Statements kept prepared; more than the texts that are in steady use.
    private static final int KEPT = 250;

    private final Connection connection;
    private final SqlDialect dialect;
    private final Map<String, PreparedStatement> prepared =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, PreparedStatement> eldest) {
                    boolean full = size() > KEPT;
                    if (full) {
                        closeQuietly(eldest.getValue());
                    }
                    return full;
                }
            };
    private long updates;

    SqlConnection(Connection connection, SqlDialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    static Problem failed(String what, SQLException cause) {
        return new Problem(Problem.Code.STORAGE, what + ": " + cause.getMessage(), null, cause);
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception _) {
            // A statement that cannot be closed goes with its connection.
        }
    }

    public SqlDialect dialect() {
        return dialect;
    }

    /// Runs an INSERT, UPDATE or DELETE; the number of rows that it touched.
    public int update(String sql, @Nullable Object... values) {
        updates++;
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            throw failed("the database refused to write", e);
        }
    }

    /// Runs an INSERT into a table with an `{id}` and returns that.
    public long insert(String sql, @Nullable Object... values) {
        updates++;
        try (ResultSet rows = bound(sql + " RETURNING id", values).executeQuery()) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw failed("the database refused to write", e);
        }
    }

    /// Runs one statement for many rows of values.
    public void updateAll(String sql, List<@Nullable Object[]> rows) {
        for (@Nullable Object[] row : rows) {
            update(sql, row);
        }
    }

    /// Calls `row` for each row of the answer.
    public void each(String sql, Consumer<SqlRow> row, @Nullable Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            SqlRow current = new SqlRow(rows);
            while (rows.next()) {
                row.accept(current);
            }
        } catch (SQLException e) {
            throw failed("the database refused to read", e);
        }
    }

    public <T> List<T> list(String sql, Function<SqlRow, T> row, @Nullable Object... values) {
        List<T> found = new ArrayList<>();
        each(sql, r -> found.add(row.apply(r)), values);
        return found;
    }

    /// The first row.
    public <T> Optional<T> first(String sql, Function<SqlRow, T> row, @Nullable Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            return rows.next() ? Optional.of(row.apply(new SqlRow(rows))) : Optional.empty();
        } catch (SQLException e) {
            throw failed("the database refused to read", e);
        }
    }

    /// The number in the first row and column; 0 without rows.
    public long number(String sql, @Nullable Object... values) {
        return first(sql, r -> r.number(1), values).orElse(0L);
    }

    private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            bind(statement, i + 1, values[i]);
        }
        return statement;
    }

    private static void bind(PreparedStatement statement, int place, @Nullable Object value)
            throws SQLException {
        switch (value) {
            case null -> statement.setObject(place, null);
            case String text -> statement.setString(place, text);
            case Long number -> statement.setLong(place, number);
            case Integer number -> statement.setLong(place, number);
            case Double number -> statement.setDouble(place, number);
            case Boolean flag -> statement.setLong(place, flag ? 1 : 0);
            case byte[] bytes -> statement.setBytes(place, bytes);
            default -> throw new IllegalArgumentException("no SQL value: " + value.getClass());
        }
    }

    /// Number of writing statements so far.
    long updates() {
        return updates;
    }

    /// A statement without values, such as BEGIN or part of a schema.
    void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failed("the database refused: " + sql.strip().lines().findFirst().orElse(""), e);
        }
    }

    /// Begins a transaction. Between transactions a connection holds no lock, so that other
    /// processes may write.
    void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    /// Commits, which is what JDBC makes of the end of a transaction.
    void commit() throws SQLException {
        connection.setAutoCommit(true);
    }

    void rollback() {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw failed("the database cannot roll back", e);
        }
    }

    boolean isUsable() {
        try {
            return dialect == SqlDialect.SQLITE || connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    void close() {
        prepared.values().forEach(SqlConnection::closeQuietly);
        prepared.clear();
        closeQuietly(connection);
    }
}
