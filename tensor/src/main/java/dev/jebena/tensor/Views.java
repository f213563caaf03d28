package dev.jebena.tensor;

import java.util.Arrays;

/// Other shapes of the same elements, and parts of them. They share memory where strides allow it.
public sealed interface Views permits Tensor {
    Tensor self();

    /// One length may be -1: what is left of the elements.
    default Tensor reshape(int... dims) {
        int[] known = dims.clone();
        int unknown = -1;
        long product = 1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == -1 && unknown < 0) {
                unknown = i;
            } else {
                product *= dims[i];
            }
        }
        if (unknown >= 0) {
            if (product == 0 || self().size() % product != 0) {
                throw TensorException.shape(
                        "reshape: %d elements of %s do not divide into %s",
                        self().size(), self().shape(), Arrays.toString(dims));
            }
            known[unknown] = (int) (self().size() / product);
        }
        return reshape(Shape.of(known));
    }

    default Tensor reshape(Shape shape) {
        return shape.equals(self().shape()) ? self() : Dispatch.one(new Op.Reshape(shape), self());
    }

    /// Axes `begin` to `end`, included, as one.
    default Tensor flatten(int begin, int end) {
        Shape shape = self().shape();
        int from = shape.axis(begin, "flatten");
        int to = shape.axis(end, "flatten");
        Shape merged = shape.slice(from, to + 1);
        return reshape(
                shape.slice(0, from)
                        .concat(Shape.of(Math.toIntExact(merged.size())))
                        .concat(shape.slice(to + 1, shape.rank())));
    }

    default Tensor flatten() {
        return reshape(Math.toIntExact(self().size()));
    }

    /// An axis of several: the opposite of flatten.
    default Tensor unflatten(int axis, int... dims) {
        Shape shape = self().shape();
        int at = shape.axis(axis, "unflatten");
        return reshape(
                shape.slice(0, at)
                        .concat(Shape.of(dims))
                        .concat(shape.slice(at + 1, shape.rank())));
    }

    /// Axis i of the result is axis `order[i]`.
    default Tensor permute(int... order) {
        int[] axes = new int[order.length];
        boolean same = order.length == self().rank();
        for (int i = 0; i < order.length; i++) {
            axes[i] = self().shape().axis(order[i], "permute");
            same &= axes[i] == i;
        }
        return same ? self() : Dispatch.one(new Op.Permute(Ints.of(axes)), self());
    }

    default Tensor transpose(int a, int b) {
        int[] order = Ints.range(0, self().rank()).toArray();
        int x = self().shape().axis(a, "transpose");
        int y = self().shape().axis(b, "transpose");
        order[x] = y;
        order[y] = x;
        return permute(order);
    }

    /// The last two axes exchanged.
    default Tensor t() {
        return transpose(-2, -1);
    }

    /// One axis at another place, the others in their order.
    default Tensor moveAxis(int from, int to) {
        Shape shape = self().shape();
        return permute(
                Axes.moved(shape.rank(), shape.axis(from, "moveAxis"), shape.axis(to, "moveAxis")));
    }

    /// Repeats axes of length 1, and adds axes in front.
    default Tensor expand(Shape shape) {
        Tensor x = self();
        if (x.shape().equals(shape)) {
            return x;
        }
        if (x.rank() > shape.rank()) {
            throw TensorException.shape("expand: %s cannot become %s", x.shape(), shape);
        }
        if (x.rank() < shape.rank()) {
            x =
                    x.reshape(
                            Shape.of(Ints.filled(shape.rank() - x.rank(), 1).toArray())
                                    .concat(x.shape()));
        }
        return x.shape().equals(shape) ? x : Dispatch.one(new Op.Expand(shape), x);
    }

    /// A length of -1 keeps that of the axis.
    default Tensor expand(int... dims) {
        int[] known = dims.clone();
        for (int i = 1; i <= Math.min(dims.length, self().rank()); i++) {
            if (known[known.length - i] == -1) {
                known[known.length - i] = self().dim(-i);
            }
        }
        return expand(Shape.of(known));
    }

    /// Without an axis, if its length is 1.
    default Tensor squeeze(int axis) {
        int at = self().shape().axis(axis, "squeeze");
        return self().dim(at) == 1 ? reshape(self().shape().without(at)) : self();
    }

    /// Without all axes of length 1.
    default Tensor squeeze() {
        return reshape(
                Shape.of(Arrays.stream(self().shape().toArray()).filter(d -> d != 1).toArray()));
    }

    /// With one more axis of length 1, at this place of the result.
    default Tensor unsqueeze(int axis) {
        int rank = self().rank() + 1;
        int at = axis < 0 ? axis + rank : axis;
        if (at < 0 || at >= rank) {
            throw TensorException.shape(
                    "unsqueeze: axis %d is out of range for shape %s (%d to %d)",
                    axis, self().shape(), -rank, rank - 1);
        }
        return reshape(self().shape().insert(at, 1));
    }

    /// Elements `begin` to `end` - 1 of an axis; negative ones count from the end, and what is
    /// beyond the end is left out.
    default Tensor slice(int axis, int begin, int end) {
        return slice(axis, begin, end, 1);
    }

    /// Every `step`th of them.
    default Tensor slice(int axis, int begin, int end, int step) {
        Shape shape = self().shape();
        int at = shape.axis(axis, "slice");
        int length = shape.dim(at);
        if (step < 1) {
            throw TensorException.value(
                    "slice: step %d must be positive; flip() reverses an axis", step);
        }
        int from = Math.clamp(begin < 0 ? (long) begin + length : begin, 0, length);
        int to = Math.clamp(end < 0 ? (long) end + length : end, from, length);
        if (from == 0 && to == length && step == 1) {
            return self();
        }
        int[] begins = new int[shape.rank()];
        int[] ends = shape.toArray();
        begins[at] = from;
        ends[at] = to;
        Ints steps = Ints.filled(shape.rank(), 1);
        int[] changed = steps.toArray();
        changed[at] = step;
        return Dispatch.one(new Op.Slice(Ints.of(begins), Ints.of(ends), Ints.of(changed)), self());
    }

    /// `length` elements of an axis.
    default Tensor narrow(int axis, int begin, int length) {
        int from = begin < 0 ? begin + self().dim(axis) : begin;
        if (from < 0 || length < 0 || from + length > self().dim(axis)) {
            throw TensorException.index(
                    "narrow: %d elements from %d on are not within axis %d of %s",
                    length, begin, axis, self().shape());
        }
        return slice(axis, from, from + length);
    }

    /// One element of an axis, which is gone then.
    default Tensor select(int axis, int index) {
        int at = self().shape().axis(axis, "select");
        int length = self().dim(at);
        int from = index < 0 ? index + length : index;
        if (from < 0 || from >= length) {
            throw TensorException.index(
                    "select: index %d is out of range for axis %d of %s (%d to %d)",
                    index, axis, self().shape(), -length, length - 1);
        }
        return reshapeSelected(slice(at, from, from + 1), at);
    }

    private Tensor reshapeSelected(Tensor one, int axis) {
        return one.reshape(one.shape().without(axis));
    }

    /// `x.at(i, j)` selects along the first axes, as `x[i, j]` in Python.
    default Tensor at(int... indices) {
        Tensor x = self();
        for (int index : indices) {
            x = x.select(0, index);
        }
        return x;
    }

    /// The opposite order along axes.
    default Tensor flip(int... axes) {
        Ints all = Axes.of(self(), "flip", axes);
        return Dispatch.one(new Op.Flip(all), self());
    }

    /// Elements moved along an axis; what leaves at the end comes in at the begin.
    default Tensor roll(int shift, int axis) {
        int length = self().dim(axis);
        if (length == 0) {
            return self();
        }
        int by = Math.floorMod(shift, length);
        return by == 0
                ? self()
                : Tensors.concat(
                        axis, slice(axis, length - by, length), slice(axis, 0, length - by));
    }

    /// Windows of an axis: it counts them then, and a new last axis their elements.
    default Tensor unfold(int axis, int size, int step) {
        int at = self().shape().axis(axis, "unfold");
        return Dispatch.one(new Op.Unfold(at, size, step), self());
    }

    /// Pieces of an axis of the given lengths.
    default Tensor[] split(int axis, int... lengths) {
        Tensor[] pieces = new Tensor[lengths.length];
        int total = 0;
        for (int i = 0; i < lengths.length; i++) {
            pieces[i] = slice(axis, total, total + lengths[i]);
            total += lengths[i];
        }
        if (total != self().dim(axis)) {
            throw TensorException.shape(
                    "split: %s make %d, axis %d of %s has %d",
                    Arrays.toString(lengths), total, axis, self().shape(), self().dim(axis));
        }
        return pieces;
    }

    /// At most `count` pieces of an axis, equal but for the last.
    default Tensor[] chunk(int axis, int count) {
        int length = self().dim(axis);
        int size = Math.max(1, Math.ceilDiv(length, count));
        int pieces = Math.max(1, Math.ceilDiv(length, size));
        int[] lengths = Ints.filled(pieces, size).toArray();
        lengths[pieces - 1] = length - size * (pieces - 1);
        return split(axis, lengths);
    }

    /// Elements with `value` around them. Pairs of numbers before and after, the last axis first,
    /// as in PyTorch; negative numbers cut off.
    default Tensor pad(double value, int... pairs) {
        int rank = self().rank();
        int[] low = new int[rank];
        int[] high = new int[rank];
        Tensor x = self();
        if (pairs.length % 2 != 0 || pairs.length > 2 * rank) {
            throw TensorException.value(
                    "pad: %d numbers for shape %s; pairs of at most %d axes are needed",
                    pairs.length, x.shape(), rank);
        }
        for (int i = 0; i < pairs.length / 2; i++) {
            int axis = rank - 1 - i;
            x =
                    x.slice(
                            axis,
                            Math.max(0, -pairs[2 * i]),
                            x.dim(axis) - Math.max(0, -pairs[2 * i + 1]));
            low[axis] = Math.max(0, pairs[2 * i]);
            high[axis] = Math.max(0, pairs[2 * i + 1]);
        }
        return Dispatch.one(
                new Op.Pad(Ints.of(low), Ints.of(high), Ints.filled(rank, 0), value), x);
    }

    /// Repeats the whole along each axis; more numbers than axes add axes in front.
    default Tensor tile(int... times) {
        Tensor x = self();
        while (x.rank() < times.length) {
            x = x.unsqueeze(0);
        }
        for (int i = 1; i <= times.length; i++) {
            int axis = x.rank() - i;
            int count = times[times.length - i];
            if (count != 1) {
                Shape inserted = x.shape().insert(axis, 1);
                x = x.reshape(inserted).expand(inserted.with(axis, count)).flatten(axis, axis + 1);
            }
        }
        return x;
    }

    /// Each element of an axis `times` times.
    default Tensor repeatInterleave(int axis, int times) {
        int at = self().shape().axis(axis, "repeatInterleave");
        Shape inserted = self().shape().insert(at + 1, 1);
        return reshape(inserted).expand(inserted.with(at + 1, times)).flatten(at, at + 1);
    }

    /// The lower triangle of matrices, up to the diagonal `offset` places right of the main one.
    default Tensor tril(int offset) {
        return triangle(offset, true);
    }

    default Tensor triu(int offset) {
        return triangle(offset, false);
    }

    private Tensor triangle(int offset, boolean lower) {
        Tensor columns = Tensor.arange(self().dim(-1));
        Tensor edge = Tensor.arange(self().dim(-2)).unsqueeze(1).add(offset);
        Tensor inside = lower ? columns.le(edge) : columns.ge(edge);
        return inside.where(self(), Tensor.scalar(0, self().dtype()));
    }

    /// The diagonal of the last two axes, as a last axis.
    default Tensor diagonal() {
        int n = Math.min(self().dim(-1), self().dim(-2));
        Tensor square = self().slice(-1, 0, n).slice(-2, 0, n);
        Tensor places = Tensor.arange(0, (long) n * n, n + 1L);
        return square.flatten(-2, -1).indexSelect(-1, places);
    }

    /// Matrices with the last axis on their diagonal.
    default Tensor diagonalMatrix() {
        int n = self().dim(-1);
        return Tensor.eye(n, DType.BOOL)
                .where(self().unsqueeze(-1), Tensor.scalar(0, self().dtype()));
    }

    /// The elements in order, in memory of their own if they are not.
    default Tensor contiguous() {
        Tensor x = self();
        return x.value() instanceof Value.Dense dense && !dense.view().isContiguous()
                ? new Tensor(dense.view().contiguous())
                : x;
    }
}
