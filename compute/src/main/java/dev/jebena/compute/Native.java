package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/// Native memory by address, for the inner loops of the vector kernels.
///
/// The kernels check bounds once a call ([Shapes]) and then work on addresses in [#ALL], a constant
/// that covers the whole address space: the compiler needs no check of bounds, lifetime or kind of
/// segment in the loop, whatever segments were seen before. The caller keeps the memory alive until
/// the call returns.
final class Native {
    static final MemorySegment ALL = all();

    private Native() {}

    @SuppressWarnings("restricted") // the launcher and the manifest enable native access
    private static MemorySegment all() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    /// Address of a segment that must be native and alive.
    static long address(MemorySegment segment) {
        if (!segment.isNative() || !segment.scope().isAlive()) {
            throw new IllegalArgumentException(
                    segment.isNative()
                            ? "kernel called with memory that is freed already"
                            : "kernel called with memory on the Java heap; allocate it from an"
                                    + " Arena");
        }
        return segment.address();
    }

    /// Address of byte `at` of a segment that must be native and alive and hold `bytes` bytes from
    /// there on.
    static long range(MemorySegment segment, long at, long bytes) {
        if (at < 0 || bytes < 0 || at > segment.byteSize() - bytes) {
            throw new IndexOutOfBoundsException(
                    "kernel called for bytes %d to %d of %d"
                            .formatted(at, at + bytes, segment.byteSize()));
        }
        return address(segment) + at;
    }

    /// Keeps memory alive until here whose addresses were used.
    @SuppressWarnings("ReachabilityFenceUsage") // a loop that failed needs its memory no more
    static void keep(MemorySegment a, MemorySegment b) {
        Reference.reachabilityFence(a);
        Reference.reachabilityFence(b);
    }

    static long row(FloatMatrix matrix, int row) {
        return address(matrix.data()) + matrix.offset(row, 0);
    }

    static float getFloat(long address) {
        return ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
    }

    static void putFloat(long address, float value) {
        ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
    }

    static void putInt(long address, int value) {
        ALL.set(Stored.INT, address, value);
    }

    /// Copies `count` numbers of an array from `from` on.
    static void copy(long[] numbers, int from, long to, int count) {
        MemorySegment.copy(numbers, from, ALL, ValueLayout.JAVA_LONG_UNALIGNED, to, count);
    }

    /// Reads one number of every cache line of a range in order and returns their sum, which the
    /// caller has to use.
    ///
    /// Brings a piece of weights into the first cache at the memory's full rate; the arithmetic
    /// between the loads of a kernel keeps too few of them under way for that (measured on Zen 5: 5
    /// GB/s without, 12 with).
    static int touch(long address, long bytes) {
        int sum = 0;
        for (long at = address; at < address + bytes - 3; at += 64) {
            sum += ALL.get(Stored.INT, at);
        }
        return sum;
    }

    /// The float16 at `address`.
    static float getHalf(long address) {
        return Float.float16ToFloat(ALL.get(Stored.SHORT, address));
    }
}
