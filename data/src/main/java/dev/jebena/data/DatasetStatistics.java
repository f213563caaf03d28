package dev.jebena.data;

import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A data set described, column by column.
///
/// @param rows how many were looked at
/// @param whole whether these are all
public record DatasetStatistics(long rows, boolean whole, List<ColumnStatistics> columns) {
    private static final int STEP = 10_000;

    /// Reads the rows twice: once for what they are, once for the histograms. The memory does not
    /// grow with the rows.
    public static DatasetStatistics of(Dataset data, StatisticsOptions options) {
        List<ColumnCounter> counters = new ArrayList<>();
        Features features = data.features();
        for (int i = 0; i < features.size(); i++) {
            counters.add(new ColumnCounter(features.name(i), features.type(i), options));
        }
        Pass first = new Pass("reading", options.maxRows(), options.maxTime().toNanos());
        first.over(
                data,
                options.listener(),
                row -> {
                    for (int i = 0; i < counters.size(); i++) {
                        counters.get(i).add(row.get(i));
                    }
                });
        if (counters.stream().anyMatch(ColumnCounter::wantsHistogram)) {
            // The same rows again, however long that takes.
            new Pass("histograms", first.rows, Long.MAX_VALUE)
                    .over(
                            data,
                            options.listener(),
                            row -> {
                                for (int i = 0; i < counters.size(); i++) {
                                    counters.get(i).place(row.get(i));
                                }
                            });
        }
        return new DatasetStatistics(
                first.rows, first.whole, counters.stream().map(c -> c.result(first.rows)).toList());
    }

    /// One pass over the first rows.
    private static final class Pass {
        private final String name;
        private final long maxRows;
        private final long maxNanos;
        private final long start = System.nanoTime();
        private long rows;
        private boolean whole;

        Pass(String name, long maxRows, long maxNanos) {
            this.name = name;
            this.maxRows = maxRows;
            this.maxNanos = maxNanos;
        }

        void over(Dataset data, ProgressListener listener, Consumer<Row> visitor) {
            OptionalLong size = data.size();
            long total = size.isPresent() ? Math.min(maxRows, size.getAsLong()) : -1;
            try (RowCursor cursor = data.open()) {
                Row row = cursor.next();
                while (row != null && rows < maxRows && System.nanoTime() - start < maxNanos) {
                    visitor.accept(row);
                    if (++rows % STEP == 0) {
                        listener.on(
                                new Progress(name, name, rows, total, Progress.Unit.ITEMS, null));
                    }
                    row = cursor.next();
                }
                whole = row == null;
            }
        }
    }

    /// Name to value, for JSON.
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("rows", rows);
        json.put("whole", whole);
        json.put("columns", columns.stream().map(ColumnStatistics::json).toList());
        return json;
    }
}
