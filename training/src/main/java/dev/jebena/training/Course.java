package dev.jebena.training;

import dev.jebena.nn.Autocast;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How long and in which portions training goes: the table `training` of a recipe.
///
/// @param batch examples of a batch
/// @param steps steps in all; 0 where epochs count
/// @param epochs rounds over the data; 0 where steps count
/// @param accumulate batches of a step
/// @param clipNorm largest norm of the gradients
/// @param clipValue largest number in them
/// @param average share that averages of the weights keep in a step; 0 for no averages
/// @param precision type of products; null for float32
/// @param evaluate steps between evaluations; 0 for one at the end
/// @param loss `cross-entropy`, or for numbers `mse`, `l1`, `huber`; null for the usual one
/// @param smoothing share of a class's target that is spread over all
/// @param compiled whether loss and gradients are one compiled program
record Course(
        int batch,
        long steps,
        long epochs,
        int accumulate,
        double clipNorm,
        double clipValue,
        double average,
        @Nullable Autocast precision,
        long evaluate,
        @Nullable String loss,
        double smoothing,
        boolean compiled) {
    private static final double NONE = Double.POSITIVE_INFINITY;
    private static final long MOST = 1_000_000_000_000L;

    static Course read(Section s) {
        boolean counted = s.has("steps");
        if (counted && s.has("epochs")) {
            s.problem("epochs", "stands beside steps; one of them says how long training goes");
        }
        String precision = s.choice("precision", List.of("f32", "bf16", "f16"));
        String loss = s.choice("loss", List.of("usual", "cross-entropy", "mse", "l1", "huber"));
        Course course =
                new Course(
                        s.integer("batch", 32, 1, 1_000_000),
                        counted ? s.integer("steps", 0L, 1, MOST) : 0,
                        counted ? 0 : s.integer("epochs", 10L, 1, MOST),
                        s.integer("accumulate", 1, 1, 1_000_000),
                        s.number("clip-norm", NONE, 0, NONE),
                        s.number("clip-value", NONE, 0, NONE),
                        s.number("average", 0, 0, 1),
                        switch (precision) {
                            case "bf16" -> Autocast.BFLOAT16;
                            case "f16" -> Autocast.FLOAT16;
                            default -> null;
                        },
                        s.integer("evaluate", 0L, 0, MOST),
                        loss.equals("usual") ? null : loss,
                        s.number("label-smoothing", 0, 0, 1),
                        s.flag("compiled", true));
        s.end();
        return course;
    }

    /// Steps in all.
    long stepsFor(int batchesOfAnEpoch) {
        return steps > 0
                ? steps
                : Math.max(
                        1, Math.ceilDiv(Math.multiplyExact(epochs, batchesOfAnEpoch), accumulate));
    }
}
