package dev.jebena.training;

import dev.jebena.nn.Trainer;
import dev.jebena.nn.TrainingListener;
import dev.jebena.nn.TrainingStep;
import dev.jebena.tracking.TrackedRun;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Records a training in a run: how it is done as params, loss, learning rate and norm of the
/// gradients as metrics, and hashes of all tensors of the model at the begin, after steps 1, 2, 4,
/// 8, ... and at the end.
///
/// ```java
/// try (Tracker tracker = Tracker.here().experiment("digits")) {
///     tracker.run("first", Map.of(), run -> {
///         Trainer.of(model, optimizer, loader, loss).listener(Autolog.of(run)).run(600);
///     });
/// }
/// ```
public final class Autolog implements TrainingListener {
    private final TrackedRun run;
    private final long every;
    private @Nullable TensorHashes hashes;

    private Autolog(TrackedRun run, long every) {
        this.run = run;
        this.every = every;
    }

    /// Records each step.
    public static Autolog of(TrackedRun run) {
        return new Autolog(run, 1);
    }

    /// Records only steps that so many others lie between, the first and the last one.
    public Autolog every(long steps) {
        return new Autolog(run, Math.max(1, steps));
    }

    @Override
    public void onStart(Trainer trainer, long steps) {
        trainer.settings().forEach(run::param);
        run.param("steps", steps);
        if (trainer.step() > 0) {
            run.param("resumed_at", trainer.step());
        }
        TensorHashes own = new TensorHashes(trainer.model(), run);
        own.take(trainer.step());
        hashes = own;
    }

    @Override
    public boolean onStep(TrainingStep step) {
        long number = step.step();
        if (number == 1 || number % every == 0 || number == step.steps()) {
            run.metric("loss", step.loss(), number);
            run.metric("learning_rate", step.learningRate(), number);
            if (!Double.isNaN(step.gradientNorm())) {
                run.metric("gradient_norm", step.gradientNorm(), number);
            }
        }
        if (step.skipped()) {
            run.metric("skipped", 1, number);
        }
        if (hashes != null && Long.bitCount(number) == 1) {
            hashes.take(number);
        }
        return true;
    }

    @Override
    public void onSaved(Path file, long step) {
        // A run that ends here by force still tells how its tensors were.
        if (hashes != null) {
            hashes.take(step);
        }
    }

    @Override
    public void onEnd(long step) {
        if (hashes != null) {
            hashes.take(step);
        }
    }
}
