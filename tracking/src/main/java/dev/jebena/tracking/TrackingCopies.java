package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import dev.jebena.base.SqlDialect;
import dev.jebena.base.SqlRow;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Runs of our own store, to be copied from or to. Closing it leaves the store open.
record TrackingCopies(Tracking tracking) implements RunSource, RunSink {
    /// Ids up to here are kept; greater ones, as of `mlruns` folders, would use up the numbers.
    private static final long KEPT_ID = 1_000_000;

    private static final int BLOCK = 4096;

    private SqlDatabase data() {
        return tracking.data();
    }

    @Override
    public List<ExperimentCopy> experiments() {
        return data().read(sql ->
                sql
                        .list(
                                "SELECT id, name, artifact_location, lifecycle, created, updated"
                                        + " FROM experiment ORDER BY id",
                                TrackingCopies::experiment)
                        .stream()
                        .map(e -> withTags(sql, e))
                        .toList());
    }

    private static ExperimentCopy experiment(SqlRow row) {
        return new ExperimentCopy(
                Long.toString(row.number(1)),
                row.text(2),
                row.text(3),
                row.text(4),
                row.number(5),
                row.number(6),
                new TreeMap<>());
    }

    private static ExperimentCopy withTags(SqlConnection sql, ExperimentCopy experiment) {
        sql.each(
                "SELECT key, value FROM experiment_tag WHERE experiment = ?",
                row -> experiment.tags().put(row.text(1), row.text(2)),
                Long.valueOf(experiment.id()));
        return experiment;
    }

    @Override
    public List<String> runs() {
        return data().read(sql -> sql.list("SELECT uuid FROM run ORDER BY id", row -> row.text(1)));
    }

    @Override
    public RunCopy run(String id) {
        return data().read(sql -> {
            RunRow row = RunRow.get(sql, id);
            Map<String, List<MetricPoint>> metrics = new TreeMap<>();
            sql.list(
                            "SELECT key FROM latest_metric WHERE run = ? ORDER BY key",
                            r -> r.text(1),
                            row.id())
                    .forEach(key -> metrics.put(key, Metrics.history(sql, row.id(), key)));
            Map<String, Long> outputs = new LinkedHashMap<>();
            sql.each(
                    "SELECT model_id, step FROM model_output WHERE run = ? ORDER BY model_id",
                    r -> outputs.put(r.text(1), r.number(2)),
                    row.id());
            return new RunCopy(
                    row.uuid(),
                    Long.toString(row.experiment()),
                    row.name(),
                    row.user(),
                    row.status(),
                    row.startTime(),
                    row.endTime(),
                    deleted(sql, row.id()),
                    row.lifecycle(),
                    row.artifactUri(),
                    pairs(sql, "param", row.id()),
                    pairs(sql, "run_tag", row.id()),
                    metrics,
                    datasets(sql, row.id()),
                    sql.list(
                            "SELECT model_id FROM model_input WHERE run = ? ORDER BY model_id",
                            r -> r.text(1),
                            row.id()),
                    outputs);
        });
    }

    private static @Nullable Long deleted(SqlConnection sql, long run) {
        return sql.first(
                        "SELECT deleted_time FROM run WHERE id = ? AND deleted_time IS NOT NULL",
                        r -> r.number(1),
                        run)
                .orElse(null);
    }

    private static Map<String, String> pairs(SqlConnection sql, String table, long run) {
        Map<String, String> pairs = new TreeMap<>();
        sql.each(
                "SELECT key, value FROM " + table + " WHERE run = ?",
                row -> pairs.put(row.text(1), row.text(2)),
                run);
        return pairs;
    }

    private static List<DatasetCopy> datasets(SqlConnection sql, long run) {
        Map<Long, DatasetCopy> found = new LinkedHashMap<>();
        sql.each(
                "SELECT d.id, d.name, d.digest, d.source_type, d.source, d.schema, d.profile"
                        + " FROM dataset_input i JOIN dataset d ON d.id = i.dataset"
                        + " WHERE i.run = ? ORDER BY i.place, d.id",
                row ->
                        found.put(
                                row.number(1),
                                new DatasetCopy(
                                        row.text(2),
                                        row.text(3),
                                        row.text(4),
                                        row.text(5),
                                        row.textOrNull(6),
                                        row.textOrNull(7),
                                        new TreeMap<>())),
                run);
        found.forEach((id, dataset) ->
                sql.each(
                        "SELECT key, value FROM dataset_input_tag WHERE run = ? AND dataset = ?",
                        row -> dataset.tags().put(row.text(1), row.text(2)),
                        run,
                        id));
        return List.copyOf(found.values());
    }

    @Override
    public boolean artifacts(RunCopy run, EachFile each) throws IOException {
        String root = Artifacts.path(run.artifactUri()).orElse(null);
        if (root == null) {
            return new ArtifactFolders(null).each(run.artifactUri(), each);
        }
        Artifacts artifacts = tracking.artifacts();
        for (String path : artifacts.below(root)) {
            try (InputStream in = Files.newInputStream(artifacts.file(artifacts.get(path)))) {
                each.take(path.substring(root.length() + 1), in);
            }
        }
        return true;
    }

