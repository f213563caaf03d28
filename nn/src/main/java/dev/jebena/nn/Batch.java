package dev.jebena.nn;

import dev.jebena.tensor.Tensor;

/// Examples to learn from: inputs and targets, the first axis counts them.
public record Batch(Tensor x, Tensor y) {
    /// Number of examples.
    public int size() {
        return x.dim(0);
    }
}
