package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs between MLflow's stores and ours. The database was written by MLflow itself.
class RunTransferTest {
    /// Each table's rows without ids that MLflow makes up anew, and without places of artifacts.
    private static final Map<String, String> COMPARED = new LinkedHashMap<>();

    static {
        COMPARED.put(
                "experiments",
                "SELECT experiment_id, name, lifecycle_stage, creation_time, last_update_time"
                        + " FROM experiments WHERE experiment_id > 0");
        COMPARED.put("experiment_tags", "SELECT * FROM experiment_tags");
        COMPARED.put(
                "runs",
                "SELECT run_uuid, name, source_type, source_name, entry_point_name, user_id,"
                        + " status, start_time, end_time, source_version, lifecycle_stage,"
                        + " experiment_id, deleted_time FROM runs");
        COMPARED.put("metrics", "SELECT * FROM metrics");
        COMPARED.put("latest_metrics", "SELECT * FROM latest_metrics");
        COMPARED.put("params", "SELECT * FROM params");
        COMPARED.put("tags", "SELECT * FROM tags");
        COMPARED.put(
                "datasets",
                "SELECT experiment_id, name, digest, dataset_source_type, dataset_source,"
                        + " dataset_schema, dataset_profile FROM datasets");
        COMPARED.put(
                "inputs",
                "SELECT i.source_type, coalesce(d.digest, i.source_id), i.destination_type,"
                        + " i.destination_id, i.step, t.name, t.value FROM inputs i"
                        + " LEFT JOIN datasets d ON d.dataset_uuid = i.source_id"
                        + " LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid");
    }

    @TempDir Path folder;
    private Path database;

    @BeforeEach
    void anMlflowDatabaseWithItsArtifacts() throws IOException {
        database = database("mlflow.db", true);
        for (String run :
                query(database, "SELECT artifact_uri FROM runs WHERE status = 'FINISHED'")) {
            Path notes = Path.of(java.net.URI.create(run)).resolve("notes");
            Files.createDirectories(notes);
            Files.writeString(notes.resolve("hello.txt"), "hello " + run);
        }
    }

    /// @param rows whether it has MLflow's rows, or only its tables
    private Path database(String name, boolean rows) throws IOException {
        return database(name, "mlflow-database.sql", rows);
    }

