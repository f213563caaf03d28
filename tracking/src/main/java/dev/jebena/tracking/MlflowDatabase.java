package dev.jebena.tracking;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// MLflow's own database in an SQLite file, by the schema of MLflow 2.4 and later.
final class MlflowDatabase implements RunSource, RunSink {
    private static final Set<String> TABLES =
            Set.of(
                    "experiments",
                    "experiment_tags",
                    "runs",
                    "metrics",
                    "latest_metrics",
                    "params",
                    "tags",
                    "datasets",
                    "inputs",
                    "input_tags");

    private final JdbcStatements sql;
    private final ArtifactFolders read;
    private final Path written;

    private MlflowDatabase(JdbcStatements sql, ArtifactFolders read, Path written) {
        this.sql = sql;
        this.read = read;
        this.written = written;
    }

    /// @param artifacts where MLflow's server keeps artifacts; null for `mlartifacts` beside the
    ///   file where artifacts are written
    static MlflowDatabase open(Path file, @Nullable Path artifacts) {
        if (!Files.isRegularFile(file)) {
            throw new Problem(
                    Problem.Code.NOT_FOUND,
                    "there is no database " + file,
                    "make an empty one with MLflow: mlflow db upgrade sqlite:///" + file);
        }
        JdbcStatements sql = new JdbcStatements(file);
        try {
            check(file, sql);
        } catch (RuntimeException e) {
            sql.close();
            throw e;
        }
        Path beside = file.toAbsolutePath().resolveSibling("mlartifacts");
        return new MlflowDatabase(
                sql, new ArtifactFolders(artifacts), artifacts == null ? beside : artifacts);
    }

