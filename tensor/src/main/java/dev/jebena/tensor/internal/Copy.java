package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.jebena.tensor.Shape;
import java.lang.foreign.MemorySegment;

/// Copies elements between views of one element type and shape.
public final class Copy {
    /// Elements of a tile.
    private static final int TILE = 1 << 15;

    private Copy() {}

    /// Copies all elements; the views must not overlap.
    public static void copy(View from, View to) {
        long size = from.size();
        if (to.isContiguous()) {
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
        } else if (size > 0) {
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
        if (sourceStride == 0 && targetStride == 1 && bytes == 4) {
            int value = from.get(JAVA_INT_UNALIGNED, 4 * source);
            MemorySegment run = to.asSlice(4 * target, 4L * n);
            for (int i = 0; i < n; i++) {
                run.set(JAVA_INT_UNALIGNED, 4L * i, value);
            }
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
}
