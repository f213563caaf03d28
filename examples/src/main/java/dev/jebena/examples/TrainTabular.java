package dev.jebena.examples;

import dev.jebena.nn.Activation;
import dev.jebena.nn.AdamW;
import dev.jebena.nn.DataLoader;
import dev.jebena.nn.Dataset;
import dev.jebena.nn.Dropout;
import dev.jebena.nn.Linear;
import dev.jebena.nn.ProgressBar;
import dev.jebena.nn.Sequential;
import dev.jebena.nn.Trainer;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Learns classes of a table of numbers: `TrainTabular breast_cancer.csv` or `wine_data.csv` of the
/// Python package scikit-learn (`sklearn/datasets/data`). The first line tells the sizes and is
/// left out, the last column is the class. A fifth of the rows is for the test.
public final class TrainTabular {
    private TrainTabular() {}

    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            IO.println("usage: TrainTabular wine_data.csv");
            return;
        }
        List<String> lines = Files.readAllLines(Path.of(args[0]));
        float[][] rows = new float[lines.size() - 1][];
        for (int i = 0; i < rows.length; i++) {
            List<String> words = List.of(lines.get(i + 1).split(",", -1));
            rows[i] = new float[words.size()];
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = Float.parseFloat(words.get(j));
            }
        }
        Tensor table = Tensor.of(rows).indexSelect(0, Rng.seed(1).permutation(rows.length));
        int features = rows[0].length - 1;
        int cut = rows.length * 4 / 5;
        Tensor x = table.slice(1, 0, features);
        Tensor known = x.slice(0, 0, cut);
        Tensor scaled = x.sub(known.mean(0)).div(known.std(0));
        Tensor y = table.select(1, features).to(DType.INT64);
        int classes = (int) y.max().itemLong() + 1;

        Rng rng = Rng.seed(42);
        Sequential model =
                Sequential.of(
                        Linear.of(features, 64, rng),
                        Activation.GELU,
                        Dropout.of(0.2, rng.split()),
                        Linear.of(64, classes, rng));
        Trainer.of(
                        model,
                        AdamW.of(model.parameters(), 3e-3),
                        DataLoader.of(Dataset.of(scaled, y).slice(0, cut), 32, 7),
                        batch -> model.apply(batch.x()).crossEntropy(batch.y()))
                .listener(ProgressBar.of(System.err))
                .run(400);
        model.training(false);
        Tensor answers = model.apply(scaled.slice(0, cut, rows.length)).detach().argmax(1);
        Tensor right = answers.eq(y.slice(0, cut, rows.length));
        IO.println("right: %.2f %%".formatted(100 * right.to(DType.FLOAT32).mean().item()));
    }
}
