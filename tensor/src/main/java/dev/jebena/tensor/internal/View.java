package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import java.lang.foreign.MemorySegment;

/// Elements of a storage as a tensor sees them.
///
/// @param offset first element
/// @param strides elements from one index of an axis to the next; 0 where a value is repeated
public record View(DType dtype, Shape shape, Storage storage, long offset, long[] strides) {
    /// New memory with any content.
    public static View allocate(DType dtype, Shape shape) {
        Storage storage = Storage.allocate(shape.size() * dtype.bytes());
        Temporaries.note(storage);
        return new View(dtype, shape, storage, 0, rowMajor(shape));
    }

    public static long[] rowMajor(Shape shape) {
        long[] strides = new long[shape.rank()];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, shape.dim(i));
        }
        return strides;
    }

    public MemorySegment memory() {
        return storage.memory();
    }

    public long size() {
        return shape.size();
    }

    public long stride(int axis) {
        return strides[axis];
    }

    /// Byte offset of the first element.
    public long start() {
        return offset * dtype.bytes();
    }

    /// Whether the elements lie one behind the other in the order of indices.
    public boolean isContiguous() {
        if (size() <= 1) {
            return true;
        }
        long expected = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            int dim = shape.dim(i);
            if (dim != 1 && strides[i] != expected) {
                return false;
            }
            expected *= dim;
        }
        return true;
    }

    /// Whether all elements are one.
    public boolean isRepeated() {
        for (int i = 0; i < strides.length; i++) {
            if (strides[i] != 0 && shape.dim(i) > 1) {
                return false;
            }
        }
        return true;
    }

    /// This view, or a copy in the order of indices.
    public View contiguous() {
        if (isContiguous()) {
            return this;
        }
        View copy = allocate(dtype, shape);
        Copy.copy(this, copy);
        return copy;
    }

    /// The same memory with other axes.
    public View as(Shape newShape, long... newStrides) {
        return new View(dtype, newShape, storage, offset, newStrides);
    }

    /// The same memory from a later element on, with other axes.
    public View at(long newOffset, Shape newShape, long... newStrides) {
        return new View(dtype, newShape, storage, newOffset, newStrides);
    }

    /// The axes in another order.
    public View permute(int... order) {
        int[] dims = new int[order.length];
        long[] changed = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            dims[i] = shape.dim(order[i]);
            changed[i] = strides[order[i]];
        }
        return as(Shape.of(dims), changed);
    }

    /// This contiguous view with another shape of as many elements.
    public View reshaped(Shape newShape) {
        return as(newShape, rowMajor(newShape));
    }

    /// `length` elements of an axis from `begin` on.
    public View narrow(int axis, long begin, int length) {
        return at(offset + begin * strides[axis], shape.with(axis, length), strides);
    }
}
