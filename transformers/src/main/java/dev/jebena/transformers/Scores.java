package dev.jebena.transformers;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Logits as probabilities.
final class Scores {
    private Scores() {}

    static float[] softmax(float[] logits) {
        double most = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double sum = 0;
        double[] raised = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            raised[i] = Math.exp(logits[i] - most);
            sum += raised[i];
        }
        float[] shares = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            shares[i] = (float) (raised[i] / sum);
        }
        return shares;
    }

    static float[] sigmoid(float[] logits) {
        float[] shares = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            shares[i] = (float) (1 / (1 + Math.exp(-logits[i])));
        }
        return shares;
    }

    /// The numbers of the scores, the highest first; equal ones in their order.
    static List<Integer> ranking(float[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .toList();
    }

    static int highest(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }
}
