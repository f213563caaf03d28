package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;

/// How the hidden states of a text become one vector.
public enum Pooling {
    /// Not at all: the model continues text.
    NONE,
    MEAN,
    /// The first token's.
    CLS,
    /// The last token's.
    LAST,
    /// The first token's, which a classifier turns into scores.
    RANK;

    /// `pooling_type` as llama.cpp numbers it; the mean where the file does not say.
    static Pooling read(Weights weights) {
        return switch (weights.integer("pooling_type", 0, 4, 1)) {
            case 2 -> CLS;
            case 3 -> LAST;
            case 4 -> RANK;
            default -> MEAN;
        };
    }

    /// The pooled vector of `count` rows from `first` on, not normalized.
    float[] apply(FloatMatrix x, int first, int count) {
        return switch (this) {
            case CLS, RANK -> x.row(first);
            case LAST -> x.row(first + count - 1);
            case MEAN -> mean(x, first, count);
            case NONE -> throw new IllegalStateException("the model has no pooling");
        };
    }

    private static float[] mean(FloatMatrix x, int first, int count) {
        double[] sums = new double[x.columns()];
        for (int row = first; row < first + count; row++) {
            float[] values = x.row(row);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += values[i];
            }
        }
        float[] mean = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            mean[i] = (float) (sums[i] / count);
        }
        return mean;
    }
}
