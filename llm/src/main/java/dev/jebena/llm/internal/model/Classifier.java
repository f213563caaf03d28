package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// The head of a cross-encoder, which reads a question and a text together: from a hidden state to
/// a score for each label, `out(norm(activation(dense(x))))`.
///
/// @param pooling which hidden state: the first token's or the mean
/// @param dense null in families that score the hidden state itself
/// @param activation of the dense layer
/// @param norm null in families without
/// @param out null where the dense layer's outputs are the scores
record Classifier(
        Pooling pooling,
        @Nullable Linear dense,
        Activation activation,
        @Nullable Norm norm,
        @Nullable Linear out) {
    enum Activation {
        TANH,
        GELU
    }

    private static final int MOST_LABELS = 1 << 10;

    /// The head that the file has; null where it has none.
    static @Nullable Classifier read(Weights weights, Hyperparameters shape) {
        int width = shape.width();
        Linear dense = head(weights, "cls", width, weights.has("cls.output.weight") ? width : 0);
        Linear out = head(weights, "cls.output", width, 0);
        if (dense == null && out == null) {
            return null;
        }
        // ModernBERT's files say how the state is pooled, and its head has a norm.
        boolean modern = weights.architecture().equals("modern-bert");
        Norm norm =
                weights.has("cls.norm.weight")
                        ? Norm.read(weights, "cls.norm", width, shape.epsilon())
                        : null;
        int pooled = weights.integer("classifier.pooling_type", 0, 4, modern ? 1 : 2);
        return new Classifier(
                pooled == 1 ? Pooling.MEAN : Pooling.CLS,
                dense,
                modern ? Activation.GELU : Activation.TANH,
                norm,
                out);
    }

    /// @param outputs 0 for as many as there are labels
    private static @Nullable Linear head(Weights weights, String name, int width, int outputs) {
        String tensor = name + ".weight";
        if (!weights.has(tensor)) {
            return null;
        }
        int rows =
                outputs > 0 ? outputs : weights.rows(tensor, width, Math.max(width, MOST_LABELS));
        return Linear.read(weights, name, rows, width);
    }

    /// The scores by the hidden states of a text.
    ///
    /// @param first row of its first token
    /// @param count rows
    float[] scores(Kernels kernels, FloatMatrix hidden, int first, int count) {
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix x = FloatMatrix.of(arena, pooling.apply(hidden, first, count));
            if (dense != null) {
                x = product(kernels, dense, x, arena);
                activate(kernels, x);
                if (norm != null) {
                    norm.apply(kernels, x, 0, x);
                }
            }
            return (out == null ? x : product(kernels, out, x, arena)).row(0);
        }
    }

    private void activate(Kernels kernels, FloatMatrix x) {
        switch (activation) {
            case GELU -> kernels.gelu(x, 0);
            case TANH -> {
                for (int i = 0; i < x.columns(); i++) {
                    x.set(0, i, (float) StrictMath.tanh(x.get(0, i)));
                }
            }
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
