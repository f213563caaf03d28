package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.jebena.tensor.Shape;
import dev.jebena.tensor.TensorException;
import java.lang.foreign.MemorySegment;

/// Elements and slices by indices.
public final class IndexLoops {
    private static final int TILE = 16384;

    private IndexLoops() {}

    /// Reads an index and checks it.
    private static long checked(View index, long at, int length, String what, int axis) {
        long i = Elements.integer(index.dtype(), index.memory(), index.offset() + at);
        if (i < 0 || i >= length) {
            throw TensorException.index(
                    "%s: index %d is out of range for axis %d of %d elements (0 to %d)",
                    what, i, axis, length, length - 1);
        }
        return i;
    }

    /// For each place of `index` the place of the element it means in `x`, at `along` of the axis.
    private static final class Places {
        private final View x;
        private final Shape shape;
        private final int axis;

        Places(View x, View index, int axis) {
            this.x = x;
            shape = index.shape();
            this.axis = axis;
        }

        long of(long at, long along) {
            long rest = at;
            long place = x.offset() + along * x.stride(axis);
            for (int i = shape.rank() - 1; i >= 0; i--) {
                long coordinate = rest % shape.dim(i);
                rest /= shape.dim(i);
                if (i != axis) {
                    place += coordinate * x.stride(i);
                }
            }
            return place;
        }
    }

    private static View raised(View x) {
        return x.shape().rank() == 0 ? x.as(Shape.of(1), 1) : x;
    }

    public static void gather(int axis, View x, View index, View y) {
        View indices = index.contiguous();
        int length = x.shape().dim(axis);
        Places places = new Places(x, index, axis);
        int bytes = x.dtype().bytes();
        Parallel.run(
                y.size(),
                TILE,
                (begin, end) -> {
                    for (long at = begin; at < end; at++) {
                        long from = places.of(at, checked(indices, at, length, "gather", axis));
                        Copy.run(x.memory(), from, 1, y.memory(), at, 1, 1, bytes);
                    }
                });
    }

    /// In order, so that the last of several elements for one place stays, and sums are the same
    /// every time.
    public static void scatter(int axis, boolean add, View x, View index, View source, View y) {
        Copy.copy(x, y);
        View indices = index.contiguous();
        View from = source.contiguous();
        int length = x.shape().dim(axis);
        Places places = new Places(raised(y), raised(index), axis);
        int bytes = x.dtype().bytes();
        for (long at = 0; at < index.size(); at++) {
            long to = places.of(at, checked(indices, at, length, "scatter", axis));
            if (add) {
                Accumulate.add(y, to, from, from.offset() + at);
            } else {
                Copy.run(from.memory(), from.offset() + at, 1, y.memory(), to, 1, 1, bytes);
            }
        }
    }

    private static long behind(Shape shape, int axis) {
        long inner = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            inner *= shape.dim(i);
        }
        return inner;
    }

    public static void select(int axis, View x, View index, View y) {
        View indices = index.contiguous();
        View from = x.contiguous();
        int length = x.shape().dim(axis);
        int count = index.shape().dim(0);
        long inner = behind(x.shape(), axis);
        int bytes = x.dtype().bytes();
        long slices = inner == 0 ? 0 : y.size() / inner;
        MemorySegment memory = from.memory();
        if (inner == 1 && bytes == 4 && slices > 0) {
            selectNumbers(axis, from, indices, y);
            return;
        }
        Parallel.run(
                slices,
                Math.max(1, TILE / Math.max(1, inner)),
                (begin, end) -> {
                    for (long slice = begin; slice < end; slice++) {
                        long i = checked(indices, slice % count, length, "indexSelect", axis);
                        long source = from.offset() + (slice / count * length + i) * inner;
                        MemorySegment.copy(
                                memory,
                                source * bytes,
                                y.memory(),
                                slice * inner * bytes,
                                inner * bytes);
                    }
                });
    }

    /// Single numbers of four bytes of the last axis, whose index is read once.
    private static void selectNumbers(int axis, View from, View indices, View y) {
        int length = from.shape().dim(axis);
        int count = indices.shape().dim(0);
        long[] places = new long[count];
        for (int i = 0; i < count; i++) {
            places[i] = checked(indices, i, length, "indexSelect", axis);
        }
        MemorySegment memory = from.memory();
        Parallel.run(
                y.size() / count,
                Math.max(1, TILE / count),
                (begin, end) -> {
                    for (long row = begin; row < end; row++) {
                        long source = from.offset() + row * length;
                        long target = row * count;
                        for (int i = 0; i < count; i++) {
                            int bits = memory.getAtIndex(JAVA_INT_UNALIGNED, source + places[i]);
                            y.memory().setAtIndex(JAVA_INT_UNALIGNED, target + i, bits);
                        }
                    }
                });
    }

    /// Each thread takes other slices in front of the axis, or other elements behind it; the
    /// indices are always gone through in order.
    public static void add(int axis, View x, View index, View source, View y) {
        Copy.copy(x, y);
        View indices = index.contiguous();
        View from = source.contiguous();
        int length = x.shape().dim(axis);
        int count = index.shape().dim(0);
        long inner = behind(x.shape(), axis);
        long outer = y.size() == 0 ? 0 : y.size() / (inner * length);
        long tile = Math.max(64, TILE / Math.max(1, count));
        long parts = (inner + tile - 1) / tile;
        Parallel.run(
                outer * parts,
                1,
                (begin, end) -> {
                    for (long task = begin; task < end; task++) {
                        long o = task / parts;
                        long left = task % parts * tile;
                        long n = Math.min(tile, inner - left);
                        for (int k = 0; k < count; k++) {
                            long i = checked(indices, k, length, "indexAdd", axis);
                            long to = (o * length + i) * inner + left;
                            long at = from.offset() + (o * count + k) * inner + left;
                            if (!FloatPath.addTo(y, to, from, at, n)) {
                                for (long j = 0; j < n; j++) {
                                    Accumulate.add(y, to + j, from, at + j);
                                }
                            }
                        }
                    }
                });
    }
}
