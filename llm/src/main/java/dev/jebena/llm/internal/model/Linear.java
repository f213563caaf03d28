package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.PackedMatrix;
import dev.jebena.compute.WeightMatrix;
import org.jspecify.annotations.Nullable;

/// A matrix of weights and, in some families, a bias.
///
/// @param weight as it lies in the file
/// @param packed the same in the layout of kernels that multiply with rounded activations; null
///   where they do not
record Linear(WeightMatrix weight, @Nullable PackedMatrix packed, @Nullable FloatMatrix bias) {
    /// Reads `name.weight` and, where the file has it, `name.bias`.
    static Linear read(Weights weights, String name, int outputs, int inputs) {
        return of(
                weights,
                weights.matrix(name + ".weight", outputs, inputs),
                weights.optionalVector(name + ".bias", outputs));
    }

    static Linear of(Weights weights, WeightMatrix weight, @Nullable FloatMatrix bias) {
        PackedMatrix packed = weights.packing(weight);
        weights.multiplied(weight, packed);
        return new Linear(weight, packed, bias);
    }

    int inputs() {
        return weight.columns();
    }

    int outputs() {
        return weight.rows();
    }
}
