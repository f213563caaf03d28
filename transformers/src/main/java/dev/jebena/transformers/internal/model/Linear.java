package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// @param weight `[out, in]`
record Linear(Tensor weight, @Nullable Tensor bias) {
    Tensor apply(Tensor x) {
        return bias == null ? x.linear(weight) : x.linear(weight, bias);
    }
}
