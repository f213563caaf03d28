package dev.jebena.llm.internal.model;

import dev.jebena.compute.DataType;
import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.PackedMatrix;
import dev.jebena.compute.WeightMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    /// Reads the matrices that lie one after the other in `name.weight`, each with its part of
    /// `name.bias`; nothing is copied.
    ///
    /// @param outputs rows of each of them
    static List<Linear> split(Weights weights, String name, int inputs, int... outputs) {
        int all = Arrays.stream(outputs).sum();
        WeightMatrix weight = weights.matrix(name + ".weight", all, inputs);
        FloatMatrix bias = weights.optionalVector(name + ".bias", all);
        List<Linear> parts = new ArrayList<>();
        int begin = 0;
        for (int count : outputs) {
            int end = begin + count;
            parts.add(
                    of(
                            weights,
                            weight.slice(begin, end),
                            bias == null ? null : bias.columns(begin, end)));
            begin = end;
        }
        return parts;
    }

    /// The matrices of all experts, which lie one after the other in `name.weight`.
    ///
    /// @param used experts that a token is multiplied with
    static List<Linear> experts(
            Weights weights, String name, int count, int used, int outputs, int inputs) {
        WeightMatrix all = weights.matrices(name + ".weight", count, outputs, inputs);
        List<Linear> experts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            WeightMatrix weight = all.slice(i * outputs, (i + 1) * outputs);
            PackedMatrix packed = weights.packing(weight);
            if (i < used) {
                weights.multiplied(weight, packed);
            }
            experts.add(new Linear(weight, packed, null));
        }
        return experts;
    }

    /// The one output whose weights lie in the vector `name.weight`.
    static Linear single(Weights weights, String name, int inputs) {
        FloatMatrix vector = weights.vector(name + ".weight", inputs);
        WeightMatrix weight =
                new WeightMatrix(DataType.F32, 1, inputs, vector.data().asSlice(0, 4L * inputs));
        return new Linear(weight, null, null);
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
