package dev.jebena.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    @TempDir Path folder;

    private int whole() {
        TrainingProgram program = new TrainingProgram(folder.resolve("whole.safetensors"), t -> {});
        program.trainer.run(TrainingProgram.STEPS);
        return program.hash();
    }

    @Test
    void trainingThatIsInterruptedAtAnyStepEndsWithTheSameBits() {
        int expected = whole();
        for (int stop : new int[] {1, 4, 6, 7, 13, 29}) {
            Path file = folder.resolve("stopped-" + stop + ".safetensors");
            List<Long> resumed = new ArrayList<>();
            // The state after the last checkpoint is lost, as with a kill.
            Path copy = folder.resolve("copy-" + stop + ".safetensors");
            TrainingProgram first =
                    new TrainingProgram(
                            file,
                            t ->
                                    t.listener(step -> {
                                        if (step.step() == stop && Files.exists(file)) {
                                            copy(file, copy);
                                        }
                                        return step.step() < stop;
                                    }));
            first.trainer.run(TrainingProgram.STEPS);
            TrainingProgram second =
                    new TrainingProgram(
                            Files.exists(copy) ? copy : file, t -> t.listener(resumes(resumed)));
            second.trainer.run(TrainingProgram.STEPS);
            assertThat(second.hash()).as("stopped at step %d", stop).isEqualTo(expected);
            assertThat(resumed).hasSize(1);
        }
    }

    @Test
    void compiledTrainingEndsWithTheSameBits() {
        int expected = whole();
        Path file = folder.resolve("compiled.safetensors");
        TrainingProgram first =
                new TrainingProgram(file, t -> t.compiled().listener(step -> step.step() < 13));
        first.trainer.run(TrainingProgram.STEPS);
        TrainingProgram second = new TrainingProgram(file, Trainer::compiled);
        second.trainer.run(TrainingProgram.STEPS);
        assertThat(second.hash()).isEqualTo(expected);
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static TrainingListener resumes(List<Long> steps) {
        return new TrainingListener() {
            @Override
            public boolean onStep(TrainingStep step) {
                return true;
            }

            @Override
            public void onResumed(Path file, long step) {
                steps.add(step);
            }
        };
    }

    private String run(int threads, int expectedExit, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-modules=jdk.incubator.vector");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Xmx256m");
        command.add("-Djebena.threads=" + threads);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(TrainingProgram.class.getName());
        command.addAll(List.of(args));
        Path out = folder.resolve("out");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(folder.resolve("err").toFile())
                        .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("err")))
                .isEqualTo(expectedExit);
        return Files.readString(out).strip();
    }

    @Test
    @Tag("slow")
    void processesThatAreKilledGoOnAndThreadsDoNotMatter()
            throws IOException, InterruptedException {
        String expected = "hash " + whole();
        assertThat(run(1, 0, folder.resolve("one.safetensors").toString())).isEqualTo(expected);
        assertThat(run(2, 0, folder.resolve("two.safetensors").toString())).isEqualTo(expected);
        String file = folder.resolve("killed.safetensors").toString();
        run(2, 9, file, "3");
        run(1, 9, file, "10");
        run(2, 9, file, "27");
        assertThat(run(1, 0, file)).isEqualTo(expected);
    }

    @Test
    void partsOfABatchGiveTheGradientOfTheWhole() {
        double[][] values = new double[2][];
        for (int parts : new int[] {1, 2}) {
            Rng rng = Rng.seed(8);
            Tensor x = rng.normal(16, 3);
            Tensor y = rng.normal(16, 1);
            Linear model = Linear.of(3, 1, rng);
            Trainer.of(
                            model,
                            Sgd.of(model.parameters(), 0.1),
                            DataLoader.of(Dataset.of(x, y), 16 / parts, 5),
                            batch -> model.apply(batch.x()).mseLoss(batch.y()))
                    .accumulate(parts)
                    .run(10);
            values[parts - 1] = model.weight().value().toDoubles();
        }
        TorchCase.near("weight", Tensor.of(values[1], 3), Tensor.of(values[0], 3), 1e-5);
    }

    @Test
    void aLossThatIsNotANumberIsAnErrorThatTellsTheStep() {
        Linear model = Linear.of(1, 1, Rng.seed(1));
        Trainer trainer =
                Trainer.of(
                        model,
                        Sgd.of(model.parameters(), 1),
                        DataLoader.of(Dataset.of(Tensor.ones(4, 1), Tensor.ones(4, 1)), 4, 1),
                        batch -> model.apply(batch.x()).mul(Double.NaN).sum());
        assertThatThrownBy(() -> trainer.run(3))
                .isInstanceOf(NnException.class)
                .hasMessageContaining("NaN at step 1");
    }

    @Test
    void lossesInSixteenBitsFallAsWell() {
        for (Autocast type : Autocast.values()) {
            Rng rng = Rng.seed(8);
            Tensor x = rng.normal(64, 8);
            Tensor y = x.sum(true, 1);
            Sequential model =
                    Sequential.of(
                            Linear.of(8, 32, rng),
                            LayerNorm.of(32),
                            Activation.RELU,
                            Linear.of(32, 1, rng));
            Loss loss = Loss.mse(Reduction.MEAN);
            double last =
                    Trainer.of(
                                    model,
                                    AdamW.of(model.parameters(), 1e-2),
                                    DataLoader.of(Dataset.of(x, y), 32, 5),
                                    batch -> loss.apply(model.apply(batch.x()), batch.y()))
                            .autocast(type)
                            .compiled()
                            .run(150);
            assertThat(last).as(type.name()).isLessThan(0.5);
            assertThat(model.parameters()).allMatch(p -> p.dtype() == DType.FLOAT32);
        }
    }

    @Test
    void overflowsLeaveTheStepOutAndHalveTheFactor() {
        Slot slot = new Slot(Tensor.ones(2));
        LossScaler scaler = LossScaler.of(new LossScaler.Options(4, 2, 0.5, 2));
        Tensor bad = slot.weight.value().mul(Double.POSITIVE_INFINITY).sum();
        assertThat(scaler.unscale(slot.parameters(), scaler.scale(bad).backward())).isEmpty();
        assertThat(scaler.factor()).isEqualTo(2);
        for (int i = 0; i < 2; i++) {
            Tensor good = slot.weight.value().sum();
            ParameterGradients found =
                    scaler.unscale(slot.parameters(), scaler.scale(good).backward()).orElseThrow();
            assertThat(Objects.requireNonNull(found.of(slot.weight)).toFloats())
                    .containsExactly(1, 1);
        }
        assertThat(scaler.factor()).isEqualTo(4);
    }

    @Test
    void averagesFollowTheModelAndCanTakeItsPlace() {
        Slot slot = new Slot(Tensor.zeros(1));
        Ema ema = Ema.of(slot, 0.5);
        for (int i = 1; i <= 3; i++) {
            slot.weight.set(Tensor.of(new float[] {i}));
            ema.update();
        }
        // 1, then (1 + 2) / 2, then (1.5 + 3) / 2.
        ema.with(() -> assertThat(slot.weight.value().item()).isEqualTo(2.25));
        assertThat(slot.weight.value().item()).isEqualTo(3);
    }

    @Test
    void stateOfOtherPartsIsAnError() {
        Slot slot = new Slot(Tensor.zeros(1));
        Path file = folder.resolve("state.safetensors");
        TrainingState.of(slot).save(file);
        TrainingState other =
                TrainingState.of(slot).with("optimizer", Sgd.of(slot.parameters(), 1));
        assertThatThrownBy(() -> other.load(file))
                .isInstanceOf(NnException.class)
                .hasMessageContaining("[model]")
                .hasMessageContaining("optimizer");
        Path plain = folder.resolve("plain.safetensors");
        Weights.of(slot).save(plain);
        assertThatThrownBy(() -> other.load(plain))
                .isInstanceOf(NnException.class)
                .hasMessageContaining("Weights.load");
    }

    @Test
    void theBarShowsStepLossAndSpeed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long[] now = {0};
        ProgressBar bar =
                ProgressBar.of(
                        new PrintStream(bytes, true, StandardCharsets.UTF_8),
                        () -> now[0] += 1_000_000_000L);
        for (int step = 1; step <= 2; step++) {
            bar.onStep(new TrainingStep(step, 2, 0, 0.5, Double.NaN, 0.001, false));
        }
        bar.onEnd(2);
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("2/2  epoch 0  loss 0.5000  lr 0.00100  1.0 steps/s");
    }
}
