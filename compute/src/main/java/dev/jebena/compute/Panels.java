package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// Copies parts of matrices into panels `[k][width]`, which [TileProduct] multiplies: entry (n, i)
/// of a panel are the four bytes at `4 * (n * width + i)`. The default bodies are the readable
/// reference.
///
/// Where things lie is given by tables of byte offsets, which the caller answers for: that they are
/// within the memory is not checked.
public interface Panels {
    /// The fastest that this machine and its JVM flags allow.
    static Panels best() {
        return TileProductLookup.PANELS;
    }

    /// The readable reference.
    static Panels scalar() {
        return TileProductLookup.SCALAR_PANELS;
    }

    /// A part of some memory, from byte `at` on.
    record Place(MemorySegment memory, long at) {
        public Place plus(long bytes) {
            return new Place(memory, at + bytes);
        }

        /// Number `n` of a table of offsets.
        private long offset(int n) {
            return memory.get(JAVA_LONG, at + 8L * n);
        }

        private int number(long offset) {
            return memory.get(JAVA_INT_UNALIGNED, at + offset);
        }

        private short half(long offset) {
            return memory.get(JAVA_SHORT_UNALIGNED, at + offset);
        }

        private void set(long entry, int value) {
            memory.set(JAVA_INT_UNALIGNED, at + 4 * entry, value);
        }
    }

    /// Entry (n, i) for `i < count` is number i behind offset n of the table.
    default void copy(Place from, Place table, int length, int count, Place panel, int width) {
        for (int n = 0; n < length; n++) {
            long first = table.offset(n);
            for (int i = 0; i < count; i++) {
                panel.set((long) n * width + i, from.number(first + 4L * i));
            }
        }
    }

    /// Entry (n, i) for `i < count` is number n behind offset i of the table.
    default void transpose(Place from, Place table, int length, int count, Place panel, int width) {
        for (int i = 0; i < count; i++) {
            long first = table.offset(i);
            for (int n = 0; n < length; n++) {
                panel.set((long) n * width + i, from.number(first + 4L * n));
            }
        }
    }

    /// For numbers of two bytes: entry (n, i) for `i < count` is a pair, number i behind offset 2n
    /// of the table in the lower half, number i behind offset 2n + 1 in the upper one.
    default void interleave(
            Place from, Place table, int length, int count, Place panel, int width) {
        for (int n = 0; n < length; n++) {
            long first = table.offset(2 * n);
            long second = table.offset(2 * n + 1);
            for (int i = 0; i < count; i++) {
                int low = from.half(first + 2L * i) & 0xFFFF;
                int high = from.half(second + 2L * i) << 16;
                panel.set((long) n * width + i, low | high);
            }
        }
    }
}
