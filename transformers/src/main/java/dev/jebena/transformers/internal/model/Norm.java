package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Layer norm over the last axis.
record Norm(Tensor weight, @Nullable Tensor bias, double epsilon) {
    Tensor apply(Tensor x) {
        return x.layerNorm(weight, bias, epsilon);
    }

    /// Without the mean (T5).
    Tensor rms(Tensor x) {
        return x.rmsNorm(weight, epsilon);
    }
}
