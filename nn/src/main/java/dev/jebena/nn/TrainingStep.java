package dev.jebena.nn;

/// How a step of training went.
///
/// @param step how many steps are done, from 1
/// @param steps how many there will be
/// @param epoch the epoch that the next batch is of, from 0
/// @param loss the mean loss of the step's batches
/// @param gradientNorm the norm of all gradients before clipping; NaN where it was not needed
/// @param learningRate of the first group
/// @param skipped whether gradients overflowed and the parameters stayed
public record TrainingStep(
        long step,
        long steps,
        long epoch,
        double loss,
        double gradientNorm,
        double learningRate,
        boolean skipped) {}
