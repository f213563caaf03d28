package dev.jebena.compute;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/// [FloatArrays] in plain Java.
enum ScalarFloatArrays implements FloatArrays {
    INSTANCE;

    static float get(MemorySegment memory, long at, int index) {
        return memory.get(JAVA_FLOAT_UNALIGNED, at + 4L * index);
    }

    static void set(MemorySegment memory, long at, int index, float value) {
        memory.set(JAVA_FLOAT_UNALIGNED, at + 4L * index, value);
    }

    static float[] array(MemorySegment memory, long at, int n) {
        float[] values = new float[n];
        MemorySegment.copy(memory, JAVA_FLOAT_UNALIGNED, at, values, 0, n);
        return values;
    }
}