    private static void check(Path file, JdbcStatements sql) {
        Set<String> missing = new HashSet<>(TABLES);
        sql.list("SELECT name FROM sqlite_master WHERE type = 'table'", row -> row.getString(1))
                .forEach(missing::remove);
        if (!missing.isEmpty()) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "%s is no database of MLflow 2.4 or later: it lacks the tables %s"
                            .formatted(file, String.join(", ", missing.stream().sorted().toList())),
                    "mlflow db upgrade sqlite:///" + file + " brings an older one up to date");
        }
        boolean spaces =
                sql.list("SELECT name FROM pragma_table_info('experiments')", r -> r.getString(1))
                        .contains("workspace");
        if (spaces
                && !sql.list(
                                "SELECT DISTINCT workspace FROM experiments"
                                        + " WHERE workspace <> 'default'",
                                r -> r.getString(1))
                        .isEmpty()) {
            throw new Problem(
                    Problem.Code.NOT_IMPLEMENTED,
                    file
                            + " has experiments in workspaces other than default; those cannot be kept"
                            + " apart here");
        }
    }

    private static String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "" : text;
    }

    private static @Nullable Long number(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    private Map<String, String> pairs(String query, Object... values) {
        Map<String, String> pairs = new TreeMap<>();
        sql.list(query, row -> pairs.put(text(row, 1), text(row, 2)) == null, values);
        return pairs;
    }

    @Override
    public List<ExperimentCopy> experiments() {
        return sql.list(
                "SELECT experiment_id, name, artifact_location, lifecycle_stage, creation_time,"
                        + " last_update_time FROM experiments ORDER BY experiment_id",
                row ->
                        new ExperimentCopy(
                                text(row, 1),
                                text(row, 2),
                                text(row, 3),
                                text(row, 4),
                                row.getLong(5),
                                row.getLong(6),
                                pairs(
                                        "SELECT key, value FROM experiment_tags"
                                                + " WHERE experiment_id = ?",
                                        row.getLong(1))));
    }

    @Override
    public List<String> runs() {
        return sql.list("SELECT run_uuid FROM runs ORDER BY rowid", row -> text(row, 1));
    }

    @Override
    public RunCopy run(String id) {
        return sql
                .list(
                        "SELECT run_uuid, experiment_id, name, user_id, status, start_time,"
                                + " end_time, deleted_time, lifecycle_stage, artifact_uri"
                                + " FROM runs WHERE run_uuid = ?",
                        row ->
                                new RunCopy(
                                        id,
                                        text(row, 2),
                                        text(row, 3),
                                        text(row, 4),
                                        text(row, 5),
                                        number(row, 6),
                                        number(row, 7),
                                        number(row, 8),
                                        text(row, 9),
                                        text(row, 10),
                                        pairs(
                                                "SELECT key, value FROM params WHERE run_uuid = ?",
                                                id),
                                        pairs("SELECT key, value FROM tags WHERE run_uuid = ?", id),
                                        metrics(id),
                                        datasets(id),
                                        models(id, "RUN_INPUT").keySet().stream().toList(),
                                        models(id, "RUN_OUTPUT")),
                        id)
                .stream()
                .findFirst()
                .orElseThrow(() -> Problem.notFound("there is no run " + id));
    }

    private Map<String, List<MetricPoint>> metrics(String run) {
        Map<String, List<MetricPoint>> metrics = new TreeMap<>();
        sql.list(
                "SELECT key, timestamp, step, value, is_nan FROM metrics WHERE run_uuid = ?",
                row ->
                        metrics.computeIfAbsent(text(row, 1), _ -> new java.util.ArrayList<>())
                                .add(
                                        new MetricPoint(
                                                row.getLong(2),
                                                row.getLong(3),
                                                row.getBoolean(5) ? Double.NaN : row.getDouble(4))),
                run);
        metrics.values().forEach(points -> points.sort(MetricPoint.BY_TIME));
        return metrics;
    }

    private List<DatasetCopy> datasets(String run) {
        return sql.list(
                "SELECT d.name, d.digest, d.dataset_source_type, d.dataset_source,"
                        + " d.dataset_schema, d.dataset_profile, i.input_uuid FROM inputs i"
                        + " JOIN datasets d ON d.dataset_uuid = i.source_id"
                        + " WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN'"
                        + " AND i.destination_id = ? ORDER BY i.rowid",
                row ->
                        new DatasetCopy(
                                text(row, 1),
                                text(row, 2),
                                text(row, 3),
                                text(row, 4),
                                row.getString(5),
                                row.getString(6),
                                pairs(
                                        "SELECT name, value FROM input_tags WHERE input_uuid = ?",
                                        text(row, 7))),
                run);
    }

    private Map<String, Long> models(String run, String kind) {
        Map<String, Long> models = new LinkedHashMap<>();
        sql.list(
                "SELECT destination_id, step FROM inputs WHERE source_type = ? AND source_id = ?"
                        + " ORDER BY destination_id",
                row -> models.put(text(row, 1), row.getLong(2)) == null,
                kind,
                run);
        return models;
    }

    @Override
    public boolean artifacts(RunCopy run, EachFile each) throws IOException {
        return read.each(run.artifactUri(), each);
    }

    @Override
    public String experiment(ExperimentCopy experiment) {
        List<String> known =
                sql.list(
                        "SELECT experiment_id FROM experiments WHERE name = ?",
                        row -> text(row, 1),
                        experiment.name());
        if (!known.isEmpty()) {
            return known.getFirst();
        }
        boolean free =
                sql.list(
                                "SELECT 1 FROM experiments WHERE experiment_id = ?",
                                row -> row.getLong(1),
                                Long.valueOf(experiment.id()))
                        .isEmpty();
        long id =
                free
                        ? Long.parseLong(experiment.id())
                        : 1
                                + sql.list(
                                                "SELECT max(experiment_id) FROM experiments",
                                                row -> row.getLong(1))
                                        .getFirst();
        sql.together(() -> {
            sql.update(
                    "INSERT INTO experiments (experiment_id, name, artifact_location,"
                            + " lifecycle_stage, creation_time, last_update_time)"
                            + " VALUES (?, ?, ?, ?, ?, ?)",
                    id,
                    experiment.name(),
                    written.resolve(Long.toString(id)).toUri().toString().replaceFirst("/$", ""),
                    experiment.lifecycle(),
                    experiment.created(),
                    experiment.updated());
            experiment
                    .tags()
                    .forEach((key, value) ->
                            sql.update(
                                    "INSERT INTO experiment_tags (key, value, experiment_id)"
                                            + " VALUES (?, ?, ?)",
                                    key,
                                    value,
                                    id));
        });
        return Long.toString(id);
    }

    @Override
    public boolean contains(String run) {
        return !sql.list("SELECT 1 FROM runs WHERE run_uuid = ?", row -> row.getLong(1), run)
                .isEmpty();
    }

    private Path folder(String experiment, String run) {
        return written.resolve(experiment).resolve(run).resolve("artifacts");
    }

    @Override
    public void artifact(String experiment, String run, String path, InputStream in)
            throws IOException {
        Path file = folder(experiment, run).resolve(Artifacts.checked(path));
        Files.createDirectories(file.getParent());
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void run(String experiment, RunCopy run, boolean filesCopied) {
        String uri =
                filesCopied
                        ? folder(experiment, run.id()).toUri().toString().replaceFirst("/$", "")
                        : run.artifactUri();
        sql.together(() -> {
            sql.update(
                    "INSERT INTO runs (run_uuid, name, source_type, source_name,"
                            + " entry_point_name, user_id, status, start_time, end_time,"
                            + " source_version, lifecycle_stage, artifact_uri, experiment_id,"
                            + " deleted_time) VALUES (?, ?, 'UNKNOWN', '', '', ?, ?, ?, ?, '', ?,"
                            + " ?, ?, ?)",
                    run.id(),
                    run.name(),
                    run.user(),
                    run.status(),
                    run.start(),
                    run.end(),
                    run.lifecycle(),
                    uri,
                    Long.valueOf(experiment),
                    run.deleted());
            new MlflowRunRows(sql, run).insert(Long.parseLong(experiment));
        });
    }

    /// Copies registered models and logged models to or from `tracking`; how many versions and
    /// logged models.
    ///
    /// @param experiments ids where they go to, by those where they come from
    int models(Tracking tracking, Map<String, String> experiments, boolean in) {
        ModelTransfer models = new ModelTransfer(tracking, sql, experiments, read, written);
        return in ? models.in() : models.out();
    }

    @Override
    public void close() {
        sql.close();
    }
}
