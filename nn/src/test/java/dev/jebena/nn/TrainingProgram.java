package dev.jebena.nn;

import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/// A training with everything that has state: dropout, batch norm, shuffling, a schedule, averages.
/// As a program it trains in a process of its own, may be stopped hard, and prints its weights'
/// hash.
final class TrainingProgram {
    static final int STEPS = 30;

    final Block model;
    final Ema ema;
    final Trainer trainer;

    TrainingProgram(Path checkpoint, Consumer<Trainer> settings) {
        Rng data = Rng.seed(1);
        Tensor x = data.normal(50, 6);
        Tensor y = x.square().sum(1).gt(5).to(dev.jebena.tensor.DType.INT64);
        Rng rng = Rng.seed(2);
        Sequential network =
                Sequential.of(
                        Linear.of(6, 64, rng),
                        BatchNorm.of(64),
                        Activation.GELU,
                        Dropout.of(0.2, Rng.seed(3)),
                        Linear.of(64, 2, rng));
        model = network;
        ema = Ema.of(model, 0.9);
        trainer =
                Trainer.of(
                                model,
                                AdamW.of(model.parameters(), 1e-2),
                                DataLoader.of(Dataset.of(x, y), 8, 4),
                                batch -> network.apply(batch.x()).crossEntropy(batch.y()))
                        .schedule(Schedule.cosine(STEPS, 0.1).warmUp(3))
                        .clipNorm(1)
                        .average(ema)
                        .checkpoint(checkpoint, 4);
        settings.accept(trainer);
    }

    int hash() {
        int hash = 0;
        for (Tensor tensor : model.stateDict().values()) {
            hash = 31 * hash + Arrays.hashCode(tensor.toDoubles());
        }
        for (Tensor tensor : ema.averages().values()) {
            hash = 31 * hash + Arrays.hashCode(tensor.toDoubles());
        }
        return hash;
    }

    /// `checkpoint [step at which the process stops at once]`
    public static void main(String[] args) {
        long end = args.length > 1 ? Long.parseLong(args[1]) : Long.MAX_VALUE;
        TrainingProgram program =
                new TrainingProgram(
                        Path.of(args[0]),
                        trainer ->
                                trainer.listener(step -> {
                                    if (step.step() == end) {
                                        Runtime.getRuntime().halt(9);
                                    }
                                    return true;
                                }));
        program.trainer.run(STEPS);
        System.out.println("hash " + program.hash());
    }
}
