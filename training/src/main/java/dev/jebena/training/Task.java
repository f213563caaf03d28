package dev.jebena.training;

import dev.jebena.nn.CrossEntropy;
import dev.jebena.nn.Loss;
import dev.jebena.nn.Reduction;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the outputs of a network mean.
sealed interface Task {
    /// How many numbers it gives for an example or a token.
    int outputs();

    /// The loss of outputs for targets, as a mean.
    Tensor loss(Tensor outputs, Tensor target);

    /// Sums over examples, for each metric; with the loss under `loss`.
    Map<String, Double> sums(Tensor outputs, Tensor target);

    /// Sums divided by the number of examples, in the units that people read.
    Map<String, Double> metrics(Map<String, Double> sums, long examples);

    /// One of some classes: outputs `[n, classes]`, targets `[n]`.
    ///
    /// @param names of the classes, in the order of the outputs
    record Classes(List<String> names, double smoothing) implements Task {
        @Override
        public int outputs() {
            return names.size();
        }

        @Override
        public Tensor loss(Tensor outputs, Tensor target) {
            return CrossEntropy.defaults().smoothing(smoothing).apply(outputs, target);
        }

        @Override
        public Map<String, Double> sums(Tensor outputs, Tensor target) {
            Map<String, Double> sums = new LinkedHashMap<>();
            sums.put("loss", sumOfCrossEntropy(outputs, target));
            Tensor right = outputs.argmax(1).eq(target);
            sums.put("accuracy", right.to(DType.FLOAT64).sum().item());
            return sums;
        }

        @Override
        public Map<String, Double> metrics(Map<String, Double> sums, long examples) {
            return means(sums, examples);
        }
    }

    /// A number: outputs `[n, 1]`, targets `[n]`, both less `mean` and divided by `deviation`.
    record Numbers(double mean, double deviation, @Nullable String kind) implements Task {
        @Override
        public int outputs() {
            return 1;
        }

        @Override
        public Tensor loss(Tensor outputs, Tensor target) {
            Loss loss =
                    switch (kind) {
                        case "l1" -> Loss.l1(Reduction.MEAN);
                        case "huber" -> Loss.huber(1, Reduction.MEAN);
                        case null, default -> Loss.mse(Reduction.MEAN);
                    };
            return loss.apply(outputs.squeeze(1), target);
        }

        @Override
        public Map<String, Double> sums(Tensor outputs, Tensor target) {
            Tensor y = target.to(DType.FLOAT64);
            Tensor far = outputs.squeeze(1).to(DType.FLOAT64).sub(y);
            Map<String, Double> sums = new LinkedHashMap<>();
            sums.put("loss", loss(outputs, target).item() * y.size());
            sums.put("rmse", far.square().sum().item());
            sums.put("mae", far.abs().sum().item());
            sums.put("r2", y.square().sum().item());
            sums.put("sum", y.sum().item());
            return sums;
        }

        @Override
        public Map<String, Double> metrics(Map<String, Double> sums, long examples) {
            Map<String, Double> means = means(sums, examples);
            double square = means.getOrDefault("rmse", 0.0);
            double average = means.getOrDefault("sum", 0.0);
            double variance = means.getOrDefault("r2", 0.0) - average * average;
            means.remove("sum");
            means.put("rmse", Math.sqrt(square) * deviation);
            means.put("mae", means.getOrDefault("mae", 0.0) * deviation);
            means.put("r2", variance > 0 ? 1 - square / variance : 0);
            return means;
        }
    }

    /// The next character: outputs `[n, length, kinds]`, targets `[n, length]`.
    ///
    /// @param kinds the characters, in the order of the outputs
    record Characters(int[] kinds, double smoothing) implements Task {
        @Override
        public int outputs() {
            return kinds.length;
        }

        @Override
        public Tensor loss(Tensor outputs, Tensor target) {
            return CrossEntropy.defaults()
                    .smoothing(smoothing)
                    .apply(outputs.transpose(1, 2), target);
        }

        @Override
        public Map<String, Double> sums(Tensor outputs, Tensor target) {
            Tensor scores = outputs.transpose(1, 2);
            double characters = target.dim(1);
            Map<String, Double> sums = new LinkedHashMap<>();
            sums.put("loss", sumOfCrossEntropy(scores, target) / characters);
            Tensor right = scores.argmax(1).eq(target);
            sums.put("accuracy", right.to(DType.FLOAT64).sum().item() / characters);
            return sums;
        }

        @Override
        public Map<String, Double> metrics(Map<String, Double> sums, long examples) {
            Map<String, Double> means = means(sums, examples);
            means.put("perplexity", Math.exp(means.getOrDefault("loss", 0.0)));
            return means;
        }
    }

    private static double sumOfCrossEntropy(Tensor scores, Tensor target) {
        return CrossEntropy.defaults().reduction(Reduction.SUM).apply(scores, target).item();
    }

    private static Map<String, Double> means(Map<String, Double> sums, long examples) {
        Map<String, Double> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, sum / Math.max(1, examples)));
        return means;
    }
}
