package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// The head of a cross-encoder, which reads a question and a text together: from the first token's
/// hidden state to a score for each label, `out(tanh(dense(x)))`.
///
/// @param dense null in families that score the hidden state itself
/// @param out null where the dense layer's outputs are the scores
record Classifier(@Nullable Linear dense, @Nullable Linear out) {
    private static final int MOST_LABELS = 1 << 10;

    /// The head that the file has; null where it has none.
    static @Nullable Classifier read(Weights weights, int width) {
        Linear dense = weights.has("cls.weight") ? Linear.read(weights, "cls", width, width) : null;
        Linear out = null;
        if (weights.has("cls.output.weight")) {
            int labels = weights.rows("cls.output.weight", width, MOST_LABELS);
            out = Linear.read(weights, "cls.output", labels, width);
        }
        return dense == null && out == null ? null : new Classifier(dense, out);
    }

    /// The scores by the hidden state in row `row`.
    float[] scores(Kernels kernels, FloatMatrix hidden, int row) {
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix x = hidden.slice(row, row + 1);
            if (dense != null) {
                x = product(kernels, dense, x, arena);
                for (int i = 0; i < x.columns(); i++) {
                    x.set(0, i, (float) StrictMath.tanh(x.get(0, i)));
                }
            }
            return (out == null ? x : product(kernels, out, x, arena)).row(0);
        }
    }

    private static FloatMatrix product(Kernels kernels, Linear linear, FloatMatrix x, Arena arena) {
        FloatMatrix y = FloatMatrix.allocate(arena, 1, linear.outputs());
        kernels.matmul(linear.weight(), x, y, 0, linear.outputs());
        if (linear.bias() != null) {
            kernels.add(y, 0, linear.bias(), 0);
        }
        return y;
    }
}
