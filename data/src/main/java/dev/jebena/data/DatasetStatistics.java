package dev.jebena.data;

import dev.jebena.base.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
        boolean[] whole = {false};
        long rows =
                pass(
                        data,
                        options,
                        "reading",
                        whole,
                        row -> {
                            for (int i = 0; i < counters.size(); i++) {
                                counters.get(i).add(row.get(i));
                            }
                        });
        if (counters.stream().anyMatch(ColumnCounter::wantsHistogram)) {
            pass(
                    data,
                    options,
                    "histograms",
                    whole,
                    row -> {
                        for (int i = 0; i < counters.size(); i++) {
                            counters.get(i).place(row.get(i));
                        }
                    });
        }
        return new DatasetStatistics(
                rows, whole[0], counters.stream().map(c -> c.result(rows)).toList());
    }

    private interface Visitor {
        void visit(Row row);
    }

    private static long pass(
            Dataset data,
            StatisticsOptions options,
            String what,
            boolean[] whole,
            Visitor visitor) {
        OptionalLong size = data.size();
        long total = Math.min(options.maxRows(), size.orElse(Long.MAX_VALUE));
        long rows = 0;
        try (RowCursor cursor = data.open()) {
            Row row = cursor.next();
            while (row != null && rows < options.maxRows()) {
                visitor.visit(row);
                if (++rows % STEP == 0) {
                    options.listener()
                            .on(
                                    new Progress(
                                            what,
                                            what,
                                            rows,
                                            total == Long.MAX_VALUE ? -1 : total,
                                            Progress.Unit.ITEMS,
                                            null));
                }
                row = cursor.next();
            }
            whole[0] = row == null;
        }
        return rows;
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
