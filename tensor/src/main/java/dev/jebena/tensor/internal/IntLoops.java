package dev.jebena.tensor.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.BinaryKind;
import java.lang.foreign.MemorySegment;

/// Loops over int32 numbers, in blocks that the JIT makes vectors of.
final class IntLoops {
    private static final int TILE = 1 << 15;
    private static final int BLOCK = 1024;

    private IntLoops() {}

    /// Does it if there is a loop for it.
    static boolean binary(BinaryKind kind, View a, View b, View y) {
        boolean known =
                switch (kind) {
                    case ADD, SUB, MUL, MAXIMUM, MINIMUM -> true;
                    default -> false;
                };
        if (!known || a.dtype() != DType.INT32) {
            return false;
        }
        Reader first = new Reader(a);
        Reader second = new Reader(b);
        Parallel.run(
                y.size(),
                TILE,
                (begin, end) -> {
                    int[] left = new int[BLOCK];
                    int[] right = new int[BLOCK];
                    for (long at = begin; at < end; at += BLOCK) {
                        int n = (int) Math.min(BLOCK, end - at);
                        first.read(at, n, MemorySegment.ofArray(left), 0);
                        second.read(at, n, MemorySegment.ofArray(right), 0);
                        combine(kind, left, right, n);
                        long to = 4 * (y.offset() + at);
                        MemorySegment.copy(left, 0, y.memory(), JAVA_INT_UNALIGNED, to, n);
                    }
                });
        return true;
    }

    /// Into the left numbers.
    private static void combine(BinaryKind kind, int[] left, int[] right, int n) {
        switch (kind) {
            case ADD -> {
                for (int i = 0; i < n; i++) {
                    left[i] += right[i];
                }
            }
            case SUB -> {
                for (int i = 0; i < n; i++) {
                    left[i] -= right[i];
                }
            }
            case MUL -> {
                for (int i = 0; i < n; i++) {
                    left[i] *= right[i];
                }
            }
            case MAXIMUM -> {
                for (int i = 0; i < n; i++) {
                    left[i] = Math.max(left[i], right[i]);
                }
            }
            default -> {
                for (int i = 0; i < n; i++) {
                    left[i] = Math.min(left[i], right[i]);
                }
            }
        }
    }
}
