package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Parts of tensors, and tensors of parts.
final class PartOperators {
    private PartOperators() {}

    static void addTo(Operators all) {
        all.one("Concat", PartOperators::concat);
        all.many("Split", PartOperators::split);
        all.one("Slice", PartOperators::slice);
        all.one("Tile", PartOperators::tile);
        all.one("Compress", PartOperators::compress);
        all.one("ReverseSequence", PartOperators::reverse);
        all.one("CenterCropPad", PartOperators::center);
    }

    private static Datum concat(Call call) {
        List<Datum> parts = new ArrayList<>();
        for (int i = 0; i < call.inputs().size(); i++) {
            parts.add(call.datum(i));
        }
        int axis = call.number("axis", call.opset() < 4 ? 1 : 0);
        return Moves.join(parts, tensors -> Tensors.concat(axis, tensors));
    }

    private static List<Datum> split(Call call) {
        Shape shape = ShapeOperators.of(call.datum(0));
        int axis = call.axis(call.integer("axis", 0), shape.rank());
        int[] lengths = call.listOf("split", 1);
        if (lengths == null) {
            int count = call.number("num_outputs", call.node().outputs().size());
            lengths = equal(shape.dim(axis), count);
        }
        int[] parts = lengths;
        if (Arrays.stream(parts).sum() != shape.dim(axis)) {
            throw call.problem(
                    "lengths %s do not add up to axis %d of %s",
                    Arrays.toString(parts), axis, shape);
        }
        List<Datum> pieces = new ArrayList<>();
        int begin = 0;
        for (int length : parts) {
            int from = begin;
            pieces.add(Moves.of(call.datum(0), x -> x.narrow(axis, from, length)));
            begin += length;
        }
        return pieces;
    }

    /// Equal lengths; the last one has what is left.
    static int[] equal(int length, int count) {
        int size = Math.ceilDiv(length, Math.max(1, count));
        return IntStream.range(0, count)
                .map(i -> Math.max(0, Math.min(size, length - i * size)))
                .toArray();
    }

    private static Datum slice(Call call) {
        Shape shape = ShapeOperators.of(call.datum(0));
        boolean old = call.opset() < 10;
        long[] begins = old ? call.integers("starts") : call.longs(1);
        long[] ends = old ? call.integers("ends") : call.longs(2);
        int[] every = IntStream.range(0, begins.length).toArray();
        int[] axes = old ? call.numbers("axes", every) : call.has(3) ? call.ints(3) : every;
        long[] steps = call.has(4) ? call.longs(4) : new long[begins.length];
        if (!call.has(4)) {
            Arrays.fill(steps, 1);
        }
        if (ends.length != begins.length
                || axes.length != begins.length
                || steps.length != begins.length) {
            throw call.problem(
                    "%d starts, %d ends, %d axes, %d steps",
                    begins.length, ends.length, axes.length, steps.length);
        }
        return Moves.of(
                call.datum(0),
                tensor -> {
                    Tensor x = tensor;
                    for (int i = 0; i < axes.length; i++) {
                        int axis = call.axis(axes[i], shape.rank());
                        x = slice(call, x, axis, begins[i], ends[i], steps[i]);
                    }
                    return x;
                });
    }

    private static Tensor slice(Call call, Tensor x, int axis, long begin, long end, long step) {
        int length = x.dim(axis);
        if (step == 0) {
            throw call.problem("the step of axis %d is 0", axis);
        }
        int width = Math.clamp(Math.abs(Math.max(step, -Long.MAX_VALUE)), 1, 1 << 30);
        if (step > 0) {
            int from = place(begin, length, 0, length);
            int to = Math.max(from, place(end, length, 0, length));
            return x.slice(axis, from, to, width);
        }
        // Backwards from `from` to before `to`: forwards in the flipped axis.
        int from = place(begin, length, -1, length - 1);
        int to = Math.min(from, place(end, length, -1, length - 1));
        return x.flip(axis).slice(axis, length - 1 - from, length - 1 - to, width);
    }

    private static int place(long index, int length, int least, int most) {
        return Math.clamp(index < 0 ? index + length : index, least, most);
    }

    private static Datum tile(Call call) {
        if (call.opset() < 6) {
            throw call.unsupported("opset 6 and later are supported");
        }
        int[] times = call.ints(1);
        int rank = ShapeOperators.of(call.datum(0)).rank();
        if (times.length != rank) {
            throw call.problem("%d repeats are given for %d axes", times.length, rank);
        }
        return Moves.of(call.datum(0), x -> rank == 0 ? x : x.tile(times));
    }

    private static Datum compress(Call call) {
        Tensor places = call.tensor(1).flatten().nonzero().flatten();
        if (call.hasAttribute("axis")) {
            int rank = ShapeOperators.of(call.datum(0)).rank();
            int axis = call.axis(call.integer("axis", 0), rank);
            return Moves.of(call.datum(0), x -> x.indexSelect(axis, places));
        }
        return Moves.of(call.datum(0), x -> x.flatten().indexSelect(0, places));
    }

    private static Datum reverse(Call call) {
        int batch = call.number("batch_axis", 1);
        int time = call.number("time_axis", 0);
        Shape shape = ShapeOperators.of(call.datum(0));
        long[] lengths = call.longs(1);
        int steps = shape.dim(time);
        long[] places = new long[lengths.length * steps];
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 0 || lengths[i] > steps) {
                throw call.problem("length %d of a sequence of %d", lengths[i], steps);
            }
            for (int t = 0; t < steps; t++) {
                places[i * steps + t] = t < lengths[i] ? lengths[i] - 1 - t : t;
            }
        }
        Tensor index = Loops.of(places, Shape.of(lengths.length, steps), DType.INT64);
        int[] dims = new int[shape.rank()];
        Arrays.fill(dims, 1);
        dims[batch] = lengths.length;
        dims[time] = steps;
        Tensor oriented = (batch < time ? index : index.t()).reshape(Shape.of(dims)).expand(shape);
        return Moves.of(call.datum(0), x -> x.gather(time, oriented));
    }

    private static Datum center(Call call) {
        Shape shape = ShapeOperators.of(call.datum(0));
        int[] lengths = call.ints(1);
        int[] every = IntStream.range(0, shape.rank()).toArray();
        int[] axes = call.axes(call.numbers("axes", every), shape.rank());
        return Moves.of(
                call.datum(0),
                tensor -> {
                    Tensor x = tensor;
                    for (int i = 0; i < axes.length; i++) {
                        x = center(x, axes[i], lengths[i]);
                    }
                    return x;
                });
    }

    private static Tensor center(Tensor x, int axis, int length) {
        int more = length - x.dim(axis);
        if (more <= 0) {
            return x.narrow(axis, -more / 2, length);
        }
        int[] pairs = new int[2 * (x.rank() - axis)];
        pairs[pairs.length - 2] = more / 2;
        pairs[pairs.length - 1] = more - more / 2;
        return x.pad(0, pairs);
    }
}
