package dev.jebena.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a query gave, row by row. Holds a database until it is closed.
public interface SqlResult extends AutoCloseable {
    Features features();

    /// The next row; null behind the last.
    @Nullable Row next();

    /// The rows that are left, at most so many.
    default List<Row> rows(int most) {
        List<Row> rows = new ArrayList<>();
        while (rows.size() < most) {
            Row row = next();
            if (row == null) {
                break;
            }
            rows.add(row);
        }
        return rows;
    }

    @Override
    void close();
}
