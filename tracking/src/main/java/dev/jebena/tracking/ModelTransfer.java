package dev.jebena.tracking;

import dev.jebena.base.Problem;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Copies registered models, their versions, aliases and tags, and logged models between our store
/// and a database file of MLflow's. Both have the same rows under other names. What is there
/// already stays; the experiments and runs are copied before.
final class ModelTransfer {
    /// How a column's value changes on its way.
    private enum Kind {
        SAME,
        EXPERIMENT,
        /// A place of files, which lie elsewhere afterwards.
        PLACE,
        STATUS,
        /// Ours is empty where MLflow's is missing.
        OPTIONAL
    }

    private record Column(String ours, String theirs, Kind kind) {
        /// `created=creation_time`, or one name for both; behind `:` what changes.
        static Column of(String text) {
            String[] kind = text.split(":");
            String[] names = kind[0].split("=");
            return new Column(
                    names[0],
                    names[names.length - 1],
                    kind.length < 2 ? Kind.SAME : Kind.valueOf(kind[1]));
        }
    }

    private record Table(String ours, String theirs, List<Column> columns) {
        static Table of(String ours, String theirs, String... columns) {
            return new Table(ours, theirs, List.of(columns).stream().map(Column::of).toList());
        }

        String names(boolean own) {
            return String.join(
                    ", ", columns.stream().map(c -> own ? c.ours() : c.theirs()).toList());
        }

        String insert(boolean own) {
            return "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING"
                    .formatted(
                            own ? ours : theirs,
                            names(own),
                            String.join(", ", java.util.Collections.nCopies(columns.size(), "?")));
        }

        String select(boolean own) {
            return "SELECT %s FROM %s".formatted(names(own), own ? ours : theirs);
        }
    }

    /// In the order in which rows depend on others.
    private static final List<Table> TABLES =
            List.of(
                    Table.of(
                            "logged_model",
                            "logged_models",
                            "id=model_id",
                            "experiment=experiment_id:EXPERIMENT",
                            "name",
                            "artifact_uri=artifact_location:PLACE",
                            "created=creation_timestamp_ms",
                            "updated=last_updated_timestamp_ms",
                            "status:STATUS",
                            "status_message",
                            "lifecycle=lifecycle_stage",
                            "model_type",
                            "source_run_id"),
                    Table.of(
                            "registered_model",
                            "registered_models",
                            "name",
                            "created=creation_time",
                            "updated=last_updated_time",
                            "description"),
                    Table.of(
                            "registered_model_tag",
                            "registered_model_tags",
                            "name",
                            "key",
                            "value"),
                    Table.of(
                            "model_version",
                            "model_versions",
                            "name",
                            "version",
                            "created=creation_time",
                            "updated=last_updated_time",
                            "description",
                            "user_id",
                            "stage=current_stage",
                            "source:PLACE",
                            "storage_location:PLACE",
                            "run_id",
                            "run_link",
                            "status"),
                    Table.of(
                            "model_version_tag",
                            "model_version_tags",
                            "name",
                            "version",
                            "key",
                            "value"),
                    Table.of(
                            "registered_model_alias",
                            "registered_model_aliases",
                            "name",
                            "alias",
                            "version"));

    /// Those of a logged model; MLflow's also name its experiment.
    private static final List<Table> OF_LOGGED =
            List.of(
                    Table.of(
                            "logged_model_tag",
                            "logged_model_tags",
                            "model_id",
                            "key=tag_key",
                            "value=tag_value"),
                    Table.of(
                            "logged_model_param",
                            "logged_model_params",
                            "model_id",
                            "key=param_key",
                            "value=param_value"),
                    Table.of(
                            "logged_model_metric",
                            "logged_model_metrics",
                            "model_id",
                            "key=metric_name",
                            "timestamp=metric_timestamp_ms",
                            "step=metric_step",
                            "run=run_id",
                            "value=metric_value",
                            "dataset_name:OPTIONAL",
                            "dataset_digest:OPTIONAL"));

    /// MLflow's numbers are the places here, less one.
    private static final List<String> STATUSES =
            List.of("LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED");

    private final Tracking tracking;
    private final JdbcStatements theirs;
    private final Path written;
    private final ArtifactFolders read;
    private final Set<String> tables;

