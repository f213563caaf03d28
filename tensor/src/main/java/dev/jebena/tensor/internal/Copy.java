package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.jebena.compute.Panels;
import dev.jebena.compute.Panels.Place;
import dev.jebena.tensor.Shape;
import java.lang.foreign.MemorySegment;

/// Copies elements between views of one element type and shape.
public final class Copy {
    /// Elements of a tile.
    private static final int TILE = 1 << 15;

    /// Rows of a tile that is transposed: one cache line of each column.
    private static final int EDGE = 16;

    private static final int COLUMNS = 64;

    private static final Panels PANELS = Panels.best();

    private Copy() {}

    /// Copies all elements; the views must not overlap.
    public static void copy(View from, View to) {
        long size = from.size();
        if (size == 0) {
            return;
        }
        if (to.isContiguous()) {
            if (transpose(from, to)) {
                return;
            }
            Reader reader = new Reader(from);
            Parallel.run(
                    size,
                    TILE,
                    (begin, end) -> {
                        for (long at = begin; at < end; at += TILE) {
                            int n = (int) Math.min(TILE, end - at);
                            reader.read(at, n, to.memory(), to.offset() + at);
                        }
                    });
        } else {
            scatter(from, to, 0, from.offset(), to.offset());
        }
    }

    private static void scatter(View from, View to, int axis, long source, long target) {
        Shape shape = from.shape();
        if (axis >= shape.rank() - 1) {
            int n = shape.rank() == 0 ? 1 : shape.dim(axis);
            long sourceStride = shape.rank() == 0 ? 0 : from.stride(axis);
            long targetStride = shape.rank() == 0 ? 0 : to.stride(axis);
            run(
                    from.memory(),
                    source,
                    sourceStride,
                    to.memory(),
                    target,
                    targetStride,
                    n,
                    from.dtype().bytes());
            return;
        }
        for (int i = 0; i < shape.dim(axis); i++) {
            scatter(
                    from,
                    to,
                    axis + 1,
                    source + i * from.stride(axis),
                    target + i * to.stride(axis));
        }
    }

    /// `n` elements of `bytes` bytes; places and strides count elements.
    static void run(
            MemorySegment from,
            long source,
            long sourceStride,
            MemorySegment to,
            long target,
            long targetStride,
            int n,
            int bytes) {
        if (sourceStride == 1 && targetStride == 1) {
            MemorySegment.copy(from, source * bytes, to, target * bytes, (long) n * bytes);
            return;
        }
        if (sourceStride == 0 && targetStride == 1) {
            repeat(from, source * bytes, to, target * bytes, n, bytes);
            return;
        }
        switch (bytes) {
            case 1 -> {
                for (int i = 0; i < n; i++) {
                    byte value = from.get(JAVA_BYTE, source + i * sourceStride);
                    to.set(JAVA_BYTE, target + i * targetStride, value);
                }
            }
            case 2 -> {
                for (int i = 0; i < n; i++) {
                    short value = from.get(JAVA_SHORT_UNALIGNED, 2 * (source + i * sourceStride));
                    to.set(JAVA_SHORT_UNALIGNED, 2 * (target + i * targetStride), value);
                }
            }
            case 4 -> {
                for (int i = 0; i < n; i++) {
                    int value = from.get(JAVA_INT_UNALIGNED, 4 * (source + i * sourceStride));
                    to.set(JAVA_INT_UNALIGNED, 4 * (target + i * targetStride), value);
                }
            }
            default -> {
                for (int i = 0; i < n; i++) {
                    long value = from.get(JAVA_LONG_UNALIGNED, 8 * (source + i * sourceStride));
                    to.set(JAVA_LONG_UNALIGNED, 8 * (target + i * targetStride), value);
                }
            }
        }
    }

    /// One element `n` times: what is written already is copied behind itself.
    private static void repeat(
            MemorySegment from, long source, MemorySegment to, long target, int n, int bytes) {
        long all = (long) n * bytes;
        MemorySegment.copy(from, source, to, target, Math.min(all, bytes));
        for (long done = bytes; done < all; done *= 2) {
            MemorySegment.copy(to, target, to, target + done, Math.min(done, all - done));
        }
    }

    /// Transposes matrices of 4-byte elements tile by tile, so that neither side is read across its
    /// lines; false where the views are not of that kind.
    private static boolean transpose(View from, View to) {
        int rank = from.shape().rank();
        if (from.dtype().bytes() != 4 || rank < 2 || from.stride(rank - 2) != 1) {
            return false;
        }
        int rows = from.shape().dim(-2);
        int columns = from.shape().dim(-1);
        long[] offsets = new long[columns];
        for (int i = 0; i < columns; i++) {
            offsets[i] = 4L * i * from.stride(rank - 1);
        }
        MemorySegment table = Storage.allocate(8L * columns).memory();
        MemorySegment.copy(offsets, 0, table, JAVA_LONG_UNALIGNED, 0, columns);
        long matrices = from.size() / rows / columns;
        int tiles = (rows + EDGE - 1) / EDGE;
        Reader starts = new Reader(from.narrow(rank - 2, 0, 1).narrow(rank - 1, 0, 1));
        Parallel.run(
                matrices * tiles,
                Math.max(1, TILE / EDGE / columns),
                (begin, end) -> {
                    for (long i = begin; i < end; i++) {
                        int row = (int) (i % tiles) * EDGE;
                        int count = Math.min(EDGE, rows - row);
                        long source = starts.place(i / tiles) + row;
                        long target =
                                to.offset() + i / tiles * rows * columns + (long) row * columns;
                        for (int column = 0; column < columns; column += COLUMNS) {
                            PANELS.transpose(
                                    new Place(from.memory(), 4 * source),
                                    new Place(table, 8L * column),
                                    count,
                                    Math.min(COLUMNS, columns - column),
                                    new Place(to.memory(), 4 * (target + column)),
                                    columns);
                        }
                    }
                });
        return true;
    }
}
