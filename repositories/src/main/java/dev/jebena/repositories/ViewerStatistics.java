package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import dev.jebena.data.ColumnStatistics;
import dev.jebena.data.ColumnStatistics.Numbers;
import dev.jebena.data.DatasetStatistics;
import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.ClassLabel;
import dev.jebena.data.FeatureType.Kind;
import dev.jebena.data.FeatureType.ListOf;
import dev.jebena.data.FeatureType.Media;
import dev.jebena.data.FeatureType.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/// Columns described as the viewer's `/statistics` has it: numbers and the lengths of texts and
/// lists by a histogram, labels and texts of few values by how often each is there.
final class ViewerStatistics {
    /// So few different texts are always labels.
    private static final int ALWAYS_LABELS = 10;

    private static final int MOST_LABELS = 1_000;

    /// How much of the rows may be different texts that are labels.
    private static final double LABEL_SHARE = 0.2;

    private ViewerStatistics() {}

    static Map<String, @Nullable Object> json(DatasetStatistics all) {
        List<Object> columns = new ArrayList<>();
        for (ColumnStatistics column : all.columns()) {
            String type = type(column);
            if (!type.isEmpty()) {
                columns.add(
                        HttpJson.object(
                                "column_name",
                                column.name(),
                                "column_type",
                                type,
                                "column_statistics",
                                statistics(type, column)));
            }
        }
        return HttpJson.object(
                "num_examples", all.rows(), "statistics", columns, "partial", !all.whole());
    }

    /// The viewer's name of the column's type; empty for those that it does not describe.
    private static String type(ColumnStatistics column) {
        return switch (column.type()) {
            case ClassLabel _ -> "class_label";
            case ListOf _ -> "list";
            case Media media -> media.image() ? "image" : "audio";
            case Value value ->
                    switch (value.kind()) {
                        case INT -> "int";
                        case FLOAT, DECIMAL -> "float";
                        case BOOL -> "bool";
                        case STRING -> areLabels(column) ? "string_label" : "string_text";
                        case DATE, TIMESTAMP, INSTANT -> "datetime";
                        default -> "";
                    };
            default -> "";
        };
    }

    private static boolean areLabels(ColumnStatistics column) {
        Long distinct = column.distinct();
        return distinct != null
                && (distinct <= ALWAYS_LABELS
                        || (distinct < MOST_LABELS && distinct <= LABEL_SHARE * column.rows()));
    }

    private static Map<String, @Nullable Object> statistics(String type, ColumnStatistics column) {
        Map<String, @Nullable Object> json = HttpJson.object();
        Numbers numbers = column.numbers();
        boolean number = type.equals("int") || type.equals("float");
        // What is not a number counts as missing too.
        missing(
                json,
                "nan",
                number ? column.rows() - (numbers == null ? 0 : numbers.count()) : column.nulls(),
                column);
        switch (type) {
            case "int" -> describe(json, numbers, ViewerStatistics::whole, v -> v);
            case "float" -> describe(json, numbers, v -> v, v -> v);
            case "string_text", "list" ->
                    describe(json, column.lengths(), ViewerStatistics::whole, v -> v);
            case "datetime" ->
                    describe(json, column.times(), v -> time(v, column.type()), v -> duration(v));
            case "bool" -> json.put("frequencies", truths(column));
            case "class_label" -> labels(json, column);
            case "string_label" -> {
                json.put("n_unique", column.distinct());
                json.put("frequencies", frequencies(column));
            }
            default -> {}
        }
        return json;
    }

    private static void missing(
            Map<String, @Nullable Object> json, String what, long count, ColumnStatistics column) {
        json.put(what + "_count", count);
        double share = column.rows() == 0 ? 0 : (double) count / column.rows();
        json.put(what + "_proportion", Math.round(share * 1e5) / 1e5);
    }

    /// @param value how values and the edges of bins are written
    /// @param spread how differences of values are
    private static void describe(
            Map<String, @Nullable Object> json,
            @Nullable Numbers numbers,
            DoubleFunction<Object> value,
            DoubleFunction<Object> spread) {
        if (numbers == null) {
            for (String key : List.of("min", "max", "mean", "median", "std", "histogram")) {
                json.put(key, null);
            }
            return;
        }
        boolean time = value.apply(0) instanceof String;
        json.put("min", value.apply(numbers.min()));
        json.put("max", value.apply(numbers.max()));
        json.put("mean", time ? value.apply(numbers.mean()) : (Object) numbers.mean());
        double median = numbers.quantiles().getOrDefault(0.5, numbers.mean());
        json.put("median", time ? value.apply(median) : (Object) median);
        json.put("std", Double.isNaN(numbers.std()) ? null : spread.apply(numbers.std()));
        List<Object> edges = new ArrayList<>();
        for (double edge : numbers.edges()) {
            edges.add(value.apply(edge));
        }
        List<Object> bins = new ArrayList<>();
        for (long bin : numbers.histogram()) {
            bins.add(bin);
        }
        json.put("histogram", HttpJson.object("hist", bins, "bin_edges", edges));
    }

    private static Object whole(double value) {
        return Math.abs(value) < 1L << 53 ? (Object) (long) value : (Object) value;
    }

    private static String time(double seconds, FeatureType type) {
        long whole = (long) Math.floor(seconds);
        long micros = (long) ((seconds - whole) * 1e6);
        Instant at = Instant.ofEpochSecond(whole, micros * 1_000);
        return type instanceof Value value && value.kind() == Kind.INSTANT
                ? at.toString()
                : at.atOffset(ZoneOffset.UTC).toLocalDateTime().toString().replace('T', ' ');
    }

    private static String duration(double seconds) {
        Duration time = Duration.ofMillis((long) (seconds * 1000));
        String clock =
                "%d:%02d:%02d"
                        .formatted(time.toHoursPart(), time.toMinutesPart(), time.toSecondsPart());
        return time.toDays() == 0 ? clock : "%d days, %s".formatted(time.toDays(), clock);
    }

    private static Map<String, @Nullable Object> truths(ColumnStatistics column) {
        Map<String, @Nullable Object> counts = HttpJson.object();
        column.frequent()
                .forEach(f -> counts.put(f.value().equals("true") ? "True" : "False", f.count()));
        return counts;
    }

    /// Labels of the value -1 are missing ones.
    private static void labels(Map<String, @Nullable Object> json, ColumnStatistics column) {
        Map<String, @Nullable Object> counts = frequencies(column);
        Object none = counts.remove("-1");
        missing(json, "no_label", none instanceof Long count ? count : 0, column);
        json.put("n_unique", (long) counts.size());
        json.put("frequencies", counts);
    }

    private static Map<String, @Nullable Object> frequencies(ColumnStatistics column) {
        Map<String, @Nullable Object> counts = HttpJson.object();
        column.frequent().forEach(f -> counts.put(f.value(), f.count()));
        return counts;
    }
}
