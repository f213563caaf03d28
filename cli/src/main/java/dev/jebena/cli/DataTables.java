package dev.jebena.cli;

import dev.jebena.data.ColumnStatistics;
import dev.jebena.data.DatasetStatistics;
import dev.jebena.data.Features;
import dev.jebena.data.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows and what is told of them, as text.
final class DataTables {
    private static final int WIDEST = 40;
    private static final String BARS = " ▁▂▃▄▅▆▇█";

    private DataTables() {}

    /// Rows as a table, or as an object a line.
    static void print(Features features, List<Row> rows, boolean json) {
        if (json) {
            rows.forEach(System.out::println);
            return;
        }
        List<List<String>> table = new ArrayList<>();
        table.add(features.names().stream().map(DataTables::cell).toList());
        for (Row row : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < features.size(); i++) {
                cells.add(cell(row.get(i)));
            }
            table.add(cells);
        }
        System.out.print(Tables.of(table));
        if (rows.isEmpty()) {
            System.err.println("No rows");
        }
    }

    private static String cell(@Nullable Object value) {
        String text =
                switch (value) {
                    case null -> "";
                    case byte[] bytes -> Tables.bytes(bytes.length);
                    case Map<?, ?> media when media.get("bytes") instanceof byte[] bytes ->
                            media.get("path") == null
                                    ? Tables.bytes(bytes.length)
                                    : media.get("path") + ", " + Tables.bytes(bytes.length);
                    default -> value.toString();
                };
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > WIDEST ? line.substring(0, WIDEST - 1) + "…" : line;
    }

    /// A line for each column, with its histogram.
    static String statistics(DatasetStatistics found) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "COLUMN",
                        "TYPE",
                        "NULLS",
                        "DISTINCT",
                        "MIN",
                        "MEDIAN",
                        "MAX",
                        "MEAN",
                        "STD",
                        "HISTOGRAM"));
        for (ColumnStatistics column : found.columns()) {
            rows.add(line(column));
        }
        StringBuilder out = new StringBuilder(Tables.of(rows));
        for (ColumnStatistics column : found.columns()) {
            Long distinct = column.distinct();
            if (distinct != null && distinct > 0 && distinct <= 20) {
                out.append('\n').append(column.name()).append(':');
                column.frequent().stream()
                        .limit(10)
                        .forEach(f -> out.append("  %s %,d".formatted(cell(f.value()), f.count())));
            }
        }
        return out.append(
                        "%n%,d rows%s%n".formatted(found.rows(), found.whole() ? "" : ", not all"))
                .toString();
    }

    private static List<String> line(ColumnStatistics column) {
        ColumnStatistics.Numbers numbers = column.numbers();
        ColumnStatistics.Numbers lengths = column.lengths();
        ColumnStatistics.Numbers shown = numbers == null ? lengths : numbers;
        List<String> line = new ArrayList<>();
        line.add(cell(column.name()));
        line.add(
                cell(column.type().toString())
                        + (numbers == null && lengths != null ? ", length" : ""));
        line.add("%,d".formatted(column.nulls()));
        line.add(column.distinct() == null ? "many" : "%,d".formatted(column.distinct()));
        if (shown == null) {
            line.addAll(
                    List.of(
                            column.least() == null ? "" : column.least(),
                            "",
                            column.most() == null ? "" : column.most(),
                            "",
                            "",
                            ""));
            return line;
        }
        line.add(number(shown.min()));
        line.add(number(shown.quantiles().getOrDefault(0.5, Double.NaN)));
        line.add(number(shown.max()));
        line.add(number(shown.mean()));
        line.add(Double.isNaN(shown.std()) ? "" : number(shown.std()));
        line.add(bars(shown.histogram()));
        return line;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? "%,d".formatted((long) value)
                : String.format(Locale.ROOT, "%.4g", value);
    }

    private static String bars(long[] counts) {
        long most = 1;
        for (long count : counts) {
            most = Math.max(most, count);
        }
        StringBuilder bars = new StringBuilder();
        for (long count : counts) {
            bars.append(BARS.charAt((int) Math.ceilDiv(count * 8, most)));
        }
        return bars.toString();
    }
}
