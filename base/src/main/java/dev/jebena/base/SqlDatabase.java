package dev.jebena.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Metadata in SQL: an SQLite file, or a PostgreSQL database with the same schema. Many readers,
/// one writer with group commit: what [#write] returned from is durable. Safe for use by many
/// threads.
///
/// ```java
/// try (SqlDatabase data = SqlDatabase.open(Path.of("runs.db"), List.of(firstSchema))) {
///     data.write(sql -> sql.update("INSERT INTO run (name) VALUES (?)", "first"));
///     long runs = data.read(sql -> sql.number("SELECT count(*) FROM run"));
/// }
/// ```
public final class SqlDatabase implements AutoCloseable {
    private static final int READERS = 8;

    private final String url;
    private final SqlDialect dialect;
    private final BlockingQueue<SqlConnection> readers = new ArrayBlockingQueue<>(READERS);
    private final SqlWriter writer;
    private volatile boolean closed;

    private SqlDatabase(String url, SqlDialect dialect, List<String> migrations) {
        this.url = url;
        this.dialect = dialect;
        SqlConnection first = connect(false);
        try {
            SqlMigrations.apply(first, migrations);
        } finally {
            first.close();
        }
        for (int i = 0; i < READERS; i++) {
            readers.add(connect(true));
        }
        writer = new SqlWriter(() -> connect(false));
    }

    /// The SQLite database in this file, which is made when it is missing.
    ///
    /// @param migrations the schema's steps, each applied once and in order; words in braces as in
    ///   [SqlDialect]. A step that was published never changes, new ones are added behind it
    public static SqlDatabase open(Path file, List<String> migrations) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw Problem.unwritable("cannot make the folder of " + file, e);
        }
        return new SqlDatabase("jdbc:sqlite:" + file, SqlDialect.SQLITE, migrations);
    }

    /// The database at a PostgreSQL address, `postgresql://user:password@host:port/name`.
    public static SqlDatabase open(String address, List<String> migrations) {
        return new SqlDatabase(PostgresAddress.jdbc(address), SqlDialect.POSTGRES, migrations);
    }

    public SqlDialect dialect() {
        return dialect;
    }

    private SqlConnection connect(boolean reader) {
        try {
            Properties settings = new Properties();
            if (dialect == SqlDialect.SQLITE) {
                // A transaction that reads first could not write after another process has.
                settings.setProperty("transaction_mode", "IMMEDIATE");
            }
            Connection connection = DriverManager.getConnection(url, settings);
            SqlConnection open = new SqlConnection(connection, dialect);
            if (dialect == SqlDialect.SQLITE) {
                open.execute("PRAGMA busy_timeout = 30000");
                open.execute("PRAGMA journal_mode = WAL");
                open.execute("PRAGMA synchronous = FULL");
                open.execute("PRAGMA case_sensitive_like = ON");
                open.execute("PRAGMA cache_size = -16384");
                open.execute("PRAGMA temp_store = MEMORY");
                open.execute("PRAGMA mmap_size = 1073741824");
                SqlRegexp.addTo(connection);
                open.execute("PRAGMA query_only = " + (reader ? "ON" : "OFF"));
            }
            return open;
        } catch (SQLException e) {
            throw SqlConnection.failed("cannot open the database " + shown(), e);
        }
    }

    private String shown() {
        return url.replaceFirst("\\?.*", "");
    }

    /// Reads with a connection of its own; `work` may run again on another one when that was lost.
    public <T> T read(Function<SqlConnection, T> work) {
        for (int tries = 0; ; tries++) {
            SqlConnection connection = take();
            boolean intact = true;
            try {
                return work.apply(connection);
            } catch (Problem e) {
                intact = connection.isUsable();
                // After a restart of the server all connections are lost, one after the other.
                if (intact || tries >= READERS) {
                    throw e;
                }
            } finally {
                giveBack(connection, intact);
            }
        }
    }

    /// As [#read], for work without a result.
    public void reading(Consumer<SqlConnection> work) {
        read(sql -> {
            work.accept(sql);
            return true;
        });
    }

    private SqlConnection take() {
        try {
            SqlConnection connection = closed ? null : readers.poll(60, TimeUnit.SECONDS);
            if (connection == null) {
                throw new Problem(
                        Problem.Code.UNAVAILABLE,
                        closed ? "the database is closed" : "the database is busy");
            }
            return connection;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Code.UNAVAILABLE, "interrupted while waiting to read");
        }
    }

    /// A connection on which something failed is replaced when it is lost, as after a restart of
    /// the server.
    private void giveBack(SqlConnection connection, boolean intact) {
        SqlConnection back = connection;
        if (!intact) {
            connection.close();
            back = reconnected(connection);
        }
        if (closed) {
            back.close();
        } else {
            readers.add(back);
        }
    }

    private SqlConnection reconnected(SqlConnection lost) {
        try {
            return connect(true);
        } catch (Problem e) {
            // Still away: the next reader tries again.
            return lost;
        }
    }

    /// Makes a change and returns when it is durable. `work` runs on the writer's thread, may run
    /// again, and must not wait for anything.
    public <T extends @Nullable Object> T write(Function<SqlConnection, T> work) {
        return writer.write(work);
    }

    @Override
    public void close() {
        closed = true;
        writer.close();
        SqlConnection reader = readers.poll();
        while (reader != null) {
            reader.close();
            reader = readers.poll();
        }
    }
}
