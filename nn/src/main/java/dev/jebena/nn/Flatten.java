package dev.jebena.nn;

import dev.jebena.tensor.Tensor;

/// Axes `begin` to `end`, included, as one; by default all but the first.
///
/// @param begin first axis
/// @param end last axis; negative ones count from the end
public record Flatten(int begin, int end) implements Layer {
    /// `[n, ...]` to `[n, all]`.
    public static Flatten of() {
        return new Flatten(1, -1);
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.flatten(begin, end);
    }
}
