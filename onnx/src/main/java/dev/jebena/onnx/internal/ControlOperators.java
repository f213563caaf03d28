package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Choices and loops.
final class ControlOperators {
    private ControlOperators() {}

    static void addTo(Operators all) {
        all.many("If", ControlOperators::choose);
        all.many("Loop", ControlOperators::loop);
        all.many("Scan", ControlOperators::scan);
    }

    private static List<Datum> choose(Call call) {
        boolean yes = call.scalar(0) != 0;
        return call.graph(yes ? "then_branch" : "else_branch").run(List.of(), call.scope());
    }

    private static List<Datum> loop(Call call) {
        Plan body = call.graph("body");
        long trips = call.has(0) ? call.scalar(0) : Long.MAX_VALUE;
        boolean going = !call.has(1) || call.scalar(1) != 0;
        List<Datum> state = new ArrayList<>();
        for (int i = 2; i < call.inputs().size(); i++) {
            state.add(call.datum(i));
        }
        int scans = body.outputs().size() - 1 - state.size();
        if (scans < 0) {
            throw call.problem(
                    "the body has %d outputs for a state of %d",
                    body.outputs().size(), state.size());
        }
        List<List<Datum>> collected = new ArrayList<>();
        for (int i = 0; i < scans; i++) {
            collected.add(new ArrayList<>());
        }
        for (long trip = 0; trip < trips && going; trip++) {
            List<Datum> given = new ArrayList<>();
            given.add(Datum.of(Tensor.scalar(trip, DType.INT64)));
            given.add(Datum.of(Tensor.scalar(1L, DType.BOOL)));
            given.addAll(state);
            List<Datum> made = body.run(given, call.scope());
            going = ((Datum.Numbers) made.getFirst()).tensor().toLongs()[0] != 0;
            int states = state.size();
            state = new ArrayList<>(made.subList(1, 1 + states));
            for (int i = 0; i < scans; i++) {
                collected.get(i).add(made.get(1 + states + i));
            }
        }
        List<Datum> results = new ArrayList<>(state);
        collected.forEach(values -> results.add(stacked(values, 0)));
        return results;
    }

    /// Along a new axis; of no values an empty vector, since no type is known.
    private static Datum stacked(List<Datum> values, int axis) {
        return values.isEmpty()
                ? Datum.of(Tensor.full(Shape.of(0), 0, DType.FLOAT32))
                : Moves.join(values, tensors -> Tensors.stack(axis, tensors));
    }

    private static List<Datum> scan(Call call) {
        if (call.opset() >= 9) {
            return scan(call, inputs(call, 0), call.numbers("scan_input_axes"));
        }
        // Opset 8: an optional input of lengths first, and all others in batches.
        int batch = ShapeOperators.of(call.datum(1)).dim(0);
        List<List<Datum>> results = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            int at = b;
            List<Datum> one =
                    inputs(call, 1).stream().map(d -> Moves.of(d, x -> x.select(0, at))).toList();
            List<Datum> made = scan(call, one, new int[0]);
            for (int i = 0; i < made.size(); i++) {
                if (b == 0) {
                    results.add(new ArrayList<>());
                }
                results.get(i).add(made.get(i));
            }
        }
        return results.stream().map(values -> stacked(values, 0)).toList();
    }

    private static List<Datum> inputs(Call call, int from) {
        List<Datum> all = new ArrayList<>();
        for (int i = from; i < call.inputs().size(); i++) {
            all.add(call.datum(i));
        }
        return all;
    }

    private static List<Datum> scan(Call call, List<Datum> inputs, int[] inputAxes) {
        Plan body = call.graph("body");
        int scanned = call.number("num_scan_inputs", 1);
        int states = inputs.size() - scanned;
        int[] directions =
                call.numbers(
                        call.opset() < 9 ? "directions" : "scan_input_directions",
                        new int[scanned]);
        int outputs = body.outputs().size() - states;
        int[] axes = inputAxes.length == 0 ? new int[scanned] : inputAxes;
        int steps = -1;
        for (int i = 0; i < scanned; i++) {
            int length = ShapeOperators.of(inputs.get(states + i)).dim(axes[i]);
            if (steps >= 0 && steps != length) {
                throw call.problem("scanned inputs have %d and %d elements", steps, length);
            }
            steps = length;
        }
        List<Datum> state = new ArrayList<>(inputs.subList(0, states));
        List<List<Datum>> collected = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            collected.add(new ArrayList<>());
        }
        for (int step = 0; step < steps; step++) {
            List<@Nullable Datum> given = new ArrayList<>(state);
            for (int i = 0; i < scanned; i++) {
                int axis = axes[i];
                int at = directions[i] == 0 ? step : steps - 1 - step;
                given.add(Moves.of(inputs.get(states + i), x -> x.select(axis, at)));
            }
            List<Datum> made = body.run(given, call.scope());
            state = new ArrayList<>(made.subList(0, states));
            for (int i = 0; i < outputs; i++) {
                collected.get(i).add(made.get(states + i));
            }
        }
        List<Datum> results = new ArrayList<>(state);
        int[] places = call.numbers("scan_output_axes", new int[outputs]);
        int[] reversed = call.numbers("scan_output_directions", new int[outputs]);
        for (int i = 0; i < outputs; i++) {
            List<Datum> values = collected.get(i);
            results.add(stacked(reversed[i] == 0 ? values : values.reversed(), places[i]));
        }
        return results;
    }
}
