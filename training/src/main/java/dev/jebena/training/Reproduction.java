package dev.jebena.training;

import dev.jebena.base.Problem;
import dev.jebena.nn.TrainingListener;
import dev.jebena.tracking.RunRecord;
import dev.jebena.tracking.RunWorkspace;
import dev.jebena.tracking.Tracker;
import dev.jebena.tracking.TrackingClient;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A training that is done once more as its run recorded it.
public final class Reproduction {
    private Reproduction() {}

    /// Trains by the recipe of a run in a folder that has its files; the new run is recorded beside
    /// it with the tag `jebena.reproduces`.
    ///
    /// @param seed another seed; null for the same
    /// @return the new run's id
    public static String train(
            TrackingClient client,
            RunRecord run,
            RunWorkspace workspace,
            @Nullable Long seed,
            TrainingListener listener) {
        if (run.command().size() != 2 || !run.command().getFirst().equals("train")) {
            throw Problem.badRequest(
                    "run %s is no training by a recipe but: %s".formatted(run.id(), run.command()));
        }
        Recipe recipe = Recipe.load(workspace.place(Path.of(run.command().get(1))));
        Training training = Training.of(recipe.again(workspace.results(), seed));
        training.listener(listener);
        // Closing the tracker would close the caller's client.
        Tracker tracker = Tracker.of(client);
        Map<String, String> tags = Map.of(RunWorkspace.REPRODUCES, run.id());
        return TrackedTraining.run(
                        tracker.with(tracker.options().tags(tags)),
                        training,
                        null,
                        RunWorkspace.again(run.name()),
                        run.experimentName())
                .run();
    }
}
