package dev.jebena.training;

import dev.jebena.compute.Kernels;
import dev.jebena.tracking.TrackedRun;
import dev.jebena.tracking.Tracker;
import dev.jebena.tracking.TrackerOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A training by a recipe, recorded as a run: the recipe's settings as params, its data files with
/// their hashes, what [Autolog] logs of each step, evaluations as metrics `held_out/…`, and the
/// weights and a language model's text as artifacts.
public final class TrackedTraining {
    /// More data files than this are recorded as one list of their hashes.
    private static final int MOST_FILES = 500;

    /// Characters of a param.
    private static final int LONGEST = 6000;

    private final Tracker tracker;
    private final Training training;

    private final @Nullable String model;

    private TrackedTraining(Tracker tracker, Training training, @Nullable String model) {
        this.tracker = tracker;
        this.training = training;
        this.model = model;
    }

    /// A training and its run's id.
    ///
    /// @param version the number of the registered model's new version; 0 where none was asked for
    public record Result(String run, int version, TrainingReport report) {}

    /// Trains. The code that is recorded is that of the recipe's folder.
    ///
    /// @param model the registered model that the weights become a version of; null for none
    public static Result run(Tracker tracker, Training training, @Nullable String model) {
        Recipe recipe = training.recipe();
        return run(tracker, training, model, recipe.name(), recipe.experiment());
    }

    static Result run(
            Tracker tracker,
            Training training,
            @Nullable String model,
            String name,
            String experiment) {
        Recipe recipe = training.recipe();
        Path file = recipe.file().toAbsolutePath().normalize();
        TrackerOptions options =
                tracker.options()
                        .experiment(experiment)
                        .code(file.resolveSibling(""))
                        .command(List.of("train", file.toString()));
        return new TrackedTraining(tracker.with(options), training, model).run(name);
    }

    private Result run(String name) {
        Recipe recipe = training.recipe();
        Map<String, Object> params = new LinkedHashMap<>(recipe.settings());
        params.keySet().removeIf(key -> key.equals("tracking") || key.equals("experiment"));
        params.put("seed", recipe.seed());
        params.replaceAll((key, value) -> cut(value.toString()));
        params.put("data.examples", training.sizes().get("examples"));
        params.put("data.held_out", training.sizes().get("heldOut"));
        return tracker.run(name, params, this::train);
    }

    private Result train(TrackedRun run) {
        run.tag("jebena.kernels", Kernels.best().name());
        inputs(run);
        training.listener(Autolog.of(run));
        training.watcher(found ->
                found.metrics()
                        .forEach((name, value) ->
                                run.metric("held_out/" + name, value, found.step())));
        TrainingReport report = training.run();
        run.artifact("model/" + report.model().getFileName(), report.model());
        if (report.sample() != null) {
            run.artifact("sample.txt", report.sample());
        }
        return new Result(run.id(), model == null ? 0 : run.register(model, "model"), report);
    }

    private static String cut(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST - 1) + "…";
    }

    private void inputs(TrackedRun run) {
        Path folder = training.recipe().file().toAbsolutePath().resolveSibling("").normalize();
        Map<String, Path> named = new LinkedHashMap<>();
        for (Path file : training.files()) {
            Path whole = file.toAbsolutePath().normalize();
            named.put(
                    (whole.startsWith(folder) ? folder.relativize(whole) : whole).toString(),
                    whole);
        }
        if (named.size() <= MOST_FILES) {
            run.inputs(named, "training");
        } else {
            run.inputList(named.values());
        }
    }
}
