package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Reads whole runs, many at a time.
final class RunReader {
    /// Numbers of parameters in the statements, so that few texts are prepared.
    private static final int[] SIZES = {1, 10, 100, 500};

    private RunReader() {}

    static Run one(SqlConnection sql, RunRow row) {
        Run run = new Run(row);
        fill(sql, Map.of(row.id(), run));
        return run;
    }

    /// The runs with these ids, in their order.
    static List<Run> all(SqlConnection sql, List<Long> ids) {
        Map<Long, Run> runs = new HashMap<>();
        each(
                sql,
                "SELECT " + RunRow.COLUMNS + " FROM run r WHERE r.id IN ",
                "",
                ids,
                row -> {
                    RunRow found = RunRow.of(row);
                    runs.put(found.id(), new Run(found));
                });
        fill(sql, runs);
        return ids.stream().map(runs::get).filter(Objects::nonNull).toList();
    }

    private static void fill(SqlConnection sql, Map<Long, Run> runs) {
        List<Long> ids = List.copyOf(runs.keySet());
        BiConsumer<String, java.util.function.Consumer<SqlRow>> read =
                (query, row) -> each(sql, query, "", ids, row);
        read.accept(
                "SELECT run, key, value, nan, timestamp, step FROM latest_metric WHERE run IN ",
                row -> runOf(runs, row).metrics.add(metric(row)));
        read.accept(
                "SELECT run, key, value FROM param WHERE run IN ",
                row -> runOf(runs, row).params.add(Run.pair(row.text(2), row.text(3))));
        read.accept(
                "SELECT run, key, value FROM run_tag WHERE run IN ",
                row -> runOf(runs, row).tags.add(Run.pair(row.text(2), row.text(3))));
        read.accept(
                "SELECT run, model_id FROM model_input WHERE run IN ",
                row -> runOf(runs, row).modelInputs.add(HttpJson.object("model_id", row.text(2))));
        read.accept(
                "SELECT run, model_id, step FROM model_output WHERE run IN ",
                row ->
                        runOf(runs, row)
                                .modelOutputs
                                .add(
                                        HttpJson.object(
                                                "model_id", row.text(2), "step", row.number(3))));
        datasets(sql, runs, ids);
    }

    private static Run runOf(Map<Long, Run> runs, SqlRow row) {
        return Objects.requireNonNull(runs.get(row.number(1)));
    }

    private static Map<String, @Nullable Object> metric(SqlRow row) {
        return HttpJson.object(
                "key", row.text(2),
                "value", row.flag(4) ? (Object) "NaN" : row.real(3),
                "timestamp", row.number(5),
                "step", row.number(6));
    }

    private static void datasets(SqlConnection sql, Map<Long, Run> runs, List<Long> ids) {
        Map<List<Long>, List<Object>> tags = new LinkedHashMap<>();
        each(
                sql,
                "SELECT i.run, d.id, d.name, d.digest, d.source_type, d.source, d.schema,"
                        + " d.profile FROM dataset_input i JOIN dataset d ON d.id = i.dataset"
                        + " WHERE i.run IN ",
                " ORDER BY i.place, d.id",
                ids,
                row -> {
                    Map<String, @Nullable Object> dataset = Datasets.json(row, 3);
                    List<Object> found = new ArrayList<>();
                    tags.put(List.of(row.number(1), row.number(2)), found);
                    runOf(runs, row)
                            .datasets
                            .add(HttpJson.object("tags", found, "dataset", dataset));
                });
        if (!tags.isEmpty()) {
            each(
                    sql,
                    "SELECT run, dataset, key, value FROM dataset_input_tag WHERE run IN ",
                    "",
                    ids,
                    row ->
                            Objects.requireNonNull(tags.get(List.of(row.number(1), row.number(2))))
                                    .add(Run.pair(row.text(3), row.text(4))));
        }
    }

    /// Runs `query (?, ?, ...) rest` for all ids, a part at a time.
    static void each(
            SqlConnection sql,
            String query,
            String rest,
            List<Long> ids,
            java.util.function.Consumer<SqlRow> row) {
        int most = SIZES[SIZES.length - 1];
        for (int from = 0; from < ids.size(); from += most) {
            List<Long> part = ids.subList(from, Math.min(ids.size(), from + most));
            int size = most;
            for (int i = SIZES.length - 1; i >= 0 && SIZES[i] >= part.size(); i--) {
                size = SIZES[i];
            }
            // No row has the id -1, which fills up.
            @Nullable Object[] values = new @Nullable Object[size];
            for (int i = 0; i < size; i++) {
                values[i] = i < part.size() ? part.get(i) : -1L;
            }
            sql.each(query + "(" + SqlText.marks(size) + ")" + rest, row, values);
        }
    }
}
