package dev.jebena.compute;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Memory of one thread that a kernel may use until it returns. It grows to the largest request, so
/// that a running model allocates nothing.
final class Scratch {
    private static final ThreadLocal<Scratch> OWN = ThreadLocal.withInitial(Scratch::new);

    private MemorySegment memory = MemorySegment.NULL;
    private MemorySegment row = MemorySegment.NULL;
    private final MemorySegment sums = Arena.ofAuto().allocate(4L * FloatArrays.SUMS, 64);
    private float[] array = new float[0];

    private Scratch() {}

    static Scratch own() {
        return OWN.get();
    }

    /// Address of at least `bytes` bytes, 64-byte aligned, with any content. Overwrites what an
    /// earlier call returned.
    long memory(long bytes) {
        if (memory.byteSize() < bytes) {
            memory = allocate(bytes);
        }
        return memory.address();
    }

    /// The same once more, for functions of one row that others call.
    long row(long bytes) {
        if (row.byteSize() < bytes) {
            row = allocate(bytes);
        }
        return row.address();
    }

    /// Address of [FloatArrays#SUMS] numbers.
    long sums() {
        return sums.address();
    }

    /// Freed by the garbage collector once this thread has ended.
    private static MemorySegment allocate(long bytes) {
        return Arena.ofAuto().allocate(Math.max(bytes, 1 << 16), 64);
    }

    /// An array of at least `length` elements.
    float[] array(int length) {
        if (array.length < length) {
            array = new float[length];
        }
        return array;
    }
}
