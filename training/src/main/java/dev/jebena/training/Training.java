package dev.jebena.training;

import dev.jebena.base.Problem;
import dev.jebena.nn.Batch;
import dev.jebena.nn.Block;
import dev.jebena.nn.DataLoader;
import dev.jebena.nn.Dataset;
import dev.jebena.nn.Ema;
import dev.jebena.nn.Gpt;
import dev.jebena.nn.NnException;
import dev.jebena.nn.Trainer;
import dev.jebena.nn.TrainingListener;
import dev.jebena.nn.TrainingStep;
import dev.jebena.nn.Weights;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The training that a [Recipe] describes. It goes on from its checkpoint where there is one, and
/// ends with the same bits as without the interruption.
public final class Training {
    private final Recipe recipe;
    private final Examples examples;
    private final Network network;
    private final DataLoader loader;
    private final Trainer trainer;
    private final @Nullable Ema averages;
    private final long steps;
    private final List<Evaluation> evaluations = new ArrayList<>();
    private final List<Consumer<Evaluation>> watchers = new ArrayList<>();
    private long resumed;

    private Training(Recipe recipe) {
        this.recipe = recipe;
        Course course = recipe.course();
        examples = recipe.data().load(recipe.seed(), course);
        network = recipe.network().of(examples, Rng.seed(recipe.seed() + 1));
        Block block = network.block();
        int batch = Math.min(course.batch(), examples.learned().size());
        // Batch norm cannot learn from one example alone, which the last batch might be.
        DataLoader batches = DataLoader.of(examples.learned(), batch, recipe.seed() + 2);
        loader = batch > 1 ? batches.wholeBatches() : batches;
        steps = course.stepsFor(loader.batches());
        trainer =
                Trainer.of(block, recipe.optimizer().of(block.parameters()), loader, this::loss)
                        .schedule(recipe.schedule().of(steps))
                        .accumulate(course.accumulate())
                        .clipNorm(course.clipNorm())
                        .clipValue(course.clipValue())
                        .mark("recipe", recipe.digest(examples.digest()));
        if (course.precision() != null) {
            trainer.autocast(course.precision());
        }
        if (course.compiled()) {
            trainer.compiled();
        }
        averages = course.average() > 0 ? Ema.of(block, course.average()) : null;
        if (averages != null) {
            trainer.average(averages);
        }
        Path checkpoint = recipe.output().checkpoint();
        if (checkpoint != null) {
            trainer.checkpoint(checkpoint, recipe.output().every());
        }
        trainer.listener(new Watch());
    }

    /// Reads the data and makes the network. Throws [Problem] where they do not fit together.
    public static Training of(Recipe recipe) {
        return new Training(recipe);
    }

    private final class Watch implements TrainingListener {
        @Override
        public boolean onStep(TrainingStep step) {
            long every = recipe.course().evaluate();
            if (every > 0 && step.step() % every == 0 && step.step() < steps) {
                evaluate();
            }
            return true;
        }

        @Override
        public void onResumed(Path file, long step) {
            resumed = step;
        }
    }

    /// Also tells this one about steps, checkpoints, and so on.
    public Training listener(TrainingListener listener) {
        trainer.listener(listener);
        return this;
    }

    /// Also tells this one about evaluations.
    public Training watcher(Consumer<Evaluation> watcher) {
        watchers.add(watcher);
        return this;
    }

    /// Deletes the checkpoint, so that training begins anew.
    public Training fresh() {
        Path checkpoint = recipe.output().checkpoint();
        try {
            if (checkpoint != null) {
                Files.deleteIfExists(checkpoint);
            }
        } catch (IOException e) {
            throw Problem.storage("the checkpoint cannot be deleted", e);
        }
        return this;
    }

    /// What is trained.
    public Recipe recipe() {
        return recipe;
    }

    /// The files with the data.
    public List<Path> files() {
        return examples.files();
    }

    /// How much there is to learn, with which network, for how long; each number by its name.
    public Map<String, Long> sizes() {
        Map<String, Long> sizes = new LinkedHashMap<>();
        Dataset held = examples.held();
        sizes.put("examples", (long) examples.learned().size());
        sizes.put("heldOut", held == null ? 0L : held.size());
        sizes.put("outputs", (long) examples.task().outputs());
        sizes.put("parameters", network.block().size());
        sizes.put("steps", steps);
        return sizes;
    }

    /// Trains, judges, and writes the weights. Throws [Problem] when the checkpoint is that of
    /// another recipe, [NnException] when the loss is no number any more.
    public TrainingReport run() {
        double loss;
        try {
            loss = trainer.run(steps);
        } catch (NnException e) {
            if (e.code() != NnException.Code.STATE) {
                throw e;
            }
            throw new Problem(
                    Problem.Code.CONFLICT,
                    String.valueOf(e.getMessage()),
                    "the recipe or its data changed since then; --fresh begins anew",
                    e);
        }
        evaluate();
        String[] sample = {""};
        withAverages(() -> {
            save();
            sample[0] = sample();
        });
        return new TrainingReport(
                trainer.step(),
                resumed,
                loss,
                evaluations,
                recipe.output().model(),
                sample[0].isEmpty() ? null : sample[0]);
    }

    private Tensor loss(Batch batch) {
        return examples.task().loss(network.layer().apply(batch.x()), batch.y());
    }

    private void withAverages(Runnable action) {
        network.block().training(false);
        try {
            if (averages == null) {
                action.run();
            } else {
                averages.with(action);
            }
        } finally {
            network.block().training(true);
        }
    }

    private void evaluate() {
        Dataset held = examples.held();
        if (held == null) {
            return;
        }
        withAverages(() -> {
            Map<String, Double> sums = new LinkedHashMap<>();
            int batch = Math.min(held.size(), Math.max(recipe.course().batch(), 64));
            for (Batch part : DataLoader.of(held, batch, 0).inOrder()) {
                Tensor outputs = network.layer().apply(part.x()).detach();
                examples.task()
                        .sums(outputs, part.y())
                        .forEach((name, sum) -> sums.merge(name, sum, Double::sum));
            }
            Evaluation found =
                    new Evaluation(trainer.step(), examples.task().metrics(sums, held.size()));
            evaluations.add(found);
            watchers.forEach(watcher -> watcher.accept(found));
        });
    }

    private void save() {
        Weights weights = Weights.of(network.block()).text("recipe", recipe.text());
        for (Map.Entry<String, String> entry : examples.about().entrySet()) {
            weights = weights.text(entry.getKey(), entry.getValue());
        }
        weights.save(recipe.output().model());
    }

    /// What a language model writes behind a line break; nothing for other networks.
    private String sample() {
        int length = recipe.output().sample();
        if (length == 0
                || !(network.block() instanceof Gpt gpt)
                || !(examples.task() instanceof Task.Characters characters)) {
            return "";
        }
        int[] kinds = characters.kinds();
        int begin = Math.max(0, java.util.Arrays.binarySearch(kinds, '\n'));
        long[] ids =
                gpt.write(
                        new long[] {begin},
                        length,
                        recipe.output().temperature(),
                        Rng.seed(recipe.seed() + 3));
        StringBuilder text = new StringBuilder();
        for (long id : ids) {
            text.appendCodePoint(kinds[(int) id]);
        }
        return text.toString();
    }
}
