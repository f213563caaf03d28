package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.WeightMatrix;

/// Sees what the matrices of a model are multiplied with.
@FunctionalInterface
public interface ProductObserver {
    /// Called before rows `first` to `end` of `in` are multiplied with `weight`, which is a tensor
    /// of the model's file or some of its rows. By one thread at a time.
    void multiplying(WeightMatrix weight, FloatMatrix in, int first, int end);
}
