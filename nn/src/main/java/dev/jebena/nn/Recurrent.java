package dev.jebena.nn;

import dev.jebena.nn.RecurrentCell.State;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// RNN, LSTM and GRU over sequences `[n, length, in]`, which give `[n, length, directions * out]`.
///
/// State as in PyTorch: `weight_ih_l0 [gates * hidden, in]`, `weight_hh_l0 [gates * hidden, out]`,
/// `bias_ih_l0`, `bias_hh_l0`, `weight_hr_l0` of a projection; `_reverse` for the other direction;
/// `l1` for the next layer.
public final class Recurrent extends Block implements Layer {
    /// The outputs of the last layer at all times, and the states of all layers at the end.
    ///
    /// @param output `[n, length, directions * out]`
    /// @param hidden `[layers * directions, n, out]`
    /// @param cell `[layers * directions, n, hidden]`; of an LSTM only
    public record Output(Tensor output, Tensor hidden, @Nullable Tensor cell) {}

    /// The weights of a layer in one direction.
    private record Direction(
            Parameter input,
            Parameter state,
            @Nullable Parameter inputBias,
            @Nullable Parameter stateBias,
            @Nullable Parameter projection) {}

    private final RecurrentCell cell;
    private final RecurrentOptions options;
    private final List<Direction> directions = new ArrayList<>();
    private final Rng rng;

    private Recurrent(RecurrentCell cell, RecurrentOptions options, Rng rng) {
        if (options.projection() > 0 && cell != RecurrentCell.LSTM) {
            throw NnException.option("a projection needs an LSTM; this is a %s", cell);
        }
        this.cell = cell;
        this.options = options;
        for (int layer = 0; layer < options.layers(); layer++) {
            for (int d = 0; d < options.directions(); d++) {
                directions.add(declare(layer, d == 1, rng));
            }
        }
        this.rng = options.dropout() > 0 ? generator(rng) : rng;
    }

    private Direction declare(int layer, boolean reverse, Rng rng) {
        int hidden = options.hidden();
        int rows = cell.gates() * hidden;
        int in = layer == 0 ? options.in() : options.out() * options.directions();
        String end = "_l" + layer + (reverse ? "_reverse" : "");
        Parameter input = declare("weight_ih" + end, Shape.of(rows, in), rng);
        Parameter state = declare("weight_hh" + end, Shape.of(rows, options.out()), rng);
        boolean bias = options.bias();
        return new Direction(
                input,
                state,
                bias ? declare("bias_ih" + end, Shape.of(rows), rng) : null,
                bias ? declare("bias_hh" + end, Shape.of(rows), rng) : null,
                options.projection() > 0
                        ? declare("weight_hr" + end, Shape.of(options.out(), hidden), rng)
                        : null);
    }

    private Parameter declare(String name, Shape shape, Rng rng) {
        return parameter(name, Init.standard(shape, options.hidden(), rng));
    }

    /// Elman's network with tanh.
    public static Recurrent rnn(RecurrentOptions options, Rng rng) {
        return new Recurrent(RecurrentCell.RNN_TANH, options, rng);
    }

    /// The same with ReLU.
    public static Recurrent rnnRelu(RecurrentOptions options, Rng rng) {
        return new Recurrent(RecurrentCell.RNN_RELU, options, rng);
    }

    public static Recurrent lstm(RecurrentOptions options, Rng rng) {
        return new Recurrent(RecurrentCell.LSTM, options, rng);
    }

    public static Recurrent gru(RecurrentOptions options, Rng rng) {
        return new Recurrent(RecurrentCell.GRU, options, rng);
    }

    /// The outputs from a state of zeros.
    @Override
    public Tensor apply(Tensor x) {
        return run(x, null, null, null).output();
    }

