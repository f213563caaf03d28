package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The training loop. With a checkpoint it may be killed at any time: run again, it goes on where
/// the last checkpoint was and ends with the same bits.
///
/// ```java
/// Trainer.of(model, AdamW.of(model.parameters(), 1e-3), loader,
///                 batch -> model.apply(batch.x()).crossEntropy(batch.y()))
///         .schedule(Schedule.cosine(2000, 0.1).warmUp(100))
///         .clipNorm(1)
///         .checkpoint(Path.of("run.safetensors"), 200)
///         .listener(ProgressBar.of(System.err))
///         .run(2000);
/// ```
public final class Trainer {
    private final Block model;
    private final Optimizer optimizer;
    private final DataLoader loader;
    private final Function<Batch, Tensor> loss;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private final TrainingState state;
    private final Counter counter = new Counter();
    private Schedule schedule = Schedule.constant();
    private double clipNorm = Double.POSITIVE_INFINITY;
    private double clipValue = Double.POSITIVE_INFINITY;
    private int parts = 1;
    private @Nullable Path checkpoint;
    private long every = Long.MAX_VALUE;
    private @Nullable Autocast autocast;
    private @Nullable LossScaler scaler;
    private @Nullable Ema ema;
    private boolean compiling;
    private @Nullable CompiledLoss compiled;

    /// The number of steps done, which is a part of the state.
    private static final class Counter implements Stateful {
        private long step;

        @Override
        public Map<String, Tensor> stateDict() {
            return Map.of("step", Tensor.scalar(step, DType.INT64));
        }

        @Override
        public void loadStateDict(Map<String, Tensor> saved) {
            step = StateCheck.integer(saved, "step");
        }
    }

    private Trainer(
            Block model, Optimizer optimizer, DataLoader loader, Function<Batch, Tensor> loss) {
        this.model = model;
        this.optimizer = optimizer;
        this.loader = loader;
        this.loss = loss;
        state =
                TrainingState.of(model)
                        .with("optimizer", optimizer)
                        .with("loader", loader)
                        .with("trainer", counter);
    }

    /// @param loss of a batch, a scalar
    public static Trainer of(
            Block model, Optimizer optimizer, DataLoader loader, Function<Batch, Tensor> loss) {
        return new Trainer(model, optimizer, loader, loss);
    }

    /// The learning rates' course.
    public Trainer schedule(Schedule course) {
        schedule = course;
        return this;
    }

    /// The largest norm of all gradients.
    public Trainer clipNorm(double most) {
        clipNorm = most;
        return this;
    }

    /// The largest number in a gradient.
    public Trainer clipValue(double most) {
        clipValue = most;
        return this;
    }

    /// The mean gradients of so many batches make a step.
    public Trainer accumulate(int batches) {
        parts = NnException.positive("number of accumulated batches", batches);
        return this;
    }

    /// Saves all state in a file each so many steps and at the end, and goes on from it if it is
    /// there at the begin.
    public Trainer checkpoint(Path file, long steps) {
        if (steps < 1) {
            throw NnException.option("a checkpoint each %d steps; 1 or more are needed", steps);
        }
        Weights.checkName(file);
        checkpoint = file;
        every = steps;
        return this;
    }

    /// Computes losses in mixed precision, in float16 with a [LossScaler].
    public Trainer autocast(Autocast type) {
        autocast = type;
        if (type == Autocast.FLOAT16 && scaler == null) {
            scaler = LossScaler.of(LossScaler.Options.defaults());
            state.with("scaler", scaler);
        }
        return this;
    }

    /// Computes loss and gradients as one compiled program ([dev.jebena.tensor.Compiled]), with the
    /// same bits. The loss must not depend on elements in ways that a trace cannot see, or there is
    /// an error that tells the place; what is not the batch, nor a parameter or buffer of the
    /// model, is a constant of the program.
    public Trainer compiled() {
        compiling = true;
        return this;
    }

    /// Keeps averages of the parameters.
    public Trainer average(Ema averages) {
        ema = averages;
        state.with("ema", averages);
        return this;
    }

    /// A further part of the state, for instance a [Plateau].
    public Trainer with(String name, Stateful part) {
        state.with(name, part);
        return this;
    }

    /// A further generator that the loss draws from.
    public Trainer with(Rng rng) {
        state.with(rng);
        return this;
    }

    /// A text that checkpoints keep; training goes on from one with the same text only.
    public Trainer mark(String key, String value) {
        state.mark(key, value);
        return this;
    }

    public Trainer listener(TrainingListener listener) {
        listeners.add(listener);
        return this;
    }

    /// Steps that are done.
    public long step() {
        return counter.step;
    }

