package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/// RNN, GRU and LSTM.
final class RecurrentOperators {
    private RecurrentOperators() {}

    static void addTo(Operators all) {
        all.many("RNN", call -> run(call, Cell.Kind.RNN));
        all.many("GRU", call -> run(call, Cell.Kind.GRU));
        all.many("LSTM", call -> run(call, Cell.Kind.LSTM));
        all.many(Operators.MICROSOFT + "DynamicQuantizeLSTM", call -> run(call, Cell.Kind.LSTM));
    }

    private static List<Datum> run(Call call, Cell.Kind kind) {
        boolean batchFirst = call.flag("layout");
        Tensor x = batchFirst ? call.tensor(0).transpose(0, 1) : call.tensor(0);
        String direction = call.text("direction", "forward");
        int directions = direction.equals("bidirectional") ? 2 : 1;
        if (call.tensor(1).rank() != 3 || call.tensor(1).dim(0) != directions) {
            throw call.problem("weights %s for %d directions", call.tensor(1).shape(), directions);
        }
        List<Tensor> all = new ArrayList<>();
        List<Tensor> hidden = new ArrayList<>();
        List<Tensor> memory = new ArrayList<>();
        for (int d = 0; d < directions; d++) {
            boolean backwards = direction.equals("reverse") || d == 1;
            Cell.State last = run(call, Cell.of(call, kind, d), x, d, backwards, all);
            hidden.add(last.hidden());
            memory.add(last.memory());
        }
        Tensor y = Tensors.stack(1, all);
        Tensor lastHidden = Tensors.stack(0, hidden);
        Tensor lastMemory = Tensors.stack(0, memory);
        if (batchFirst) {
            y = y.permute(2, 0, 1, 3);
            lastHidden = lastHidden.transpose(0, 1);
            lastMemory = lastMemory.transpose(0, 1);
        }
        List<Datum> results = new ArrayList<>();
        results.add(call.like(0, y));
        results.add(call.like(0, lastHidden));
        if (kind == Cell.Kind.LSTM) {
            results.add(call.like(0, lastMemory));
        }
        return results;
    }

    /// One direction; adds its outputs `[length, batch, hidden]`, and gives the last state.
    private static Cell.State run(
            Call call, Cell cell, Tensor x, int direction, boolean backwards, List<Tensor> all) {
        int steps = x.dim(0);
        int batch = x.dim(1);
        DType type = x.dtype();
        Cell.State state =
                new Cell.State(
                        initial(call, 5, direction, batch, cell.size(), type),
                        initial(call, 6, direction, batch, cell.size(), type));
        Tensor lengths = call.has(4) ? call.tensor(4).to(DType.INT64).unsqueeze(1) : null;
        // All products with inputs at once.
        Tensor gates = cell.inputs(x);
        Tensor[] outputs = new Tensor[steps];
        Tensor zeros = Tensor.full(Shape.of(batch, cell.size()), 0, type);
        for (int i = 0; i < steps; i++) {
            int t = backwards ? steps - 1 - i : i;
            Cell.State next = cell.step(gates.select(0, t), state);
            if (lengths == null) {
                state = next;
                outputs[t] = next.hidden();
            } else {
                // Behind its end a sequence keeps its state.
                Tensor within = lengths.gt((double) t);
                state =
                        new Cell.State(
                                within.where(next.hidden(), state.hidden()),
                                within.where(next.memory(), state.memory()));
                outputs[t] = within.where(next.hidden(), zeros);
            }
        }
        all.add(
                steps == 0
                        ? Tensor.full(Shape.of(0, batch, cell.size()), 0, type)
                        : Tensors.stack(0, outputs));
        return state;
    }

    private static Tensor initial(
            Call call, int input, int direction, int batch, int size, DType type) {
        boolean isMemory = input == 6;
        if (!call.has(input) || (isMemory && !call.node().operator().endsWith("LSTM"))) {
            return Tensor.full(Shape.of(batch, size), 0, type);
        }
        Tensor given = call.tensor(input);
        return call.flag("layout") ? given.select(1, direction) : given.select(0, direction);
    }
}
