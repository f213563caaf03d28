package dev.jebena.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some rows, also seen by columns.
public record Batch(Features features, List<Row> rows) {
    public Batch {
        rows = List.copyOf(rows);
    }

    public int size() {
        return rows.size();
    }

    /// The column's values, in the rows' order.
    public List<@Nullable Object> column(String name) {
        int at = features.require(name);
        List<@Nullable Object> values = new ArrayList<>(rows.size());
        rows.forEach(row -> values.add(row.get(at)));
        return Collections.unmodifiableList(values);
    }
}
