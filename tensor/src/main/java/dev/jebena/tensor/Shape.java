package dev.jebena.tensor;

import java.util.Arrays;

/// Lengths of a tensor's axes. The empty shape is a scalar's.
public final class Shape {
    private static final Shape SCALAR = new Shape(new int[0]);
    private final int[] dims;
    private final long size;

    private Shape(int[] dims) {
        this.dims = dims;
        long product = 1;
        for (int dim : dims) {
            if (dim < 0) {
                throw TensorException.shape(
                        "shape %s: lengths must not be negative", Arrays.toString(dims));
            }
            try {
                product = Math.multiplyExact(product, dim);
            } catch (ArithmeticException e) {
                throw TensorException.shape(
                        "shape %s has more elements than fit into 63 bits", Arrays.toString(dims));
            }
        }
        size = product;
    }

    public static Shape of(int... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    public static Shape scalar() {
        return SCALAR;
    }

    public int rank() {
        return dims.length;
    }

    /// Length of an axis; negative axes count from the end.
    public int dim(int axis) {
        return dims[axis(axis, "shape")];
    }

    /// Number of elements.
    public long size() {
        return size;
    }

    public int[] toArray() {
        return dims.clone();
    }

    /// An axis as a number from 0; `what` names the operation in the error.
    public int axis(int axis, String what) {
        int rank = dims.length;
        int found = axis < 0 ? axis + rank : axis;
        if (found < 0 || found >= rank) {
            throw TensorException.shape(
                    "%s: axis %d is out of range for shape %s (%s)",
                    what,
                    axis,
                    this,
                    rank == 0 ? "a scalar has no axes" : "%d to %d".formatted(-rank, rank - 1));
        }
        return found;
    }

    /// This shape with another length of one axis.
    public Shape with(int axis, int length) {
        int[] changed = dims.clone();
        changed[axis(axis, "shape")] = length;
        return new Shape(changed);
    }

    /// This shape without an axis.
    public Shape without(int axis) {
        int at = axis(axis, "shape");
        int[] fewer = new int[dims.length - 1];
        System.arraycopy(dims, 0, fewer, 0, at);
        System.arraycopy(dims, at + 1, fewer, at, fewer.length - at);
        return new Shape(fewer);
    }

    /// This shape with one more axis in front of axis `at`.
    public Shape insert(int at, int length) {
        int[] more = new int[dims.length + 1];
        System.arraycopy(dims, 0, more, 0, at);
        more[at] = length;
        System.arraycopy(dims, at, more, at + 1, dims.length - at);
        return new Shape(more);
    }

    /// Axes `begin` to `end` - 1.
    public Shape slice(int begin, int end) {
        return new Shape(Arrays.copyOfRange(dims, begin, end));
    }

    /// The axes of this shape, then those of the other.
    public Shape concat(Shape other) {
        int[] all = Arrays.copyOf(dims, dims.length + other.dims.length);
        System.arraycopy(other.dims, 0, all, dims.length, other.dims.length);
        return new Shape(all);
    }

    /// The common shape of an operation of two tensors: axes are aligned at the end, and a length
    /// of 1 is stretched.
    public static Shape broadcast(String what, Shape a, Shape b) {
        if (a.equals(b)) {
            return a;
        }
        int rank = Math.max(a.rank(), b.rank());
        int[] dims = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int x = i <= a.rank() ? a.dims[a.rank() - i] : 1;
            int y = i <= b.rank() ? b.dims[b.rank() - i] : 1;
            if (x != y && x != 1 && y != 1) {
                throw TensorException.shape(
                        "%s: shapes %s and %s do not broadcast: axis %d has %d and %d; equal"
                                + " lengths or 1 are needed",
                        what, a, b, -i, x, y);
            }
            dims[rank - i] = x == 1 ? y : x;
        }
        return new Shape(dims);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
