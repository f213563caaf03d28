package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.WeightMatrix;
import org.jspecify.annotations.Nullable;

/// A matrix of weights and, in some families, a bias.
record Linear(WeightMatrix weight, @Nullable FloatMatrix bias) {
    /// Reads `name.weight` and, where the file has it, `name.bias`.
    static Linear read(Weights weights, String name, int outputs, int inputs) {
        return new Linear(
                weights.matrix(name + ".weight", outputs, inputs),
                weights.optionalVector(name + ".bias", outputs));
    }

    int outputs() {
        return weight.rows();
    }
}
