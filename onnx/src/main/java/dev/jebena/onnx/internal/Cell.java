package dev.jebena.onnx.internal;

import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One direction of a recurrent layer: what it does in a step.
///
/// @param weight of inputs
/// @param recurrent weights of the hidden state
/// @param inputBias null where there is none, as is `hiddenBias`
/// @param peepholes of an LSTM, or null
record Cell(
        Call call,
        Kind kind,
        int size,
        GateWeights weight,
        GateWeights recurrent,
        @Nullable Tensor inputBias,
        @Nullable Tensor hiddenBias,
        @Nullable Tensor peepholes,
        List<UnaryOperator<Tensor>> functions) {
    enum Kind {
        RNN,
        /// Gates: update, reset, hidden.
        GRU,
        /// Gates: input, output, forget, cell.
        LSTM
    }

    /// What one step hands to the next; `memory` only counts in an LSTM.
    record State(Tensor hidden, Tensor memory) {}

    static Cell of(Call call, Kind kind, int direction) {
        boolean quantized = call.has(8);
        GateWeights recurrent =
                quantized
                        ? GateWeights.quantized(call, 2, 10, direction)
                        : new GateWeights.Floats(call.tensor(2).select(0, direction));
        int size = call.number("hidden_size", recurrent.columns());
        int gates =
                switch (kind) {
                    case RNN -> 1;
                    case GRU -> 3;
                    case LSTM -> 4;
                };
        if (recurrent.rows() != gates * size) {
            throw call.problem(
                    "recurrent weights %s for %d gates of %d numbers",
                    call.tensor(2).shape(), gates, size);
        }
        Tensor bias = call.has(3) ? call.tensor(3).select(0, direction) : null;
        int half = gates * size;
        return new Cell(
                call,
                kind,
                size,
                quantized
                        ? GateWeights.quantized(call, 1, 8, direction)
                        : new GateWeights.Floats(call.tensor(1).select(0, direction)),
                recurrent,
                bias == null ? null : bias.slice(0, 0, half),
                bias == null ? null : bias.slice(0, half, 2 * half),
                kind == Kind.LSTM && call.has(7) ? call.tensor(7).select(0, direction) : null,
                functions(call, kind, direction));
    }

    private static List<UnaryOperator<Tensor>> functions(Call call, Kind kind, int direction) {
        List<String> standard =
                switch (kind) {
                    case RNN -> List.of("Tanh");
                    case GRU -> List.of("Sigmoid", "Tanh");
                    case LSTM -> List.of("Sigmoid", "Tanh", "Tanh");
                };
        List<String> names = call.textList("activations");
        double[] alphas = call.reals("activation_alpha");
        double[] betas = call.reals("activation_beta");
        int count = standard.size();
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> {
                    int at = direction * count + i;
                    String name = at < names.size() ? names.get(at) : standard.get(i);
                    return function(
                            call,
                            name.toLowerCase(Locale.ROOT),
                            at < alphas.length ? alphas[at] : Double.NaN,
                            at < betas.length ? betas[at] : Double.NaN);
                })
                .toList();
    }

    private static double or(double given, double otherwise) {
        return Double.isNaN(given) ? otherwise : given;
    }

    private static UnaryOperator<Tensor> function(
            Call call, String name, double alpha, double beta) {
        return switch (name) {
            case "tanh" -> Tensor::tanh;
            case "sigmoid" -> Tensor::sigmoid;
            case "relu" -> Tensor::relu;
            case "softplus" -> Tensor::softplus;
            case "softsign" -> x -> x.div(x.abs().add(1));
            case "affine" -> x -> x.mul(or(alpha, 1)).add(or(beta, 0));
            case "leakyrelu" -> x -> x.leakyRelu(or(alpha, 0.01));
            case "thresholdedrelu" -> x -> x.gt(or(alpha, 1)).where(x, x.zerosLike());
            case "scaledtanh" -> x -> x.mul(or(beta, 1)).tanh().mul(or(alpha, 1));
            case "hardsigmoid" ->
                    x -> ActivationOperators.hardSigmoid(x, or(alpha, 0.2), or(beta, 0.5));
            case "elu" -> x -> ActivationOperators.exponential(x, or(alpha, 1), 1, 1);
            default -> throw call.unsupported("activation \"%s\"", name);
        };
    }

    /// The inputs' part of all gates, `[length, batch, gates * size]`.
    Tensor inputs(Tensor x) {
        Tensor products = weight.times(x, 0, weight.rows());
        return inputBias == null ? products : products.add(inputBias);
    }

    State step(Tensor inputs, State state) {
        return switch (kind) {
            case RNN -> {
                Tensor hidden = apply(0, inputs.add(recurrent(state.hidden(), 0, 1)));
                yield new State(hidden, state.memory());
            }
            case GRU -> new State(gated(inputs, state.hidden()), state.memory());
            case LSTM -> remembered(inputs, state);
        };
    }

    private Tensor apply(int function, Tensor x) {
        double clip = call.real("clip", 0);
        return functions.get(function).apply(clip > 0 ? x.clamp(-clip, clip) : x);
    }

    /// Gates `from` to `to` - 1 of a tensor of all.
    private Tensor gates(Tensor all, int axis, int from, int to) {
        return all.slice(axis, from * size, to * size);
    }

    /// The hidden state's part of some gates.
    private Tensor recurrent(Tensor hidden, int from, int to) {
        Tensor product = recurrent.times(hidden, from * size, to * size);
        return hiddenBias == null ? product : product.add(gates(hiddenBias, 0, from, to));
    }

    private Tensor gated(Tensor inputs, Tensor hidden) {
        Tensor both = apply(0, gates(inputs, 1, 0, 2).add(recurrent(hidden, 0, 2)));
        Tensor update = gates(both, 1, 0, 1);
        Tensor reset = gates(both, 1, 1, 2);
        Tensor recalled =
                call.flag("linear_before_reset")
                        ? reset.mul(recurrent(hidden, 2, 3))
                        : recurrent(reset.mul(hidden), 2, 3);
        Tensor candidate = apply(1, gates(inputs, 1, 2, 3).add(recalled));
        return update.subFrom(1).mul(candidate).add(update.mul(hidden));
    }

    private State remembered(Tensor inputs, State state) {
        Tensor all = inputs.add(recurrent(state.hidden(), 0, 4));
        Tensor input = apply(0, peep(gates(all, 1, 0, 1), 0, state.memory()));
        Tensor forget =
                call.flag("input_forget")
                        ? input.subFrom(1)
                        : apply(0, peep(gates(all, 1, 2, 3), 2, state.memory()));
        Tensor candidate = apply(1, gates(all, 1, 3, 4));
        Tensor memory = forget.mul(state.memory()).add(input.mul(candidate));
        Tensor output = apply(0, peep(gates(all, 1, 1, 2), 1, memory));
        return new State(output.mul(functions.get(2).apply(memory)), memory);
    }

    /// A gate that also sees the memory; peepholes are those of input, output and forget.
    private Tensor peep(Tensor gate, int which, Tensor memory) {
        return peepholes == null
                ? gate
                : gate.add(gates(peepholes, 0, which, which + 1).mul(memory));
    }
}
