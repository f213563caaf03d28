package dev.jebena.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.downloads.Downloads;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Torch;
import dev.jebena.tensor.internal.Parallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GptTest {
    private static final int CONTEXT = 64;
    private static final int BATCH = 12;
    private static final int CHARACTERS = 1_115_394;

    /// nanoGPT's setting for a CPU.
    private static Gpt large(int kinds) {
        return Gpt.of(Gpt.Options.of(kinds, CONTEXT, 128, 4, 4), Rng.seed(1337));
    }

    private static Optimizer optimizer(Gpt model) {
        return AdamW.ofGroups(
                ParameterGroup.decayMatricesOnly(model.parameters()),
                1e-3,
                AdamW.defaults().betas(0.9, 0.99).weightDecay(0.1));
    }

    private static Schedule schedule(int steps) {
        int warmUp = Math.min(100, steps / 10);
        return Schedule.cosine(steps - warmUp, 0.1).warmUp(warmUp);
    }

    @Test
    void theSameStepsGiveTheSameBitsWithOneAndWithTwoThreads() {
        long[] text = Rng.seed(3).randint(0, 20, 500).toLongs();
        int before = Parallel.threads();
        List<float[]> results = new ArrayList<>();
        try {
            for (int threads : new int[] {1, 2, 3}) {
                Parallel.threads(threads);
                Gpt model = Gpt.of(Gpt.Options.of(20, CONTEXT, 128, 2, 4), Rng.seed(1));
                Trainer.of(
                                model,
                                optimizer(model),
                                DataLoader.of(Dataset.windows(text, CONTEXT), BATCH, 2),
                                model::loss)
                        .clipNorm(1)
                        .run(5);
                results.add(model.parameter("layers.layers.1.linear2.weight").value().toFloats());
            }
        } finally {
            Parallel.threads(before);
        }
        assertThat(results.get(1)).isEqualTo(results.get(0));
        assertThat(results.get(2)).isEqualTo(results.get(0));
    }

    @Test
    void whatIsSeenEndsWithTheContext() {
        Gpt model = Gpt.of(Gpt.Options.of(5, 4, 8, 1, 2), Rng.seed(1));
        assertThat(model.apply(Tensor.of(new long[3], 1, 3)).shape()).isEqualTo(Shape.of(1, 3, 5));
        assertThatThrownBy(() -> model.apply(Tensor.of(new long[5], 1, 5)))
                .isInstanceOf(NnException.class)
                .hasMessageContaining("[1, 5]")
                .hasMessageContaining("up to 4");
        long[] written = model.write(new long[] {1}, 10, 1, Rng.seed(2));
        assertThat(written).hasSize(10).isEqualTo(model.write(new long[] {1}, 10, 1, Rng.seed(2)));
        assertThat(model.write(new long[] {1}, 3, 0, Rng.seed(2)))
                .isEqualTo(model.write(new long[] {1}, 3, 0, Rng.seed(5)));
    }

    /// Steps: system property `jebena.gpt.steps`, 40 where it is not set; nanoGPT makes 2,000.
    @Test
    @Tag("slow")
    void trainingEqualsLibtorchs() throws IOException {
        assumeTrue(Torch.isAvailable(), "libtorch does not run here");
        int steps = Integer.getInteger("jebena.gpt.steps", 40);
        String text = plays();
        int[] kinds = text.chars().sorted().distinct().toArray();
        long[] ids = text.chars().mapToLong(c -> Arrays.binarySearch(kinds, c)).toArray();
        int cut = ids.length * 9 / 10;
        Gpt model = large(kinds.length);
        TorchGpt torch = new TorchGpt(model);
        Optimizer optimizer = optimizer(model);
        CompiledLoss program = new CompiledLoss(model, model.parameters(), model::loss);
        Schedule schedule = schedule(steps);
        DataLoader loader =
                DataLoader.of(Dataset.windows(Arrays.copyOf(ids, cut), CONTEXT), BATCH, 1337);
        Iterator<Batch> batches = loader.iterator();
        long[] nanos = new long[2];
        for (int step = 0; step < steps; step++) {
            Batch batch = batches.next();
            optimizer.follow(schedule, step);
            long begin = System.nanoTime();
            CompiledLoss.Result found = program.run(batch, 1);
            optimizer.step(found.gradients().clipNorm(1));
            long middle = System.nanoTime();
            double other = torch.step(batch, optimizer.learningRate());
            nanos[0] += middle - begin;
            nanos[1] += System.nanoTime() - middle;
            if (step < 40) {
                assertThat(found.loss()).as("step %d", step).isCloseTo(other, offset(2e-3));
            }
            if (step % 100 == 99) {
                System.out.printf("step %d: %.4f, libtorch %.4f%n", step + 1, found.loss(), other);
            }
        }
        Dataset held = Dataset.windows(Arrays.copyOfRange(ids, cut, ids.length), CONTEXT);
        int windows = steps < 1000 ? 4 : held.size() / (BATCH * CONTEXT);
        double[] sums = new double[2];
        for (int i = 0; i < windows; i++) {
            int begin = i * BATCH * CONTEXT;
            int[] places = new int[BATCH];
            Arrays.setAll(places, k -> begin + k * CONTEXT);
            Batch batch = held.batch(places);
            sums[0] += model.loss(batch).item() / windows;
            sums[1] += torch.loss(batch) / windows;
        }
        System.out.printf(
                "GPT after %d steps: validation loss %.4f, libtorch %.4f; ms a step %.1f, libtorch with copies %.1f%n",
                steps, sums[0], sums[1], nanos[0] / 1e6 / steps, nanos[1] / 1e6 / steps);
        assertThat(sums[0]).isCloseTo(sums[1], offset(0.02));
    }

    private static String plays() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(Downloads.plays())) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith("_gut.txt")).sorted().toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.substring(0, CHARACTERS);
    }
}
