package dev.jebena.tracking;

import dev.jebena.base.ContentId;
import dev.jebena.base.DurableFiles;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes experiments and runs as MLflow's store of files keeps them. Documents are JSON, which is
/// YAML too.
///
/// @param artifacts where artifacts lie; null for the folder of the runs
record MlrunsWriter(Path root, @Nullable Path artifacts) {
    private static final int UNKNOWN_SOURCE = 5;

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Problem.storage("cannot write " + file, e);
        }
    }

    private static void values(Path folder, Map<String, String> values) {
        try {
            // MLflow looks for the folder even when nothing is in it.
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw Problem.storage("cannot make " + folder, e);
        }
        values.forEach((key, value) -> write(folder.resolve(Artifacts.checked(key)), value));
    }

    void experiment(String id, ExperimentCopy experiment) {
        Path below = experiment.lifecycle().equals("deleted") ? root.resolve(".trash") : root;
        Path folder = below.resolve(id);
        Path kept = artifacts == null ? folder : artifacts.resolve(id);
        values(folder.resolve("tags"), experiment.tags());
        write(
                folder.resolve("meta.yaml"),
                HttpJson.text(
                        HttpJson.object(
                                "artifact_location",
                                kept.toAbsolutePath().toUri().toString().replaceFirst("/$", ""),
                                "creation_time",
                                experiment.created(),
                                "experiment_id",
                                id,
                                "last_update_time",
                                experiment.updated(),
                                "lifecycle_stage",
                                experiment.lifecycle(),
                                "name",
                                experiment.name())));
    }

    /// Writes the run; its `meta.yaml` comes last and makes it whole.
    void run(Path folder, String experiment, RunCopy run, String artifactUri) {
        values(folder.resolve("params"), run.params());
        values(folder.resolve("tags"), run.tags());
        values(folder.resolve("metrics"), Map.of());
        run.metrics()
                .forEach((key, points) ->
                        write(
                                folder.resolve("metrics").resolve(Artifacts.checked(key)),
                                lines(points)));
        for (DatasetCopy dataset : run.datasets()) {
            dataset(folder, run, dataset);
        }
        for (String model : run.modelInputs()) {
            link(folder.resolve("inputs"), "MODEL", "RUN", model, null);
        }
        run.modelOutputs()
                .forEach((model, step) ->
                        link(folder.resolve("outputs"), "RUN_OUTPUT", "MODEL_OUTPUT", model, step));
        try {
            DurableFiles.write(
                    folder.resolve("meta.yaml"), HttpJson.text(meta(experiment, run, artifactUri)));
        } catch (IOException e) {
            throw Problem.storage("cannot write " + folder, e);
        }
    }

    private static Map<String, @Nullable Object> meta(
            String experiment, RunCopy run, String artifactUri) {
        Map<String, @Nullable Object> meta =
                HttpJson.object(
                        "artifact_uri",
                        artifactUri,
                        "end_time",
                        run.end(),
                        "entry_point_name",
                        "",
                        "experiment_id",
                        experiment,
                        "lifecycle_stage",
                        run.lifecycle(),
                        "run_id",
                        run.id(),
                        "run_name",
                        run.name(),
                        "source_name",
                        "",
                        "source_type",
                        UNKNOWN_SOURCE,
                        "source_version",
                        "",
                        "start_time",
                        run.start(),
                        "status",
                        Runs.STATUSES.indexOf(run.status()) + 1,
                        "tags",
                        List.of(),
                        "user_id",
                        run.user());
        if (run.deleted() != null) {
            meta.put("deleted_time", run.deleted());
        }
        return meta;
    }

    private static String lines(List<MetricPoint> points) {
        StringBuilder lines = new StringBuilder();
        for (MetricPoint point : points) {
            lines.append(point.timestamp())
                    .append(' ')
                    .append(point.isNan() ? "nan" : Double.toString(point.value()))
                    .append(' ')
                    .append(point.step())
                    .append('\n');
        }
        return lines.toString();
    }

    private static void dataset(Path run, RunCopy copy, DatasetCopy dataset) {
        String id = shortId(dataset.name() + "\n" + dataset.digest());
        Path datasets = Objects.requireNonNull(run.getParent()).resolve("datasets");
        write(
                datasets.resolve(id).resolve("meta.yaml"),
                HttpJson.text(
                        HttpJson.object(
                                "digest", dataset.digest(),
                                "name", dataset.name(),
                                "profile", dataset.profile(),
                                "schema", dataset.schema(),
                                "source", dataset.source(),
                                "source_type", dataset.sourceType())));
        write(
                run.resolve("inputs").resolve(shortId(id + copy.id())).resolve("meta.yaml"),
                HttpJson.text(
                        HttpJson.object(
                                "destination_id",
                                copy.id(),
                                "destination_type",
                                "RUN",
                                "source_id",
                                id,
                                "source_type",
                                "DATASET",
                                "tags",
                                dataset.tags())));
    }

    private static String shortId(String text) {
        return ContentId.of(text).hex().substring(0, 32);
    }

    /// MLflow writes the model's id at both ends.
    private static void link(
            Path folder, String kind, String toKind, String model, @Nullable Long step) {
        Map<String, @Nullable Object> fields =
                HttpJson.object(
                        "source_type", kind,
                        "source_id", model,
                        "destination_type", toKind,
                        "destination_id", model,
                        "tags", Map.of());
        if (step != null) {
            fields.put("step", step);
        }
        write(folder.resolve(Artifacts.checked(model)).resolve("meta.yaml"), HttpJson.text(fields));
    }
}