    /// Experiments by their ids where they come from.
    private final Map<String, String> experiments;

    /// Begins of places by those where files come from.
    private final Map<String, String> places = new TreeMap<>();

    /// @param experiments ids where they go to, by those where they come from
    /// @param written where files go that are copied to MLflow's side
    ModelTransfer(
            Tracking tracking,
            JdbcStatements theirs,
            Map<String, String> experiments,
            ArtifactFolders read,
            Path written) {
        this.tracking = tracking;
        this.theirs = theirs;
        this.experiments = experiments;
        this.read = read;
        this.written = written;
        tables =
                new HashSet<>(
                        theirs.list(
                                "SELECT name FROM sqlite_master WHERE type = 'table'",
                                row -> row.getString(1)));
    }

    /// From MLflow's side to ours; the number of versions and logged models.
    int in() {
        runPlaces(true);
        int copied = 0;
        for (Table table : present(TABLES)) {
            List<@Nullable Object[]> rows =
                    theirs.list(table.select(false), row -> values(table, row));
            rows.forEach(row -> change(table, row, true));
            tracking.data()
                    .write(sql -> {
                        rows.forEach(row -> insert(sql, table, row));
                        return true;
                    });
            copied += counts(table) ? rows.size() : 0;
        }
        for (Table table : present(OF_LOGGED)) {
            List<@Nullable Object[]> rows =
                    theirs.list(table.select(false), row -> values(table, row));
            rows.forEach(row -> change(table, row, true));
            tracking.data()
                    .write(sql -> {
                        rows.forEach(row -> sql.update(table.insert(true), row));
                        return true;
                    });
        }
        tracking.data()
                .write(sql ->
                        sql.update(
                                "UPDATE registered_model SET next_version = coalesce((SELECT"
                                        + " max(version) + 1 FROM model_version v"
                                        + " WHERE v.name = registered_model.name), 1)"
                                        + " WHERE next_version < coalesce((SELECT max(version) + 1"
                                        + " FROM model_version v"
                                        + " WHERE v.name = registered_model.name), 1)"));
        return copied;
    }

    /// Our table of models counts versions, too.
    private static void insert(SqlConnection sql, Table table, @Nullable Object[] row) {
        if (!table.ours().equals("registered_model")) {
            sql.update(table.insert(true), row);
            return;
        }
        @Nullable Object[] more = java.util.Arrays.copyOf(row, row.length + 1);
        more[row.length] = 1L;
        sql.update(
                "INSERT INTO registered_model (name, created, updated, description, next_version)"
                        + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                more);
    }

    /// From our side to MLflow's; the number of versions and logged models.
    int out() {
        runPlaces(false);
        int copied = 0;
        for (Table table : present(TABLES)) {
            List<@Nullable Object[]> rows = own(table, table.select(true));
            rows.forEach(row -> change(table, row, false));
            theirs.together(() -> rows.forEach(row -> theirs.update(table.insert(false), row)));
            copied += counts(table) ? rows.size() : 0;
        }
        for (Table table : present(OF_LOGGED)) {
            List<@Nullable Object[]> rows =
                    own(
                            table,
                            "SELECT %s, (SELECT experiment FROM logged_model m WHERE m.id = model_id) FROM %s"
                                    .formatted(table.names(true), table.ours()));
            rows.forEach(row -> change(table, row, false));
            String insert =
                    table.insert(false).replace(") VALUES (", ", experiment_id) VALUES (?, ");
            theirs.together(() -> rows.forEach(row -> theirs.update(insert, row)));
        }
        return copied;
    }

    private static boolean counts(Table table) {
        return table.ours().equals("model_version") || table.ours().equals("logged_model");
    }

    private List<Table> present(List<Table> all) {
        return all.stream().filter(table -> tables.contains(table.theirs())).toList();
    }

    private List<@Nullable Object[]> own(Table table, String query) {
        return tracking.data().read(sql -> sql.list(query, row -> values(table, row, query)));
    }

