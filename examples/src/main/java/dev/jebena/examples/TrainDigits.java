package dev.jebena.examples;

import dev.jebena.nn.Activation;
import dev.jebena.nn.AdamW;
import dev.jebena.nn.BatchNorm;
import dev.jebena.nn.Conv;
import dev.jebena.nn.DataLoader;
import dev.jebena.nn.Dataset;
import dev.jebena.nn.Flatten;
import dev.jebena.nn.Linear;
import dev.jebena.nn.Pool;
import dev.jebena.nn.ProgressBar;
import dev.jebena.nn.Schedule;
import dev.jebena.nn.Sequential;
import dev.jebena.nn.Trainer;
import dev.jebena.nn.Weights;
import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// Learns to read 8x8 digits by convolutions: `TrainDigits digits.csv.gz`, the file of the Python
/// package scikit-learn (`sklearn/datasets/data`). A fifth of the images is for the test.
public final class TrainDigits {
    private static final int STEPS = 600;

    private TrainDigits() {}

    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            IO.println("usage: TrainDigits digits.csv.gz");
            return;
        }
        float[][] rows = read(Path.of(args[0]));
        Tensor table = Tensor.of(rows).indexSelect(0, Rng.seed(1).permutation(rows.length));
        Tensor images = table.slice(1, 0, 64).div(16).reshape(-1, 1, 8, 8);
        Tensor digits = table.select(1, 64).to(DType.INT64);
        Dataset all = Dataset.of(images, digits);
        int cut = rows.length * 4 / 5;

        Sequential model = model(Rng.seed(42));
        DataLoader loader = DataLoader.of(all.slice(0, cut), 64, 7);
        Trainer.of(
                        model,
                        AdamW.of(model.parameters(), 3e-3),
                        loader,
                        batch -> model.apply(batch.x()).crossEntropy(batch.y()))
                .schedule(Schedule.cosine(STEPS, 0.01).warmUp(20))
                .listener(ProgressBar.of(System.err))
                .run(STEPS);

        model.training(false);
        Tensor answers = model.apply(images.slice(0, cut, rows.length)).detach().argmax(1);
        Tensor right = answers.eq(digits.slice(0, cut, rows.length));
        IO.println("right: %.2f %%".formatted(100 * right.to(DType.FLOAT32).mean().item()));
        Weights.of(model).save(Path.of("digits.safetensors"));
    }

    private static Sequential model(Rng rng) {
        ConvOptions same = ConvOptions.defaults().padding(1);
        Shape window = Shape.of(3, 3);
        return Sequential.of(
                Conv.of(1, 16, window, same, rng),
                BatchNorm.of(16),
                Activation.RELU,
                Conv.of(16, 32, window, same.stride(2), rng),
                BatchNorm.of(32),
                Activation.RELU,
                Pool.adaptiveAvg(2, 2),
                Flatten.of(),
                Linear.of(128, 10, rng));
    }

    private static float[][] read(Path file) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(file)),
                                StandardCharsets.UTF_8))) {
            return reader.lines().map(TrainDigits::numbers).toArray(float[][]::new);
        }
    }

    private static float[] numbers(String line) {
        List<String> words = List.of(line.split(",", -1));
        float[] row = new float[words.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = Float.parseFloat(words.get(i));
        }
        return row;
    }
}
