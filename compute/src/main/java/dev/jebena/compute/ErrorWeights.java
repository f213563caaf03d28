package dev.jebena.compute;

import org.jspecify.annotations.Nullable;

/// How much the squared error of each element counts when scales are searched for.
///
/// Large weights matter more to a matrix's products than small ones; where it is known how large
/// the activations of each column are (its importance), that counts too.
enum ErrorWeights {
    /// The square of the element, and the mean square of its group.
    SQUARE,
    /// Its magnitude, and twice the root of the mean square of its group: for types of so few bits
    /// that a scale for the large elements alone would leave nothing of the others.
    MAGNITUDE_AND_TWICE_MEAN,
    /// Its magnitude and the root of the mean square of its group.
    MAGNITUDE_AND_MEAN;

    /// Fills `weights` for the elements of `x` from `from` on, as many as it has places.
    ///
    /// @param group elements that share a scale
    /// @param importance of each element, from `at` on
    void fill(
            float[] x,
            int from,
            int group,
            float @Nullable [] importance,
            int at,
            float[] weights) {
        if (importance != null) {
            float variance = 2 * meanSquare(x, from, weights.length);
            fill(x, from, variance, importance, at, weights, weights.length);
            return;
        }
        for (int begin = 0; begin < weights.length; begin += group) {
            float square = meanSquare(x, from + begin, group);
            float mean = (float) Math.sqrt(square);
            for (int i = begin; i < begin + group; i++) {
                float value = x[from + i];
                weights[i] =
                        switch (this) {
                            case SQUARE -> value * value + square;
                            case MAGNITUDE_AND_TWICE_MEAN -> Math.abs(value) + 2 * mean;
                            case MAGNITUDE_AND_MEAN -> Math.abs(value) + mean;
                        };
            }
        }
    }

    /// The weights of `count` elements whose importance is known.
    ///
    /// @param variance what the square of an element is about
    static void fill(
            float[] x,
            int from,
            float variance,
            float[] importance,
            int at,
            float[] weights,
            int count) {
        for (int i = 0; i < count; i++) {
            float value = x[from + i];
            weights[i] = importance[at + i] * (float) Math.sqrt(variance + value * value);
        }
    }

    static float meanSquare(float[] x, int from, int count) {
        float sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += x[i] * x[i];
        }
        return sum / count;
    }
}
