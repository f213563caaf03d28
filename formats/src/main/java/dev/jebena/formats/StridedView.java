package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Elements of a stretch of memory in an order of their own: transposed matrices, slices, repeated
/// rows.
///
/// @param offset of the first element, in elements
/// @param strides how many elements lie between neighbours of each dimension
record StridedView(List<Long> shape, long offset, List<Long> strides) {
    /// Dimensions that NumPy allows; PyTorch has as many.
    static final int MOST_DIMENSIONS = 64;

    /// Column-major order: the first dimension is the fastest.
    static StridedView fortran(List<Long> shape) {
        Long[] strides = new Long[shape.size()];
        long stride = 1;
        for (int i = 0; i < strides.length; i++) {
            strides[i] = stride;
            stride = Math.multiplyExact(stride, Math.max(1, shape.get(i)));
        }
        return new StridedView(shape, 0, List.of(strides));
    }

    /// Whether the elements lie one after the other, the last dimension the fastest.
    boolean isContiguous() {
        long expected = 1;
        for (int i = shape.size() - 1; i >= 0; i--) {
            long length = shape.get(i);
            if (length == 0) {
                return true;
            }
            if (length != 1) {
                if (strides.get(i) != expected) {
                    return false;
                }
                expected *= length;
            }
        }
        return true;
    }

    /// The number of the last element that is read, plus one; 0 when there are none. Strides are
    /// not negative. Throws [ArithmeticException] when that is 2^63 or more.
    long end() {
        long last = offset;
        for (int i = 0; i < shape.size(); i++) {
            if (shape.get(i) == 0) {
                return 0;
            }
            last = Math.addExact(last, Math.multiplyExact(shape.get(i) - 1, (long) strides.get(i)));
        }
        return Math.addExact(last, 1);
    }

    /// Copies all elements to `target`, one after the other.
    void copy(MemorySegment source, int elementBytes, MemorySegment target) {
        if (target.byteSize() == 0) {
            return;
        }
        int rank = shape.size();
        long[] index = new long[rank];
        long columns = rank == 0 ? 1 : shape.getLast();
        long step = rank == 0 ? 1 : strides.getLast();
        long row = offset;
        for (long at = 0; at < target.byteSize(); at += columns * elementBytes) {
            copyRow(source, row, step, columns, elementBytes, target, at);
            int i = rank - 2;
            while (i >= 0 && ++index[i] == shape.get(i)) {
                row -= (index[i] - 1) * strides.get(i);
                index[i--] = 0;
            }
            if (i >= 0) {
                row += strides.get(i);
            }
        }
    }

    private static void copyRow(
            MemorySegment source,
            long first,
            long step,
            long count,
            int bytes,
            MemorySegment target,
            long at) {
        if (step == 1) {
            MemorySegment.copy(source, first * bytes, target, at, count * bytes);
            return;
        }
        for (long i = 0; i < count; i++) {
            long from = (first + i * step) * bytes;
            long to = at + i * bytes;
            switch (bytes) {
                case 1 ->
                        target.set(
                                ValueLayout.JAVA_BYTE, to, source.get(ValueLayout.JAVA_BYTE, from));
                case 4 ->
                        target.set(
                                ValueLayout.JAVA_INT_UNALIGNED,
                                to,
                                source.get(ValueLayout.JAVA_INT_UNALIGNED, from));
                default -> MemorySegment.copy(source, from, target, to, bytes);
            }
        }
    }
}
