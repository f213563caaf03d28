package dev.jebena.tracking;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of MLflow's database that belong to one run, beside its own.
record MlflowRunRows(JdbcStatements sql, RunCopy run) {
    void insert(long experiment) {
        pairs("params", run.params());
        pairs("tags", run.tags());
        run.metrics().forEach(this::metric);
        run.datasets().forEach(dataset -> dataset(experiment, dataset));
        run.modelInputs().forEach(model -> link("RUN_INPUT", run.id(), "MODEL_INPUT", model, 0));
        run.modelOutputs()
                .forEach(
                        (model, step) -> link("RUN_OUTPUT", run.id(), "MODEL_OUTPUT", model, step));
    }

    private void pairs(String table, Map<String, String> pairs) {
        pairs.forEach((key, value) ->
                sql.update(
                        "INSERT INTO " + table + " (key, value, run_uuid) VALUES (?, ?, ?)",
                        key,
                        value,
                        run.id()));
    }

    private void metric(String key, List<MetricPoint> points) {
        for (MetricPoint point : points) {
            sql.update(
                    "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    key,
                    stored(point),
                    point.timestamp(),
                    run.id(),
                    point.step(),
                    point.isNan());
        }
        MetricPoint latest = Collections.max(points, MetricPoint.BY_STEP);
        sql.update(
                "INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                key,
                stored(latest),
                latest.timestamp(),
                latest.step(),
                latest.isNan(),
                run.id());
    }

    /// MLflow keeps 0 beside the mark of a NaN.
    private static double stored(MetricPoint point) {
        return point.isNan() ? 0.0 : point.value();
    }

    private void dataset(long experiment, DatasetCopy dataset) {
        @Nullable String known =
                sql
                        .list(
                                "SELECT dataset_uuid FROM datasets WHERE experiment_id = ?"
                                        + " AND name = ? AND digest = ?",
                                row -> row.getString(1),
                                experiment,
                                dataset.name(),
                                dataset.digest())
                        .stream()
                        .findFirst()
                        .orElse(null);
        String id = known == null ? Runs.newId() : known;
        if (known == null) {
            sql.update(
                    "INSERT INTO datasets (dataset_uuid, experiment_id, name, digest,"
                            + " dataset_source_type, dataset_source, dataset_schema,"
                            + " dataset_profile) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    id,
                    experiment,
                    dataset.name(),
                    dataset.digest(),
                    dataset.sourceType(),
                    dataset.source(),
                    dataset.schema(),
                    dataset.profile());
        }
        String input = link("DATASET", id, "RUN", run.id(), 0);
        dataset.tags()
                .forEach((key, value) ->
                        sql.update(
                                "INSERT INTO input_tags (input_uuid, name, value)"
                                        + " VALUES (?, ?, ?)",
                                input,
                                key,
                                value));
    }

    private String link(String kind, String from, String toKind, String to, long step) {
        String id = Runs.newId();
        sql.update(
                "INSERT INTO inputs (input_uuid, source_type, source_id, destination_type,"
                        + " destination_id, step) VALUES (?, ?, ?, ?, ?, ?)",
                id,
                kind,
                from,
                toKind,
                to,
                step);
        return id;
    }
}
