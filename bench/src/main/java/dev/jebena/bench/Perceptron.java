package dev.jebena.bench;

import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.util.List;

/// Three linear layers with ReLU, 784 numbers to 10 classes.
final class Perceptron {
    private static final int BATCH = 128;
    private static final int WIDTH = 1024;

    private Perceptron() {}

    static TrainingCases.Model model(boolean brain) {
        Rng rng = Rng.seed(3);
        List<Tensor> weights =
                List.of(
                        rng.normal(WIDTH, 784).mul(0.04),
                        Tensor.zeros(WIDTH),
                        rng.normal(WIDTH, WIDTH).mul(0.03),
                        Tensor.zeros(WIDTH),
                        rng.normal(10, WIDTH).mul(0.03),
                        Tensor.zeros(10));
        List<Tensor> data = List.of(rng.normal(BATCH, 784), rng.randint(0, 10, BATCH));
        double operations = 6.0 * BATCH * WIDTH * (784 + WIDTH + 10);
        return new TrainingCases.Model(
                "train mlp 784-1024-1024-10, batch 128" + (brain ? ", bfloat16" : ""),
                weights,
                data,
                operations,
                (w, in) -> {
                    Tensor x = in.getFirst();
                    for (int i = 0; i < 3; i++) {
                        x = Mixed.linear(x, w.get(2 * i), brain).add(w.get(2 * i + 1));
                        x = i < 2 ? x.relu() : x;
                    }
                    return x.crossEntropy(in.get(1));
                },
                """
                h1 = torch.relu(%s)
                h2 = torch.relu(%s)
                loss = torch.cross_entropy_loss(%s, d1)
                """
                        .formatted(
                                Mixed.torch("d0", "w0", "w1", brain),
                                Mixed.torch("h1", "w2", "w3", brain),
                                Mixed.torch("h2", "w4", "w5", brain)));
    }
}