    private Path database(String name, String resource, boolean rows) throws IOException {
        String dump;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(resource))) {
            dump = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String script =
                dump.replace("{ROOT}", folder.toString())
                        .lines()
                        .filter(line ->
                                rows || !line.startsWith("INSERT") || line.contains("'Default'"))
                        .collect(Collectors.joining("\n"));
        Path file = folder.resolve(name);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(script);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return file;
    }

    private static List<String> query(Path file, String sql) {
        try (JdbcStatements statements = new JdbcStatements(file)) {
            return statements.list(
                    sql,
                    row -> {
                        StringBuilder line = new StringBuilder();
                        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                            line.append(i == 1 ? "" : "|").append(row.getString(i));
                        }
                        return line.toString();
                    });
        }
    }

    private static Map<String, List<String>> rows(Path file) {
        Map<String, List<String>> rows = new TreeMap<>();
        COMPARED.forEach(
                (table, sql) -> rows.put(table, query(file, sql).stream().sorted().toList()));
        return rows;
    }

    private Tracking tracking(String name) {
        return Tracking.open(TrackingOptions.in(folder.resolve(name)));
    }

    @Test
    void aRunImportedFromADatabaseFileAndExportedAgainIsEqual() throws IOException {
        Path back = database("back.db", false);
        try (Tracking tracking = tracking("data")) {
            RunTransfer.Report in =
                    RunTransfer.from(tracking, database, null, ProgressListener.none());
            assertThat(in.copied()).hasSize(4);
            assertThat(in.withoutFiles()).isEmpty();
            assertThat(RunTransfer.to(tracking, back, null, null, ProgressListener.none()).copied())
                    .containsExactlyElementsOf(in.copied());
        }
        assertThat(rows(back)).isEqualTo(rows(database));
        List<String> before =
                query(database, "SELECT artifact_uri FROM runs WHERE status = 'FINISHED'");
        assertThat(query(back, "SELECT artifact_uri FROM runs WHERE status = 'FINISHED'"))
                .hasSize(before.size())
                .allSatisfy(uri -> {
                    Path file = Path.of(java.net.URI.create(uri)).resolve("notes/hello.txt");
                    assertThat(before).contains(Files.readString(file).substring(6));
                });
    }

    /// Tables of models, without the places of files.
    private static final Map<String, String> MODELS =
            Map.of(
                    "registered_models",
                    "SELECT * FROM registered_models",
                    "registered_model_tags",
                    "SELECT * FROM registered_model_tags",
                    "registered_model_aliases",
                    "SELECT * FROM registered_model_aliases",
                    "model_versions",
                    "SELECT name, version, creation_time, last_updated_time, description, user_id,"
                            + " current_stage, run_id, status, run_link FROM model_versions",
                    "model_version_tags",
                    "SELECT * FROM model_version_tags",
                    "logged_models",
                    "SELECT model_id, experiment_id, name, creation_timestamp_ms,"
                            + " last_updated_timestamp_ms, status, lifecycle_stage, model_type,"
                            + " source_run_id, status_message FROM logged_models",
                    "logged_model_tags",
                    "SELECT * FROM logged_model_tags",
                    "logged_model_params",
                    "SELECT * FROM logged_model_params",
                    "logged_model_metrics",
                    "SELECT * FROM logged_model_metrics");

    @Test
    void modelsImportedFromADatabaseFileAndExportedAgainAreEqual() throws IOException {
        Path models = database("models.db", "mlflow-models.sql", true);
        String place = "SELECT artifact_location FROM logged_models WHERE name = 'm2'";
        Path files = Path.of(java.net.URI.create(query(models, place).getFirst()));
        Files.createDirectories(files);
        Files.writeString(files.resolve("model.txt"), "weights");
        Path back = database("back.db", "mlflow-models.sql", false);
        try (Tracking tracking = tracking("data")) {
            assertThat(RunTransfer.from(tracking, models, null, ProgressListener.none()).models())
                    .isEqualTo(4);
            // Once more changes nothing, and the next version has the next number.
            RunTransfer.from(tracking, models, null, ProgressListener.none());
            RunTransfer.to(tracking, back, null, null, ProgressListener.none());
        }
        MODELS.forEach((table, sql) ->
                assertThat(query(back, sql).stream().sorted().toList())
                        .as(table)
                        .isEqualTo(query(models, sql).stream().sorted().toList()));
        Path copied = Path.of(java.net.URI.create(query(back, place).getFirst()));
        assertThat(copied).startsWith(folder.resolve("mlartifacts"));
        assertThat(copied.resolve("model.txt")).hasContent("weights");
        assertThat(query(back, "SELECT storage_location FROM model_versions WHERE version = 2"))
                .allSatisfy(uri -> assertThat(uri).contains("/mlartifacts/1/models/m-"));
    }

    @Test
    void anMlrunsFolderInBetweenChangesNothing() throws IOException {
        Path mlruns = folder.resolve("mlruns");
        Path back = database("back.db", false);
        try (Tracking first = tracking("first");
                Tracking second = tracking("second")) {
            RunTransfer.from(first, database, null, ProgressListener.none());
            RunTransfer.to(first, mlruns, null, null, ProgressListener.none());
            RunTransfer.from(second, mlruns, null, ProgressListener.none());
            RunTransfer.to(second, back, null, null, ProgressListener.none());
        }
        assertThat(rows(back)).isEqualTo(rows(database));
    }

    @Test
    void whatIsThereAlreadyIsNotCopiedTwice() {
        try (Tracking tracking = tracking("data")) {
            RunTransfer.from(tracking, database, null, ProgressListener.none());
            RunTransfer.Report again =
                    RunTransfer.from(tracking, database, null, ProgressListener.none());
            assertThat(again.copied()).isEmpty();
            assertThat(again.present()).isEqualTo(4);
        }
    }

    @Test
    void filesThatAreNotSuchAStoreAreRefused() throws IOException {
        Path text =
                Files.writeString(folder.resolve("text.db"), "not a database at all\n".repeat(99));
        Path empty = Files.createFile(folder.resolve("empty.db"));
        try (Tracking tracking = tracking("data")) {
            assertThatThrownBy(
                            () -> RunTransfer.from(tracking, text, null, ProgressListener.none()))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("text.db");
            assertThatThrownBy(
                            () -> RunTransfer.from(tracking, empty, null, ProgressListener.none()))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("lacks the tables")
                    .hasMessageContaining("mlflow db upgrade");
            assertThatThrownBy(() ->
                            RunTransfer.from(
                                    tracking,
                                    folder.resolve("nowhere"),
                                    null,
                                    ProgressListener.none()))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("there is no file or folder");
        }
    }

    @Test
    void damagedFilesOfAnMlrunsFolderAreNamed() throws IOException {
        Path run = folder.resolve("mlruns/7/" + "a".repeat(32));
        Files.createDirectories(run.resolve("tags"));
        Files.createDirectories(run.resolve("metrics"));
        Files.writeString(
                folder.resolve("mlruns/7/meta.yaml"), "name: seven\nlifecycle_stage: active\n");
        Files.writeString(run.resolve("meta.yaml"), "status: 3\nlifecycle_stage: active\n");
        Files.writeString(run.resolve("metrics/loss"), "1 x 0\n");
        Path mlruns = folder.resolve("mlruns");
        try (Tracking tracking = tracking("data")) {
            assertThatThrownBy(
                            () -> RunTransfer.from(tracking, mlruns, null, ProgressListener.none()))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("the line '1 x 0' is no point");
            Files.writeString(run.resolve("meta.yaml"), "status: [9\n");
            assertThatThrownBy(
                            () -> RunTransfer.from(tracking, mlruns, null, ProgressListener.none()))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("is no YAML of MLflow's");
        }
    }
}
