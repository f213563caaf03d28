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
/// @param tensor the model's tensor that it is a part of, as adapters name it
/// @param firstRow where in that tensor its rows begin
/// @param weight as it lies in the file
/// @param packed the same in the layout of kernels that multiply with rounded activations; null
///   where they do not
record Linear(
        String tensor,
        int firstRow,
        WeightMatrix weight,
        @Nullable PackedMatrix packed,
        @Nullable FloatMatrix bias) {
    /// Reads `name.weight` and, where the file has it, `name.bias`.
    static Linear read(Weights weights, String name, int outputs, int inputs) {
        return of(
                weights,
                name + ".weight",
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
        weights.adaptable(name + ".weight", new AdapterTarget(1, all, inputs, false));
        FloatMatrix bias = weights.optionalVector(name + ".bias", all);
        List<Linear> parts = new ArrayList<>();
        int begin = 0;
        for (int count : outputs) {
            int end = begin + count;
            parts.add(
                    of(
                            weights,
                            name + ".weight",
                            begin,
                            weight.slice(begin, end),
                            bias == null ? null : bias.columns(begin, end)));
            begin = end;
        }
        return parts;
    }

    /// The matrices of all experts, which lie one after the other in `name_exps.weight`; in files
    /// of before 2024 each in its own tensor, `name.0.weight` the first.
    ///
    /// With `name_exps.bias`, where the file has it, a row for each expert.
    ///
    /// @param used experts that a token is multiplied with
    static List<Linear> experts(
            Weights weights, String name, int count, int used, int outputs, int inputs) {
        String tensor = name + "_exps.weight";
        WeightMatrix all =
                weights.has(name + ".0.weight")
                        ? null
                        : weights.matrices(tensor, count, outputs, inputs);
        weights.adaptable(tensor, new AdapterTarget(count, outputs, inputs, false));
        FloatMatrix biases =
                weights.has(name + "_exps.bias")
                        ? weights.table(name + "_exps.bias", count, outputs)
                        : null;
        List<Linear> experts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            WeightMatrix weight =
                    all == null
                            ? weights.matrix("%s.%d.weight".formatted(name, i), outputs, inputs)
                            : all.slice(i * outputs, (i + 1) * outputs);
            PackedMatrix packed = weights.packing(weight);
            if (i < used) {
                weights.multiplied(weight, packed);
            }
            FloatMatrix bias = biases == null ? null : biases.slice(i, i + 1);
            experts.add(new Linear(tensor, i * outputs, weight, packed, bias));
        }
        return experts;
    }

    /// The one output whose weights lie in the vector `name.weight`.
    static Linear single(Weights weights, String name, int inputs) {
        String tensor = name + ".weight";
        FloatMatrix vector = weights.vector(tensor, inputs);
        weights.adaptable(tensor, new AdapterTarget(1, 1, inputs, false));
        WeightMatrix weight =
                new WeightMatrix(DataType.F32, 1, inputs, vector.data().asSlice(0, 4L * inputs));
        return new Linear(tensor, 0, weight, null, null);
    }

    /// Rows `begin` to `end` of a tensor, without a bias.
    static Linear part(Weights weights, String tensor, WeightMatrix all, int begin, int end) {
        return of(weights, tensor, begin, all.slice(begin, end), null);
    }

    /// The matrix that turns outputs of `matrix` into its inputs, in float32. Adapters of `tensor`
    /// do not change it.
    static Linear transposed(Weights weights, String tensor, FloatMatrix matrix) {
        return of(weights, tensor + ".transposed", 0, weights.transposed(matrix), null);
    }

    /// A whole tensor, which adapters may change under the name `tensor`.
    static Linear of(
            Weights weights, String tensor, WeightMatrix weight, @Nullable FloatMatrix bias) {
        weights.adaptable(tensor, new AdapterTarget(1, weight.rows(), weight.columns(), false));
        return of(weights, tensor, 0, weight, bias);
    }

    private static Linear of(
            Weights weights,
            String tensor,
            int firstRow,
            WeightMatrix weight,
            @Nullable FloatMatrix bias) {
        PackedMatrix packed = weights.packing(weight);
        weights.multiplied(weight, packed);
        return new Linear(tensor, firstRow, weight, packed, bias);
    }

    int inputs() {
        return weight.columns();
    }

    int outputs() {
        return weight.rows();
    }
}
