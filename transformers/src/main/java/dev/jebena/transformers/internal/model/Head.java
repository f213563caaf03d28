package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The last layers of a network, which give its answer.
///
/// @param pooling makes one row of all; null where each row gets an answer
/// @param transform null for none
record Head(@Nullable UnaryOperator<Tensor> pooling, @Nullable Transform transform, Linear output) {
    /// The state of the first token.
    static Tensor first(Tensor states) {
        return states.narrow(0, 0, 1);
    }

    /// One row for each row of `states`, or one for all.
    Tensor logits(Tensor states) {
        Tensor x = pooling == null ? states : pooling.apply(states);
        return output.apply(transform == null ? x : transform.apply(x));
    }
}
