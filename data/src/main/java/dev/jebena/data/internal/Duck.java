package dev.jebena.data.internal;

import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import dev.jebena.data.Features;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// A DuckDB database in a temporary folder, which is deleted when it is closed.
public final class Duck implements AutoCloseable {
    private static final String MEMORY = "1GB";

    private final Path folder;
    private final DuckDBConnection connection;
    private final List<Path> readable = new ArrayList<>();

    private Duck(Path folder, DuckDBConnection connection) {
        this.folder = folder;
        this.connection = connection;
    }

    public static Duck open() {
        try {
            Path folder = Files.createTempDirectory("jebena-data");
            Properties settings = new Properties();
            settings.setProperty("memory_limit", MEMORY);
            settings.setProperty("temp_directory", folder.resolve("spill").toString());
            settings.setProperty("jdbc_stream_results", "true");
            settings.setProperty("autoinstall_known_extensions", "false");
            settings.setProperty("TimeZone", "UTC");
            return new Duck(
                    folder,
                    (DuckDBConnection)
                            DriverManager.getConnection(
                                    "jdbc:duckdb:" + folder.resolve("data.duckdb"), settings));
        } catch (IOException e) {
            throw Problem.storage("no temporary folder for the query", e);
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private static Problem refused(SQLException e) {
        String message = String.valueOf(e.getMessage());
        return new Problem(Problem.Code.BAD_REQUEST, "SQL: " + message.strip(), null, e);
    }

    private void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    static String name(String value) {
        return "\"" + value.replace("\"", "\"\"") + "\"";
    }

    /// Parquet files as a table, read where they lie.
    public void view(String name, List<Path> files) {
        List<String> paths = files.stream().map(f -> text(f.toAbsolutePath().toString())).toList();
        execute(
                "CREATE VIEW %s AS SELECT * FROM read_parquet([%s])"
                        .formatted(name(name), String.join(", ", paths)));
        readable.addAll(files);
    }

    /// Rows one after the other; null behind the last.
    public interface Source {
        @Nullable Object @Nullable [] next();
    }

    /// Rows as a table.
    public void table(String name, Features features, Source rows) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            columns.add(name(features.name(i)) + " " + DuckTypes.name(features.type(i)));
        }
        execute("CREATE TABLE %s (%s)".formatted(name(name), String.join(", ", columns)));
        try (DuckDBAppender appender = connection.createAppender(name)) {
            @Nullable Object[] values = rows.next();
            while (values != null) {
                appender.beginRow();
                for (int i = 0; i < values.length; i++) {
                    DuckTypes.append(appender, values[i], features.type(i));
                }
                appender.endRow();
                values = rows.next();
            }
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /// From here on only what is in the database and the files of its views can be read, and
    /// nothing written.
    public void lock() {
        List<String> paths =
                readable.stream().map(f -> text(f.toAbsolutePath().toString())).toList();
        execute("SET allowed_paths = [%s]".formatted(String.join(", ", paths)));
        execute("SET enable_external_access = false");
        execute("SET lock_configuration = true");
    }

    /// Writes a table as a Parquet file.
    ///
    /// @param metadata is kept in the file under the key `huggingface`
    public void writeParquet(String table, Path file, String metadata) {
        execute(
                "COPY %s TO %s (FORMAT parquet, COMPRESSION zstd, KV_METADATA {huggingface: %s})"
                        .formatted(name(table), text(file.toString()), text(metadata)));
    }

    public Rows query(String sql) {
        try {
            Statement statement = connection.createStatement();
            return new Rows(statement.executeQuery(sql), statement);
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /// The rows of a query.
    public static final class Rows implements AutoCloseable {
        private final ResultSet result;
        private final Statement statement;
        private final Features features;

        Rows(ResultSet result, Statement statement) throws SQLException {
            this.result = result;
            this.statement = statement;
            this.features = DuckTypes.features(result.getMetaData());
        }

        public Features features() {
            return features;
        }

        /// The next row's values; null behind the last.
        public @Nullable Object @Nullable [] next() {
            try {
                if (!result.next()) {
                    return null;
                }
                @Nullable Object[] values = new Object[features.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = DuckTypes.value(result.getObject(i + 1));
                }
                return values;
            } catch (SQLException e) {
                throw refused(e);
            }
        }

        @Override
        public void close() {
            try (Statement closing = statement) {
                result.close();
                closing.cancel();
            } catch (SQLException e) {
                throw refused(e);
            }
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
            DurableFiles.deleteTree(folder);
        } catch (SQLException e) {
            throw refused(e);
        } catch (IOException e) {
            throw Problem.storage("cannot delete " + folder, e);
        }
    }
}
