package dev.jebena.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tracked runs as tables of text.
final class RunTables {
    private static final int SHORT_ID = 8;
    private static final int WIDEST = 40;
    private static final int MOST_METRICS = 4;

    private RunTables() {}

    private static String cut(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= WIDEST ? line : line.substring(0, WIDEST - 1) + "…";
    }

    private static String shown(String number) {
        try {
            double value = Double.parseDouble(number);
            return value == Math.rint(value) && Math.abs(value) < 1e15
                    ? Long.toString((long) value)
                    : String.format(java.util.Locale.ROOT, "%.6g", value);
        } catch (NumberFormatException _) {
            return number;
        }
    }

    private static String ago(@Nullable Long time) {
        return time == null
                ? "-"
                : Tables.ago(Duration.between(Instant.ofEpochMilli(time), Instant.now()));
    }

    private static String duration(RunView run) {
        Long start = run.time("start_time");
        Long end = run.time("end_time");
        if (start == null || end == null) {
            return "-";
        }
        double seconds = (end - start) / 1000.0;
        return seconds < 120
                ? String.format(java.util.Locale.ROOT, "%.1f s", seconds)
                : Math.round(seconds / 60) + " min";
    }

    /// One line for each run, with the metrics that most of them have.
    static String list(List<RunView> runs) {
        List<String> metrics = commonest(runs);
        List<String> heading = new ArrayList<>(List.of("ID", "NAME", "STATUS", "STARTED", "TOOK"));
        heading.addAll(metrics);
        List<List<String>> rows = new ArrayList<>(List.of(heading));
        for (RunView run : runs) {
            String id = run.id();
            List<String> row =
                    new ArrayList<>(
                            List.of(
                                    id.substring(0, Math.min(SHORT_ID, id.length())),
                                    cut(run.info("run_name")),
                                    run.info("status"),
                                    ago(run.time("start_time")),
                                    duration(run)));
            Map<String, String> values = run.values("metrics");
            metrics.forEach(name -> row.add(shown(values.getOrDefault(name, "-"))));
            rows.add(row);
        }
        return Tables.of(rows);
    }

    private static List<String> commonest(List<RunView> runs) {
        Map<String, Integer> counts = new HashMap<>();
        for (RunView run : runs) {
            for (String name : run.values("metrics").keySet()) {
                if (!name.startsWith("system/")) {
                    counts.merge(name, 1, Integer::sum);
                }
            }
        }
        return counts.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Integer>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_METRICS)
                .map(Map.Entry::getKey)
                .toList();
    }

    /// All of one run.
    static String show(RunView run) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("run", run.id()));
        rows.add(List.of("name", run.info("run_name")));
        rows.add(List.of("experiment", run.info("experiment_id")));
        rows.add(List.of("status", run.info("status")));
        rows.add(List.of("user", run.info("user_id")));
        rows.add(List.of("started", ago(run.time("start_time"))));
        rows.add(List.of("took", duration(run)));
        rows.add(List.of("artifacts", run.info("artifact_uri")));
        StringBuilder text = new StringBuilder(Tables.of(rows));
        section(text, "params", run.values("params"));
        Map<String, String> metrics = run.values("metrics");
        metrics.replaceAll((_, value) -> shown(value));
        section(text, "metrics", metrics);
        section(text, "tags", run.values("tags"));
        Map<String, String> inputs = new LinkedHashMap<>();
        for (Map<String, @Nullable Object> input : run.inputs()) {
            if (input.get("dataset") instanceof Map<?, ?> dataset) {
                inputs.put(
                        String.valueOf(dataset.get("name")), String.valueOf(dataset.get("digest")));
            }
        }
        section(text, "inputs", inputs);
        return text.toString();
    }

    private static void section(StringBuilder text, String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            values.forEach((key, value) -> rows.add(List.of("  " + key, cut(value))));
            text.append('\n').append(name).append('\n').append(Tables.of(rows));
        }
    }

    /// One thing in several runs; an empty value where a run lacks it.
    record Difference(String kind, String name, List<String> values) {
        boolean equal() {
            return values.stream().distinct().count() == 1;
        }

        Map<String, Object> json() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("kind", kind);
            fields.put("name", name);
            fields.put("values", values);
            fields.put("equal", equal());
            return fields;
        }
    }

    /// Params, metrics and tags of the runs side by side.
    ///
    /// @param all also what is the same in all runs
    static List<Difference> differences(List<RunView> runs, boolean all) {
        List<Difference> rows = new ArrayList<>();
        rows.add(
                new Difference("run", "status", runs.stream().map(r -> r.info("status")).toList()));
        add(rows, "param", runs.stream().map(r -> r.values("params")).toList());
        add(rows, "metric", runs.stream().map(r -> r.values("metrics")).toList());
        add(rows, "tag", runs.stream().map(RunView::ownTags).toList());
        rows.removeIf(row -> !all && row.equal());
        return rows;
    }

    private static void add(List<Difference> rows, String kind, List<Map<String, String>> values) {
        Set<String> names = new LinkedHashSet<>();
        values.forEach(map -> names.addAll(map.keySet()));
        for (String name : names) {
            rows.add(
                    new Difference(
                            kind,
                            name,
                            values.stream().map(map -> map.getOrDefault(name, "")).toList()));
        }
    }

    static String compare(List<RunView> runs, List<Difference> differences) {
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of("", ""));
        runs.forEach(run -> heading.add(cut(run.info("run_name"))));
        rows.add(heading);
        for (Difference difference : differences) {
            List<String> row = new ArrayList<>(List.of(difference.kind(), difference.name()));
            for (String value : difference.values()) {
                String text = difference.kind().equals("metric") ? shown(value) : cut(value);
                row.add(text.isEmpty() ? "-" : text);
            }
            rows.add(row);
        }
        return differences.isEmpty() ? "no differences\n" : Tables.of(rows);
    }
}
