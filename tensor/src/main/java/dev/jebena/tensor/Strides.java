package dev.jebena.tensor;

import dev.jebena.tensor.internal.View;
import org.jspecify.annotations.Nullable;

/// Views by other strides over the same memory.
final class Strides {
    private Strides() {}

    /// Null if no strides give the elements in that shape.
    static @Nullable View reshape(View x, Shape shape) {
        if (x.isContiguous()) {
            return x.reshaped(shape);
        }
        if (x.isRepeated()) {
            return x.as(shape, new long[shape.rank()]);
        }
        // Axes of one element fit anywhere.
        int[] dims = new int[x.shape().rank()];
        long[] old = new long[dims.length];
        int count = 0;
        for (int i = 0; i < dims.length; i++) {
            if (x.shape().dim(i) != 1) {
                dims[count] = x.shape().dim(i);
                old[count++] = x.stride(i);
            }
        }
        long[] strides = new long[shape.rank()];
        int to = shape.rank() - 1;
        // Runs of old axes that lie one in the other, the last ones first.
        for (int axis = count - 1; axis >= 0; axis--) {
            long length = dims[axis];
            long stride = old[axis];
            while (axis > 0 && old[axis - 1] == dims[axis] * old[axis]) {
                axis--;
                length *= dims[axis];
            }
            long covered = 1;
            while (to >= 0 && covered < length) {
                strides[to] = stride * covered;
                covered *= shape.dim(to);
                to--;
            }
            if (covered != length) {
                return null;
            }
        }
        return x.as(shape, strides);
    }

    static View expand(View x, Shape shape) {
        long[] strides = new long[shape.rank()];
        for (int i = 0; i < strides.length; i++) {
            strides[i] = x.shape().dim(i) == shape.dim(i) ? x.stride(i) : 0;
        }
        return x.as(shape, strides);
    }

    static View slice(View x, Op.Slice s, Shape shape) {
        long offset = x.offset();
        long[] strides = new long[shape.rank()];
        for (int i = 0; i < strides.length; i++) {
            offset += s.begin().get(i) * x.stride(i);
            strides[i] = x.stride(i) * s.step().get(i);
        }
        return x.at(offset, shape, strides);
    }

    static View flip(View x, Ints axes) {
        long offset = x.offset();
        long[] strides = x.strides().clone();
        for (int i = 0; i < axes.size(); i++) {
            int axis = axes.get(i);
            offset += Math.max(0, x.shape().dim(axis) - 1) * strides[axis];
            strides[axis] = -strides[axis];
        }
        return x.at(offset, x.shape(), strides);
    }

    static View unfold(View x, Op.Unfold u, Shape shape) {
        long[] strides = java.util.Arrays.copyOf(x.strides(), shape.rank());
        strides[shape.rank() - 1] = x.stride(u.axis());
        strides[u.axis()] = x.stride(u.axis()) * u.step();
        return x.at(x.offset(), shape, strides);
    }
}
