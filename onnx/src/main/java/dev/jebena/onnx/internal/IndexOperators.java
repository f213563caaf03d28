package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;

/// Elements by their indices.
final class IndexOperators {
    private IndexOperators() {}

    static void addTo(Operators all) {
        all.one("Gather", IndexOperators::gather);
        all.one("GatherElements", IndexOperators::gatherElements);
        all.one("GatherND", IndexOperators::gatherPoints);
        all.one("OneHot", IndexOperators::oneHot);
        all.one("NonZero", IndexOperators::nonZero);
    }

    /// Indices from 0, negative ones counted from the end.
    static Tensor wrap(Call call, Tensor index, int length) {
        Tensor wide = index.to(DType.INT64);
        if (!wide.isConcrete()) {
            return wide.lt(0.0).where(wide.add(length), wide);
        }
        long[] values = wide.toLongs();
        boolean changed = false;
        for (int i = 0; i < values.length; i++) {
            if (values[i] < -length || values[i] >= length) {
                throw call.problem(
                        "index %d is out of range for an axis of %d (%d to %d)",
                        values[i], length, -length, length - 1);
            }
            if (values[i] < 0) {
                values[i] += length;
                changed = true;
            }
        }
        return changed ? Loops.of(values, wide.shape(), DType.INT64) : wide;
    }

    private static Datum gather(Call call) {
        Shape shape = ShapeOperators.of(call.datum(0));
        int axis = call.axis(call.integer("axis", 0), shape.rank());
        Tensor index = wrap(call, call.tensor(1), shape.dim(axis));
        Shape result =
                shape.slice(0, axis)
                        .concat(index.shape())
                        .concat(shape.slice(axis + 1, shape.rank()));
        return Moves.of(call.datum(0), x -> x.indexSelect(axis, index.flatten()).reshape(result));
    }

    private static Datum gatherElements(Call call) {
        Shape shape = ShapeOperators.of(call.datum(0));
        int axis = call.axis(call.integer("axis", 0), shape.rank());
        Tensor index = wrap(call, call.tensor(1), shape.dim(axis));
        return Moves.of(call.datum(0), x -> x.gather(axis, index));
    }

    /// Places in the flattened tensor that rows of indices along its axes from `batch` on name.
    static Tensor places(Call call, Shape shape, Tensor index, int batch) {
        int depth = index.dim(-1);
        if (batch + depth > shape.rank()) {
            throw call.problem(
                    "indices %s name %d axes of %s", index.shape(), batch + depth, shape);
        }
        Tensor place = Tensor.full(index.shape().without(-1), 0, DType.INT64);
        for (int i = 0; i < depth; i++) {
            int length = shape.dim(batch + i);
            place = place.mul(length).add(wrap(call, index.select(-1, i), length));
        }
        return place;
    }

    private static Datum gatherPoints(Call call) {
        Shape shape = ShapeOperators.of(call.datum(0));
        Tensor index = call.tensor(1);
        int batch = call.number("batch_dims", 0);
        int depth = index.dim(-1);
        Tensor places = places(call, shape, index, batch);
        int groups = Math.toIntExact(shape.slice(0, batch).size());
        int inner = Math.toIntExact(shape.slice(batch, batch + depth).size());
        Tensor starts = Tensor.arange(groups).mul(inner).unsqueeze(1);
        Tensor rows =
                places.reshape(groups, Math.max(1, (int) (places.size() / Math.max(1, groups))));
        Tensor flat = rows.add(starts).flatten();
        Shape rest = shape.slice(batch + depth, shape.rank());
        Shape result = index.shape().without(-1).concat(rest);
        return Moves.of(
                call.datum(0),
                x ->
                        x.reshape(Shape.of(groups * inner).concat(rest))
                                .indexSelect(0, flat)
                                .reshape(result));
    }

    private static Datum oneHot(Call call) {
        Tensor index = call.tensor(0).to(DType.INT64);
        int depth = (int) call.realScalar(1);
        int axis = call.axis(call.integer("axis", -1), index.rank() + 1);
        Tensor positive = index.lt(0.0).where(index.add(depth), index);
        int[] dims = new int[index.rank() + 1];
        java.util.Arrays.fill(dims, 1);
        dims[axis] = depth;
        Tensor hot = positive.unsqueeze(axis).eq(Tensor.arange(depth).reshape(Shape.of(dims)));
        Tensor values = call.tensor(2);
        return call.like(2, hot.where(values.select(0, 1), values.select(0, 0)));
    }

    private static Datum nonZero(Call call) {
        Tensor x = call.tensor(0);
        if (x.rank() == 0) {
            int count = x.ne(0.0).to(DType.INT64).itemLong() == 1 ? 1 : 0;
            return Datum.of(Tensor.full(Shape.of(0, count), 0, DType.INT64));
        }
        return Datum.of(x.nonzero().t());
    }
}
