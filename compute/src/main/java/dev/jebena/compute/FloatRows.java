package dev.jebena.compute;

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
}
