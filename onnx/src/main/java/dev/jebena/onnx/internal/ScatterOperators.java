package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;

/// Tensors with some elements replaced, or combined with others.
final class ScatterOperators {
    private ScatterOperators() {}

    static void addTo(Operators all) {
        all.one("Scatter", ScatterOperators::elements);
        all.one("ScatterElements", ScatterOperators::elements);
        all.one("ScatterND", ScatterOperators::points);
        all.one("TensorScatter", ScatterOperators::cache);
    }

    private static Datum elements(Call call) {
        Shape shape = ShapeOperators.of(call.datum(0));
        int axis = call.axis(call.integer("axis", 0), shape.rank());
        Tensor index = IndexOperators.wrap(call, call.tensor(1), shape.dim(axis));
        // The place of each element of the updates in the flattened tensor.
        int[] strides = Loops.strides(shape);
        long[] along = index.toLongs();
        long[] places = new long[along.length];
        int[] at = new int[shape.rank()];
        for (int i = 0; i < places.length; i++) {
            long place = 0;
            for (int d = 0; d < at.length; d++) {
                place += strides[d] * (d == axis ? along[i] : at[d]);
            }
            places[i] = place;
            Loops.next(at, index.shape());
        }
        return scatter(call, Loops.vector(places), 1);
    }

    private static Datum points(Call call) {
        Shape shape = ShapeOperators.of(call.datum(0));
        Tensor index = call.tensor(1);
        int depth = index.dim(-1);
        Tensor places = IndexOperators.places(call, shape, index, 0).flatten();
        int inner = Math.toIntExact(shape.slice(depth, shape.rank()).size());
        return scatter(call, places, inner);
    }

    /// Rows of `inner` elements at places, by the attribute `reduction`.
    private static Datum scatter(Call call, Tensor places, int inner) {
        String reduction = call.text("reduction", "none");
        if (call.datum(0) instanceof Datum.Texts texts) {
            return texts(call, texts, places.toLongs(), inner);
        }
        Tensor x = call.tensor(0);
        Shape shape = x.shape();
        int rows = inner == 0 ? 0 : Math.toIntExact(x.size() / inner);
        Tensor updates = call.tensor(2).reshape(Shape.of(Math.toIntExact(places.size()), inner));
        Tensor table = x.reshape(Shape.of(rows, inner));
        if (reduction.equals("add")) {
            return call.like(0, table.indexAdd(0, places, updates).reshape(shape));
        }
        if (reduction.equals("none")) {
            Tensor index = places.unsqueeze(1).expand(updates.shape());
            return call.like(0, table.scatter(0, index, updates).reshape(shape));
        }
        return call.like(
                0, reduced(call, table, places.toLongs(), updates, reduction).reshape(shape));
    }

    private static Tensor reduced(
            Call call, Tensor table, long[] places, Tensor updates, String reduction) {
        int inner = table.dim(1);
        boolean floats = table.dtype().isFloat();
        double[] reals = floats ? table.toDoubles() : new double[0];
        long[] longs = floats ? new long[0] : table.toLongs();
        double[] newReals = floats ? updates.toDoubles() : new double[0];
        long[] newLongs = floats ? new long[0] : updates.toLongs();
        for (int i = 0; i < places.length * inner; i++) {
            int to = Math.toIntExact(places[i / inner] * inner + i % inner);
            switch (reduction) {
                case "mul" -> {
                    if (floats) {
                        reals[to] *= newReals[i];
                    } else {
                        longs[to] *= newLongs[i];
                    }
                }
                case "max" -> {
                    if (floats) {
                        reals[to] = Math.max(reals[to], newReals[i]);
                    } else {
                        longs[to] = Math.max(longs[to], newLongs[i]);
                    }
                }
                case "min" -> {
                    if (floats) {
                        reals[to] = Math.min(reals[to], newReals[i]);
                    } else {
                        longs[to] = Math.min(longs[to], newLongs[i]);
                    }
                }
                default -> throw call.unsupported("reduction \"%s\"", reduction);
            }
        }
        return floats
                ? Loops.of(reals, table.shape(), table.dtype())
                : Loops.of(longs, table.shape(), table.dtype());
    }

    private static Datum texts(Call call, Datum.Texts texts, long[] places, int inner) {
        String[] values = texts.values().toArray(String[]::new);
        var updates = call.texts(2).values();
        for (int i = 0; i < updates.size(); i++) {
            values[Math.toIntExact(places[i / inner] * inner + i % inner)] = updates.get(i);
        }
        return new Datum.Texts(texts.shape(), java.util.List.of(values));
    }

    /// Writes each batch element's new keys or values into a cache, from an index on.
    private static Datum cache(Call call) {
        Tensor past = call.tensor(0);
        Tensor update = call.tensor(1);
        int axis = call.axis(call.integer("axis", -2), past.rank());
        int length = past.dim(axis);
        int count = update.dim(axis);
        int batch = past.dim(0);
        boolean circular = call.text("mode", "linear").equals("circular");
        long[] begins = call.has(2) ? call.longs(2) : new long[batch];
        long[] places = new long[batch * count];
        for (int b = 0; b < batch; b++) {
            for (int i = 0; i < count; i++) {
                long place = begins[b] + i;
                if (!circular && (place < 0 || place >= length)) {
                    throw call.problem("index %d is beyond a cache of %d", place, length);
                }
                places[b * count + i] = Math.floorMod(place, (long) length);
            }
        }
        int[] dims = new int[past.rank()];
        java.util.Arrays.fill(dims, 1);
        dims[0] = batch;
        dims[axis] = count;
        Tensor index = Loops.of(places, Shape.of(dims), DType.INT64).expand(update.shape());
        return call.like(0, past.scatter(axis, index, update));
    }
}
