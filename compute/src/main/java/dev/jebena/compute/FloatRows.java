package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.jebena.compute.Panels.Place;
import org.jspecify.annotations.Nullable;

/// Softmax and norms of rows of float32 numbers that lie one behind the other in native memory, in
/// one call for many rows. The default bodies are the readable reference; the vector implementation
/// gives the same bits.
///
/// Each number is rounded where operations of whole tensors, done one by one, would round it, and
/// sums are those of [FloatArrays]: so a fused row and a chain of operations give the same bits.
/// Results may lie where operands do, but not overlap them otherwise.
public interface FloatRows {
    /// The fastest that this machine and its JVM flags allow.
    static FloatRows best() {
        return FloatArraysLookup.ROWS;
    }

    /// The readable reference.
    static FloatRows scalar() {
        return ScalarFloatRows.INSTANCE;
    }

    /// `y weight + bias` for each number of a row.
    ///
    /// @param weight one number for each of a row
    record Affine(Place weight, @Nullable Place bias) {}

    /// `exp(x) / sum(exp(x))`, or its logarithm.
    default void softmax(boolean log, Place x, Place y, int n, int rows) {
        for (int i = 0; i < rows; i++) {
            float[] row = ScalarFloatRows.row(x, i, n);
            ScalarFloatRows.set(y, i, ScalarFloatRows.softmax(log, row));
        }
    }

    /// The softmax of rows to each of which the row `added` is added first, as masks of attention
    /// are.
    default void softmaxOfSum(Place x, Place added, Place y, int n, int rows) {
        float[] more = ScalarFloatRows.row(added, 0, n);
        for (int i = 0; i < rows; i++) {
            float[] row = ScalarFloatRows.row(x, i, n);
            for (int j = 0; j < n; j++) {
                row[j] += more[j];
            }
            ScalarFloatRows.set(y, i, ScalarFloatRows.softmax(false, row));
        }
    }

    /// The derivative of [#softmax] whose results were `y`, for slopes of `y`.
    default void softmaxGradient(boolean log, Place y, Place slopes, Place to, int n, int rows) {
        for (int i = 0; i < rows; i++) {
            float[] row = ScalarFloatRows.row(y, i, n);
            float[] slope = ScalarFloatRows.row(slopes, i, n);
            ScalarFloatRows.set(to, i, ScalarFloatRows.softmaxGradient(log, row, slope));
        }
    }

    /// Rows at mean 0 and variance 1, then the affine function if there is one. `factors` gets `1 /
    /// sqrt(variance + epsilon)` of each row, if given.
    default void standardize(
            double epsilon,
            Place x,
            Place y,
            @Nullable Place factors,
            @Nullable Affine affine,
            int n,
            int rows) {
        for (int i = 0; i < rows; i++) {
            float[] row = ScalarFloatRows.row(x, i, n);
            float factor = ScalarFloatRows.standardize(epsilon, row, affine);
            ScalarFloatRows.set(y, i, row);
            if (factors != null) {
                ScalarFloatRows.set(factors, i, factor);
            }
        }
    }

    /// The derivative of [#standardize] without affine function whose results were `y`, for slopes
    /// of `y`.
    default void standardizeGradient(
            Place y, Place factors, Place slopes, Place to, int n, int rows) {
        for (int i = 0; i < rows; i++) {
            float[] row = ScalarFloatRows.row(y, i, n);
            float[] slope = ScalarFloatRows.row(slopes, i, n);
            float factor = ScalarFloatRows.row(factors, i, 1)[0];
            ScalarFloatRows.set(to, i, ScalarFloatRows.standardizeGradient(row, factor, slope));
        }
    }

    /// What [#crossEntropy] wants of each row.
    ///
    /// @param numbers int64, the class of each row, within 0 to `n - 1`; below 0 the row does not
    ///   count
    /// @param smoothing share of the aim that is spread over all classes
    /// @param weights one number for each class; without them all are 1
    record Classes(Place numbers, float smoothing, @Nullable Place weights) {
        /// Of all classes together.
        float total(int n) {
            return weights == null
                    ? n
                    : (float) ScalarFloatArrays.sum(ScalarFloatRows.row(weights, 0, n));
        }

        int of(int row) {
            return (int) numbers.memory().get(JAVA_LONG_UNALIGNED, numbers.at() + 8L * row);
        }

        float weight(int index) {
            return weights == null
                    ? 1
                    : ScalarFloatArrays.get(weights.memory(), weights.at(), index);
        }

        /// What the row's own class weighs.
        float own(int index) {
            return smoothing == 0 ? weight(index) : weight(index) * (1 - smoothing);
        }
    }

    /// For each row the sum over its numbers i of `q[i] (log(sum(exp(x))) - x[i])`, with `q[i] =
    /// weight[i] (smoothing / n)`, for its own class `weight[i] (1 - smoothing)` more; 0 for rows
    /// that do not count. `sums` gets the logarithms of the sums.
    default void crossEntropy(Classes classes, Place x, Place losses, Place sums, int n, int rows) {
        for (int i = 0; i < rows; i++) {
            float[] row = ScalarFloatRows.row(x, i, n);
            float sum = ScalarFloatRows.logarithmOfSum(row);
            ScalarFloatRows.set(sums, i, sum);
            ScalarFloatRows.set(losses, i, ScalarFloatRows.loss(classes, i, sum, row));
        }
    }

    /// The derivative of the losses of [#crossEntropy], times the slope of each row: `slope (Q
    /// exp(x - sum) - q)` where Q is the sum of all `q[i]`.
    default void crossEntropyGradient(
            Classes classes, Place x, Place sums, Place slopes, Place to, int n, int rows) {
        float total = classes.total(n);
        for (int i = 0; i < rows; i++) {
            float[] row = ScalarFloatRows.row(x, i, n);
            float sum = ScalarFloatRows.row(sums, i, 1)[0];
            float slope = ScalarFloatRows.row(slopes, i, 1)[0];
            ScalarFloatRows.set(
                    to, i, ScalarFloatRows.lossGradient(classes, i, total, sum, slope, row));
        }
    }
}