    @Override
    public String experiment(ExperimentCopy experiment) {
        String wanted = experiment.id();
        return data().write(sql -> {
            long known =
                    sql.first(
                                    "SELECT id FROM experiment WHERE name = ?",
                                    row -> row.number(1),
                                    experiment.name())
                            .orElse(-1L);
            long id = known >= 0 ? known : inserted(sql, experiment, wanted);
            experiment
                    .tags()
                    .forEach((key, value) ->
                            sql.update(
                                    "INSERT INTO experiment_tag (experiment, key, value)"
                                            + " VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                                    id,
                                    key,
                                    value));
            return Long.toString(id);
        });
    }

    private static long inserted(SqlConnection sql, ExperimentCopy experiment, String wanted) {
        boolean keep =
                sql.dialect() == SqlDialect.SQLITE
                        && wanted.matches("\\d{1,18}")
                        && Long.parseLong(wanted) < KEPT_ID
                        && sql.number(
                                        "SELECT count(*) FROM experiment WHERE id = ?",
                                        Long.parseLong(wanted))
                                == 0;
        String columns = "name, artifact_location, lifecycle, created, updated";
        long id =
                keep
                        ? sql.insert(
                                "INSERT INTO experiment (id, "
                                        + columns
                                        + ") VALUES (?, ?, '', ?, ?, ?)",
                                Long.parseLong(wanted),
                                experiment.name(),
                                experiment.lifecycle(),
                                experiment.created(),
                                experiment.updated())
                        : sql.insert(
                                "INSERT INTO experiment (" + columns + ") VALUES (?, '', ?, ?, ?)",
                                experiment.name(),
                                experiment.lifecycle(),
                                experiment.created(),
                                experiment.updated());
        sql.update(
                "UPDATE experiment SET artifact_location = ? WHERE id = ?",
                "mlflow-artifacts:/" + id,
                id);
        return id;
    }

    @Override
    public boolean contains(String run) {
        return data().read(sql -> RunRow.find(sql, run).isPresent());
    }

    private static String folder(String experiment, String run) {
        return experiment + "/" + run + "/artifacts";
    }

    @Override
    public void artifact(String experiment, String run, String path, InputStream in) {
        tracking.artifacts().put(folder(experiment, run) + "/" + path, in);
    }

    @Override
    public void run(String experiment, RunCopy run, boolean filesCopied) {
        Checks.runId(run.id());
        Checks.oneOf("status", run.status(), Runs.STATUSES);
        String uri =
                filesCopied
                        ? "mlflow-artifacts:/" + folder(experiment, run.id())
                        : run.artifactUri();
        data().write(sql -> {
            long id =
                    sql.insert(
                            "INSERT INTO run (uuid, experiment, name, user_id, status, start_time,"
                                    + " end_time, deleted_time, lifecycle, artifact_uri)"
                                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            run.id(),
                            Long.valueOf(experiment),
                            run.name(),
                            run.user(),
                            run.status(),
                            run.start(),
                            run.end(),
                            run.deleted(),
                            run.lifecycle(),
                            uri);
            RunRow row = RunRow.get(sql, run.id());
            insert(sql, "param", row, run.params());
            insert(sql, "run_tag", row, run.tags());
            run.metrics().forEach((key, points) -> metrics(sql, row, key, points));
            Datasets.log(sql, row, run.datasets().stream().map(TrackingCopies::input).toList());
            for (String model : run.modelInputs()) {
                sql.update("INSERT INTO model_input (run, model_id) VALUES (?, ?)", id, model);
            }
            run.modelOutputs()
                    .forEach((model, step) ->
                            sql.update(
                                    "INSERT INTO model_output (run, model_id, step)"
                                            + " VALUES (?, ?, ?)",
                                    id,
                                    model,
                                    step));
            return true;
        });
    }

    private static void insert(
            SqlConnection sql, String table, RunRow run, Map<String, String> pairs) {
        pairs.forEach((key, value) ->
                sql.update(
                        "INSERT INTO "
                                + table
                                + " (run, key, experiment, value) VALUES (?, ?, ?, ?)",
                        run.id(),
                        key,
                        run.experiment(),
                        value));
    }

    private static void metrics(
            SqlConnection sql, RunRow run, String key, List<MetricPoint> points) {
        for (int i = 0; i < points.size(); i += BLOCK) {
            List<Metric> block =
                    points.subList(i, Math.min(points.size(), i + BLOCK)).stream()
                            .map(p ->
                                    new Metric(
                                            key,
                                            p.value(),
                                            p.timestamp(),
                                            p.step(),
                                            null,
                                            null,
                                            null))
                            .toList();
            Metrics.log(sql, run, block);
        }
    }

    private static RequestFields input(DatasetCopy dataset) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", dataset.name());
        json.put("digest", dataset.digest());
        json.put("source_type", dataset.sourceType());
        json.put("source", dataset.source());
        json.put("schema", dataset.schema());
        json.put("profile", dataset.profile());
        List<Object> tags = new ArrayList<>();
        dataset.tags().forEach((key, value) -> tags.add(Run.pair(key, value)));
        return RequestFields.of(HttpJson.object("tags", tags, "dataset", json));
    }

    @Override
    public void close() {
        // The store belongs to the caller.
    }
}
