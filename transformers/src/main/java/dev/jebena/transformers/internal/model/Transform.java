package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What heads do before their last layer.
///
/// @param norm null for none
record Transform(Linear dense, UnaryOperator<Tensor> activation, @Nullable Norm norm) {
    Tensor apply(Tensor x) {
        Tensor y = activation.apply(dense.apply(x));
        return norm == null ? y : norm.apply(y);
    }
}
