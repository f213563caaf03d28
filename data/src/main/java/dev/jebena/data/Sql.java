package dev.jebena.data;

import dev.jebena.base.Problem;
import dev.jebena.data.internal.Duck;
import dev.jebena.data.internal.ParquetReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Queries in DuckDB's SQL over data sets.
public final class Sql {
    private Sql() {}

    /// The query may read the tables given and nothing else: no file, no network, no extension.
    /// Parquet files on this machine are read where they lie; other data sets are first copied into
    /// a temporary file, which is deleted when the result is closed.
    ///
    /// @param tables by their names in the query
    /// @throws Problem for a query that is not valid, with what DuckDB says
    public static SqlResult query(Map<String, Dataset> tables, String query) {
        Duck duck = Duck.open();
        try {
            tables.forEach((name, data) -> add(duck, name, data));
            duck.lock();
            return result(duck, duck.query(query));
        } catch (RuntimeException e) {
            duck.close();
            throw e;
        }
    }

    private static void add(Duck duck, String name, Dataset data) {
        List<Path> parquet = parquet(data);
        if (!parquet.isEmpty()) {
            duck.view(name, parquet);
            return;
        }
        try (RowCursor rows = data.open()) {
            duck.table(
                    name,
                    data.features(),
                    () -> {
                        Row row = rows.next();
                        return row == null ? null : row.values();
                    });
        }
    }

    /// The files of a data set that is nothing but them.
    private static List<Path> parquet(Dataset data) {
        if (!(data instanceof FileDataset files) || !(files.format() instanceof ParquetReader)) {
            return List.of();
        }
        boolean local = files.files().stream().allMatch(f -> f.path() != null);
        return local
                ? files.files().stream()
                        .map(f -> java.util.Objects.requireNonNull(f.path()))
                        .toList()
                : List.of();
    }

    private static SqlResult result(Duck duck, Duck.Rows rows) {
        return new SqlResult() {
            @Override
            public Features features() {
                return rows.features();
            }

            @Override
            public @Nullable Row next() {
                @Nullable Object[] values = rows.next();
                return values == null ? null : Row.of(rows.features(), values);
            }

            @Override
            public void close() {
                rows.close();
                duck.close();
            }
        };
    }
}