    /// What is trained.
    public Block model() {
        return model;
    }

    /// How it is trained, by names, for records of it: what was said to this trainer, and the kinds
    /// of its parts.
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("model", model.getClass().getSimpleName());
        settings.put("parameters", model.size());
        settings.put("optimizer", optimizer.getClass().getSimpleName());
        settings.put("learning_rate", optimizer.initialLearningRate());
        settings.put("batch_size", loader.batchSize());
        settings.put("batches_of_an_epoch", loader.batches());
        settings.put("loader_seed", loader.seed());
        settings.put("accumulate", parts);
        if (clipNorm < Double.POSITIVE_INFINITY) {
            settings.put("clip_norm", clipNorm);
        }
        if (clipValue < Double.POSITIVE_INFINITY) {
            settings.put("clip_value", clipValue);
        }
        settings.put("precision", autocast == null ? "f32" : autocast.toString());
        settings.put("compiled", compiling);
        settings.put("averages", ema != null);
        return settings;
    }

    /// Trains until `steps` steps are done, those before an interruption included; a listener may
    /// end it earlier. Returns the loss of the last step; NaN if there was none to be done.
    public double run(long steps) {
        resume();
        model.training(true);
        // Which parameters are trainable may have changed since the last call.
        compiled = null;
        double last = Double.NaN;
        boolean going = true;
        Iterator<Batch> batches = loader.iterator();
        listeners.forEach(listener -> listener.onStart(this, steps));
        while (going && counter.step < steps) {
            optimizer.follow(schedule, counter.step);
            double sum = 0;
            ParameterGradients gradients = ParameterGradients.none();
            for (int part = 0; part < parts; part++) {
                if (!batches.hasNext()) {
                    batches = loader.iterator();
                }
                CompiledLoss.Result one = learn(batches.next());
                sum += one.loss();
                gradients = gradients.plus(one.gradients());
            }
            last = sum / parts;
            TrainingStep done = apply(gradients.times(1.0 / parts), last, steps);
            for (TrainingListener listener : listeners) {
                going &= listener.onStep(done);
            }
            if (counter.step % every == 0 || !going || counter.step >= steps) {
                save();
            }
        }
        listeners.forEach(listener -> listener.onEnd(counter.step));
        return last;
    }

    private CompiledLoss.Result learn(Batch batch) {
        Autocast type = autocast;
        CompiledLoss.Result result =
                type == null ? evaluate(batch) : type.run(() -> evaluate(batch));
        if (!Double.isFinite(result.loss())) {
            throw NnException.diverged(
                    "the loss is %s at step %d with learning rate %s; a smaller rate, warm-up or"
                            + " clipNorm may help",
                    result.loss(), counter.step + 1, optimizer.learningRate());
        }
        return result;
    }

    private CompiledLoss.Result evaluate(Batch batch) {
        if (compiling) {
            if (compiled == null) {
                compiled = new CompiledLoss(model, optimizer.parameters(), loss);
            }
            return compiled.run(batch, scaler == null ? 1 : scaler.factor());
        }
        Tensor value = loss.apply(batch);
        Tensor scaled = scaler == null ? value : scaler.scale(value);
        ParameterGradients gradients =
                ParameterGradients.of(optimizer.parameters(), scaled.backward());
        return new CompiledLoss.Result(value.item(), gradients);
    }

    /// Changes the parameters, unless scaled gradients overflowed.
    private TrainingStep apply(ParameterGradients found, double value, long steps) {
        Optional<ParameterGradients> plain =
                scaler == null ? Optional.of(found) : scaler.unscale(found);
        double norm = Double.NaN;
        if (plain.isPresent()) {
            ParameterGradients gradients = plain.get();
            if (clipNorm < Double.POSITIVE_INFINITY) {
                norm = gradients.norm(2);
                gradients = gradients.clipNorm(norm, clipNorm);
            }
            if (clipValue < Double.POSITIVE_INFINITY) {
                gradients = gradients.clipValue(clipValue);
            }
            optimizer.step(gradients);
            if (ema != null) {
                ema.update();
            }
        }
        counter.step++;
        return new TrainingStep(
                counter.step,
                steps,
                loader.epoch(),
                value,
                norm,
                optimizer.learningRate(),
                plain.isEmpty());
    }

    private void resume() {
        Path file = checkpoint;
        if (file != null && counter.step == 0 && Files.exists(file)) {
            state.load(file);
            listeners.forEach(listener -> listener.onResumed(file, counter.step));
        }
    }

    private void save() {
        Path file = checkpoint;
        if (file != null) {
            state.save(file);
            listeners.forEach(listener -> listener.onSaved(file, counter.step));
        }
    }
}
