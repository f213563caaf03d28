package dev.jebena.nn;

import dev.jebena.tensor.Tensor;

/// A function of one tensor. Those with parameters are [Block]s too.
@FunctionalInterface
public interface Layer {
    Tensor apply(Tensor x);
}
