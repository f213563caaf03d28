package dev.jebena.tracking;

import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Copies runs with all they have, and the models of database files, between a data folder and
/// MLflow's own stores: a database file (SQLite) or an `mlruns` folder. A run that is there already
/// is left as it is, so a copy that was interrupted can be started again.
///
/// ```java
/// RunTransfer.from(tracking, Path.of("mlflow.db"), null, ProgressListener.none());
/// ```
public final class RunTransfer {
    private RunTransfer() {}

    /// What was copied.
    ///
    /// @param copied ids of the runs
    /// @param present number of runs that were there already
    /// @param withoutFiles ids of copied runs whose files could not be read here
    /// @param models number of versions of registered models, and of logged models
    public record Report(List<String> copied, int present, List<String> withoutFiles, int models) {}

    /// Copies all runs of an MLflow store into `tracking`.
    ///
    /// @param source a database file or an `mlruns` folder
    /// @param artifacts folder of the artifacts that MLflow's server kept
    ///   (`--artifacts-destination`); null where the runs name the folders themselves
    public static Report from(
            Tracking tracking, Path source, @Nullable Path artifacts, ProgressListener progress) {
        if (!Files.exists(source)) {
            throw Problem.notFound("there is no file or folder " + source);
        }
        try (RunSource from =
                        Files.isDirectory(source)
                                ? new MlrunsFolder(source, artifacts)
                                : MlflowDatabase.open(source, artifacts);
                TrackingCopies to = new TrackingCopies(tracking)) {
            return copy(
                    from,
                    to,
                    null,
                    progress,
                    experiments ->
                            from instanceof MlflowDatabase database
                                    ? database.models(tracking, experiments, true)
                                    : 0);
        }
    }

    /// Copies runs of `tracking` into an MLflow store.
    ///
    /// @param target a database file that MLflow has made, or a folder for an `mlruns`, which is
    ///   made when it is missing
    /// @param artifacts folder for the artifacts; null for `mlartifacts` beside a database file,
    ///   and for the `mlruns` itself
    /// @param runs ids; null for all
    public static Report to(
            Tracking tracking,
            Path target,
            @Nullable Path artifacts,
            @Nullable List<String> runs,
            ProgressListener progress) {
        try (TrackingCopies from = new TrackingCopies(tracking);
                RunSink to =
                        Files.isRegularFile(target) || target.toString().endsWith(".db")
                                ? MlflowDatabase.open(target, artifacts)
                                : new MlrunsFolder(target, artifacts)) {
            return copy(
                    from,
                    to,
                    runs,
                    progress,
                    experiments ->
                            to instanceof MlflowDatabase database && runs == null
                                    ? database.models(tracking, experiments, false)
                                    : 0);
        }
    }

    private static Report copy(
            RunSource from,
            RunSink to,
            @Nullable List<String> wanted,
            ProgressListener progress,
            ToIntFunction<Map<String, String>> models) {
        Map<String, ExperimentCopy> experiments = new HashMap<>();
        from.experiments().forEach(e -> experiments.put(e.id(), e));
        Map<String, String> places = new HashMap<>();
        if (wanted == null) {
            experiments.forEach((id, e) -> places.put(id, to.experiment(e)));
        }
        List<String> ids = wanted == null ? from.runs() : wanted;
        List<String> copied = new ArrayList<>();
        List<String> withoutFiles = new ArrayList<>();
        int done = 0;
        for (String id : ids) {
            if (!to.contains(id)) {
                RunCopy run = from.run(id);
                ExperimentCopy experiment = experiments.get(run.experiment());
                if (experiment == null) {
                    throw new Problem(
                            Problem.Code.BAD_FILE,
                            "run %s belongs to experiment %s, which is not there"
                                    .formatted(id, run.experiment()));
                }
                String place =
                        places.computeIfAbsent(run.experiment(), _ -> to.experiment(experiment));
                if (!copy(from, to, place, run)) {
                    withoutFiles.add(id);
                }
                copied.add(id);
            }
            done++;
            progress.on(
                    new Progress("runs", "copying", done, ids.size(), Progress.Unit.ITEMS, null));
        }
        return new Report(
                copied, ids.size() - copied.size(), withoutFiles, models.applyAsInt(places));
    }

    private static boolean copy(RunSource from, RunSink to, String experiment, RunCopy run) {
        try {
            boolean whole =
                    from.artifacts(run, (path, in) -> to.artifact(experiment, run.id(), path, in));
            to.run(experiment, run, whole);
            return whole;
        } catch (IOException e) {
            throw Problem.storage("cannot copy the files of run " + run.id(), e);
        }
    }
}