    /// All columns of a row of ours, and one more where the query has it.
    private static @Nullable Object[] values(Table table, SqlRow row, String query) {
        int count = table.columns().size() + (query.contains("(SELECT") ? 1 : 0);
        @Nullable Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            values[i] = row.value(i + 1);
        }
        return values;
    }

    private static @Nullable Object[] values(Table table, ResultSet row) throws SQLException {
        @Nullable Object[] values = new Object[table.columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.getObject(i + 1);
        }
        return values;
    }

    /// Brings a row's values to the other side.
    private void change(Table table, @Nullable Object[] row, boolean in) {
        for (int i = 0; i < table.columns().size(); i++) {
            Object value = row[i];
            row[i] =
                    switch (table.columns().get(i).kind()) {
                        case SAME -> value;
                        case EXPERIMENT -> experiment(String.valueOf(value));
                        case OPTIONAL ->
                                in && value == null ? "" : !in && "".equals(value) ? null : value;
                        case STATUS -> status(value, in);
                        case PLACE ->
                                table.ours().equals("logged_model")
                                        ? files(String.valueOf(value), row, in)
                                        : place(value);
                    };
        }
        if (row.length > table.columns().size()) {
            int last = row.length - 1;
            row[last] = experiment(String.valueOf(row[last]));
        }
    }

    private Object experiment(String id) {
        return Long.valueOf(experiments.getOrDefault(id, id));
    }

    private static @Nullable Object status(@Nullable Object value, boolean in) {
        if (!in) {
            return STATUSES.indexOf(String.valueOf(value)) + 1;
        }
        int number = value instanceof Number one ? one.intValue() : 0;
        return STATUSES.get(Math.clamp(number, 1, STATUSES.size()) - 1);
    }

    /// Where the files of runs lie here that lay there.
    private void runPlaces(boolean in) {
        Map<String, String> mine = new TreeMap<>();
        tracking.data()
                .reading(sql ->
                        sql.each(
                                "SELECT uuid, artifact_uri FROM run",
                                row -> mine.put(row.text(1), row.text(2))));
        theirs.list(
                        "SELECT run_uuid, artifact_uri FROM runs",
                        row -> new String[] {row.getString(1), row.getString(2)})
                .forEach(run -> {
                    String own = mine.get(run[0]);
                    if (own != null && run[1] != null) {
                        places.put(in ? run[1] : own, in ? own : run[1]);
                    }
                });
    }

    /// A place below one that has moved.
    private @Nullable Object place(@Nullable Object value) {
        if (!(value instanceof String text)) {
            return value;
        }
        String rest = "";
        for (String begin = text; !begin.isEmpty(); ) {
            String moved = places.get(begin);
            if (moved != null) {
                return moved + rest;
            }
            int slash = begin.lastIndexOf('/');
            rest = slash < 0 ? text : begin.substring(slash) + rest;
            begin = slash < 0 ? "" : begin.substring(0, slash);
        }
        return text;
    }

    /// Copies the files of a logged model; where they lie then.
    private String files(String uri, @Nullable Object[] row, boolean in) {
        String id = String.valueOf(row[0]);
        // The column before was brought over already.
        String inside = row[1] + "/models/" + id + "/artifacts";
        try {
            String moved = in ? filesIn(uri, inside) : filesOut(uri, inside);
            places.put(uri, moved);
            return moved;
        } catch (IOException e) {
            throw Problem.storage("cannot copy the files of the logged model " + id, e);
        }
    }

    private String filesIn(String uri, String inside) throws IOException {
        boolean whole =
                read.each(uri, (path, in) -> tracking.artifacts().put(inside + "/" + path, in));
        return whole ? "mlflow-artifacts:/" + inside : uri;
    }

    private String filesOut(String uri, String inside) throws IOException {
        String root = Artifacts.path(uri).orElse(null);
        if (root == null) {
            return uri;
        }
        Path target = written.resolve(inside);
        List<String> paths = new ArrayList<>(tracking.artifacts().below(root));
        for (String path : paths) {
            Path file = target.resolve(Artifacts.checked(path.substring(root.length() + 1)));
            Files.createDirectories(file.getParent());
            Files.copy(
                    tracking.artifacts().file(tracking.artifacts().get(path)),
                    file,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        return target.toUri().toString().replaceFirst("/$", "");
    }
}
