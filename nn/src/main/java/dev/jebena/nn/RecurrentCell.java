package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The step of a recurrent network, from what its weights make of the input and of the state.
enum RecurrentCell {
    RNN_TANH(1),
    RNN_RELU(1),
    LSTM(4),
    GRU(3);

    /// The state after a step; only an LSTM has a cell.
    record State(Tensor hidden, @Nullable Tensor cell) {}

    private final int gates;

    RecurrentCell(int gates) {
        this.gates = gates;
    }

    int gates() {
        return gates;
    }

    /// @param x `[n, gates * hidden]`, the input's part
    /// @param h `[n, gates * hidden]`, the state's part
    State step(Tensor x, Tensor h, State before) {
        return switch (this) {
            case RNN_TANH -> new State(x.add(h).tanh(), null);
            case RNN_RELU -> new State(x.add(h).relu(), null);
            case LSTM -> lstm(x.add(h), before);
            case GRU -> gru(x, h, before.hidden);
        };
    }

    /// Hochreiter and Schmidhuber 1997 with forget gates; input, forget, cell, output.
    private static State lstm(Tensor gates, State before) {
        Tensor[] g = gates.chunk(-1, 4);
        Tensor kept = g[1].sigmoid().mul(Objects.requireNonNull(before.cell));
        Tensor cell = kept.add(g[0].sigmoid().mul(g[2].tanh()));
        return new State(g[3].sigmoid().mul(cell.tanh()), cell);
    }

    /// Cho et al. 2014; reset, update, new. The reset gate acts on the product with the state.
    private static State gru(Tensor x, Tensor h, Tensor before) {
        Tensor[] a = x.chunk(-1, 3);
        Tensor[] b = h.chunk(-1, 3);
        Tensor reset = a[0].add(b[0]).sigmoid();
        Tensor update = a[1].add(b[1]).sigmoid();
        Tensor fresh = a[2].add(reset.mul(b[2])).tanh();
        return new State(fresh.add(update.mul(before.sub(fresh))), null);
    }
}
