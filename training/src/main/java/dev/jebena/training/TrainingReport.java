package dev.jebena.training;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came out of a training.
///
/// @param steps done in all
/// @param resumed the step that it went on from; 0 for a new one
/// @param loss of the last step; NaN if none was left to do
/// @param evaluations in the order of their steps, those before an interruption left out
/// @param model the file with the weights
/// @param sample what a language model writes; null for others
public record TrainingReport(
        long steps,
        long resumed,
        double loss,
        List<Evaluation> evaluations,
        Path model,
        @Nullable String sample) {
    public TrainingReport {
        evaluations = List.copyOf(evaluations);
    }
}
