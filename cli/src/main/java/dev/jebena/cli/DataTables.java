package dev.jebena.cli;

import dev.jebena.data.ColumnStatistics;
import dev.jebena.data.DataFile;
import dev.jebena.data.Dataset;
import dev.jebena.data.DatasetFiles;
import dev.jebena.data.DatasetStatistics;
import dev.jebena.data.Features;
import dev.jebena.data.LoadOptions;
import dev.jebena.data.Loading;
import dev.jebena.data.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

    /// Splits, files and columns.
    static Map<String, Object> info(String place, DataSource source) {
        LoadOptions options = source.options();
        DatasetFiles files = Loading.files(place, options);
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("source", place);
        info.put("format", files.format().toString());
        info.put("configs", files.configs());
        Map<String, Object> splits = new LinkedHashMap<>();
        files.splits().forEach((name, of) -> splits.put(name, split(place, name, of, options)));
        info.put("splits", splits);
        String first = files.splits().keySet().iterator().next();
        Features features = Dataset.load(place, options.split(first)).features();
        Map<String, Object> columns = new LinkedHashMap<>();
        for (int i = 0; i < features.size(); i++) {
            columns.put(features.name(i), features.type(i).toString());
        }
        info.put("columns", columns);
        return info;
    }

    private static Map<String, @Nullable Object> split(
            String place, String name, List<DataFile> files, LoadOptions options) {
        Map<String, @Nullable Object> split = new LinkedHashMap<>();
        split.put("files", files.size());
        split.put("bytes", files.stream().mapToLong(f -> Math.max(0, f.size())).sum());
        var size = Dataset.load(place, options.split(name)).size();
        split.put("rows", size.isPresent() ? size.getAsLong() : null);
        return split;
    }

    static String text(Map<String, Object> info) {
        List<List<String>> splits = new ArrayList<>();
        splits.add(List.of("SPLIT", "FILES", "SIZE", "ROWS"));
        ((Map<?, ?>) info.get("splits"))
                .forEach((name, of) -> {
                    Map<?, ?> split = (Map<?, ?>) of;
                    Object rows = split.get("rows");
                    splits.add(
                            List.of(
                                    name.toString(),
                                    String.valueOf(split.get("files")),
                                    Tables.bytes((Long) split.get("bytes")),
                                    rows == null ? "not known" : "%,d".formatted(rows)));
                });
        List<List<String>> columns = new ArrayList<>();
        columns.add(List.of("COLUMN", "TYPE"));
        ((Map<?, ?>) info.get("columns"))
                .forEach((name, type) -> columns.add(List.of(name.toString(), type.toString())));
        return "%s: %s\n\n".formatted(info.get("source"), info.get("format"))
                + Tables.of(splits)
                + "\n"
                + Tables.of(columns);
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