    /// From a given state, over sequences of given lengths.
    ///
    /// @param x `[n, length, in]`
    /// @param hidden as in [Output]; null for zeros
    /// @param memory an LSTM's cells as in [Output]; null for zeros
    /// @param lengths how long each sequence is, integers `[n]`: outputs behind it are 0, and the
    ///   state is that at its end; null when all are whole
    public Output run(
            Tensor x, @Nullable Tensor hidden, @Nullable Tensor memory, @Nullable Tensor lengths) {
        check(x, hidden, memory, lengths);
        List<Tensor> lastHidden = new ArrayList<>();
        List<Tensor> lastCell = new ArrayList<>();
        Tensor layerInput = x;
        for (int layer = 0; layer < options.layers(); layer++) {
            List<Tensor> outputs = new ArrayList<>();
            for (int d = 0; d < options.directions(); d++) {
                int index = layer * options.directions() + d;
                State start =
                        new State(
                                start(hidden, index, x, options.out()),
                                cell == RecurrentCell.LSTM
                                        ? start(memory, index, x, options.hidden())
                                        : null);
                List<Tensor> steps = new ArrayList<>();
                State end = read(layerInput, directions.get(index), start, lengths, d == 1, steps);
                outputs.add(Tensors.stack(1, steps));
                lastHidden.add(end.hidden());
                if (end.cell() != null) {
                    lastCell.add(end.cell());
                }
            }
            layerInput = outputs.size() == 1 ? outputs.get(0) : Tensors.concat(2, outputs);
            if (isTraining() && options.dropout() > 0 && layer + 1 < options.layers()) {
                layerInput = layerInput.dropout(options.dropout(), rng);
            }
        }
        return new Output(
                layerInput,
                Tensors.stack(0, lastHidden),
                lastCell.isEmpty() ? null : Tensors.stack(0, lastCell));
    }

    private static Tensor start(@Nullable Tensor given, int index, Tensor x, int features) {
        return given == null
                ? Tensor.full(Shape.of(x.dim(0), features), 0, x.dtype())
                : given.select(0, index);
    }

    /// One layer in one direction; fills `steps` with the outputs in order of time.
    private State read(
            Tensor x,
            Direction weights,
            State start,
            @Nullable Tensor lengths,
            boolean reverse,
            List<Tensor> steps) {
        // The input's part for all times is one product.
        Tensor inputs = Linear.linear(x, weights.input.value(), weights.inputBias);
        int length = x.dim(1);
        State state = start;
        for (int i = 0; i < length; i++) {
            int t = reverse ? length - 1 - i : i;
            State next = step(inputs.select(1, t), weights, state);
            Tensor output = next.hidden();
            if (lengths != null) {
                Tensor alive = lengths.gt(t).unsqueeze(1);
                output = alive.where(output, output.zerosLike());
                next = keep(alive, next, state);
            }
            state = next;
            if (reverse) {
                steps.addFirst(output);
            } else {
                steps.add(output);
            }
        }
        return state;
    }

    private State step(Tensor input, Direction weights, State state) {
        Tensor part = Linear.linear(state.hidden(), weights.state.value(), weights.stateBias);
        State next = cell.step(input, part, state);
        return weights.projection == null
                ? next
                : new State(
                        Linear.linear(next.hidden(), weights.projection.value(), null),
                        next.cell());
    }

    /// The next state where a sequence goes on, else the one before.
    private static State keep(Tensor alive, State next, State before) {
        Tensor cell = next.cell();
        return new State(
                alive.where(next.hidden(), before.hidden()),
                cell == null ? null : alive.where(cell, Objects.requireNonNull(before.cell())));
    }

    private void check(
            Tensor x, @Nullable Tensor hidden, @Nullable Tensor memory, @Nullable Tensor lengths) {
        if (x.rank() != 3 || x.dim(2) != options.in() || x.dim(1) == 0) {
            throw NnException.shape(
                    "%s: input %s; [n, length, %d] with a length from 1 on is needed",
                    cell, x.shape(), options.in());
        }
        int states = options.layers() * options.directions();
        checkState("hidden", hidden, Shape.of(states, x.dim(0), options.out()));
        checkState("cell", memory, Shape.of(states, x.dim(0), options.hidden()));
        if (lengths != null) {
            if (!lengths.shape().equals(Shape.of(x.dim(0)))) {
                throw NnException.shape(
                        "%s: lengths %s; one for each of %d sequences is needed",
                        cell, lengths.shape(), x.dim(0));
            }
            for (long length : lengths.toLongs()) {
                if (length < 1 || length > x.dim(1)) {
                    throw NnException.shape(
                            "%s: a sequence of length %d; 1 to %d is needed",
                            cell, length, x.dim(1));
                }
            }
        }
    }

    private void checkState(String what, @Nullable Tensor state, Shape wanted) {
        if (state != null && !state.shape().equals(wanted)) {
            throw NnException.shape(
                    "%s: %s state %s; [layers * directions, n, features] is %s here",
                    cell, what, state.shape(), wanted);
        }
    }
}
