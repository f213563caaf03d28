package dev.jebena.nn;

import java.nio.file.Path;

/// Hears what a [Trainer] does, on its thread.
@FunctionalInterface
public interface TrainingListener {
    /// Training begins, or goes on from a saved state, towards so many steps.
    default void onStart(Trainer trainer, long steps) {}

    /// A step is done. Returns whether training goes on.
    boolean onStep(TrainingStep step);

    /// The state was saved.
    default void onSaved(Path file, long step) {}

    /// Training goes on from a saved state.
    default void onResumed(Path file, long step) {}

    /// Training is over.
    default void onEnd(long step) {}
}
