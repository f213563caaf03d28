package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import org.jspecify.annotations.Nullable;

/// How the experts of a row, and their weights, follow from the router's logits.
///
/// @param used experts of a row
/// @param scores what becomes of the logits
/// @param renormalized whether the weights of a row's experts add up to `scale`
/// @param scale factor on the weights
/// @param preference added to the scores of all experts for the choice alone; null for none
/// @param groups equal groups of experts that follow one another, of which a row uses some
/// @param usedGroups how many
record RoutingRule(
        int used,
        Scores scores,
        boolean renormalized,
        float scale,
        @Nullable FloatMatrix preference,
        int groups,
        int usedGroups) {
    enum Scores {
        SOFTMAX,
        SIGMOID
    }

    static RoutingRule softmax(int used, boolean renormalized) {
        return new RoutingRule(used, Scores.SOFTMAX, renormalized, 1, null, 1, 1);
    }

    /// The scores of all experts.
    double[] scores(float[] logits) {
        double[] scores = new double[logits.length];
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            if (this.scores == Scores.SIGMOID) {
                scores[i] = 1 / (1 + StrictMath.exp(-logits[i]));
            } else {
                scores[i] = StrictMath.exp(logits[i] - largest);
                sum += scores[i];
            }
        }
        if (this.scores == Scores.SOFTMAX && (!renormalized || preference != null)) {
            for (int i = 0; i < scores.length; i++) {
                scores[i] /= sum;
            }
        }
        return scores;
    }

    /// How much each expert is wanted: negative infinity for those of groups that are not used.
    double[] wanted(float[] logits, double[] scores) {
        double[] wanted = new double[scores.length];
        for (int i = 0; i < wanted.length; i++) {
            if (preference != null) {
                wanted[i] = scores[i] + preference.get(0, i);
            } else {
                // Scores may be equal where logits are not.
                wanted[i] = logits[i];
            }
        }
        if (groups > 1) {
            leaveOutGroups(wanted);
        }
        return wanted;
    }

    private void leaveOutGroups(double[] wanted) {
        int width = wanted.length / groups;
        double[] worth = new double[groups];
        for (int group = 0; group < groups; group++) {
            worth[group] = worth(wanted, group * width, width);
        }
        boolean[] taken = new boolean[groups];
        for (int i = 0; i < usedGroups; i++) {
            int best = largest(worth, taken);
            taken[best] = true;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!taken[i / width]) {
                wanted[i] = Double.NEGATIVE_INFINITY;
            }
        }
    }

    /// A group counts as much as its best expert (DeepSeek 2) or the two best (DeepSeek 3).
    private double worth(double[] wanted, int first, int count) {
        double best = Double.NEGATIVE_INFINITY;
        double second = Double.NEGATIVE_INFINITY;
        for (int i = first; i < first + count; i++) {
            if (wanted[i] > best) {
                second = best;
                best = wanted[i];
            } else if (wanted[i] > second) {
                second = wanted[i];
            }
        }
        return scores == Scores.SIGMOID && count > 1 ? best + second : best;
    }

    /// The index of the largest number that is not taken; of equal ones the first.
    static int largest(double[] numbers, boolean[] taken) {
        int best = -1;
        for (int i = 0; i < numbers.length; i++) {
            if (!taken[i] && (best < 0 || numbers[i] > numbers[best])) {
                best = i;
            }
        }
        return best;
    }
}
