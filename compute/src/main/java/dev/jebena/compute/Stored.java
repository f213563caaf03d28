package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads and writes the numbers inside a stored block: little-endian, at any address.
final class Stored {
    static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Stored() {}

    static byte i8(MemorySegment source, long at) {
        return source.get(ValueLayout.JAVA_BYTE, at);
    }

    static int u8(MemorySegment source, long at) {
        return source.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }

    static int u16(MemorySegment source, long at) {
        return source.get(SHORT, at) & 0xFFFF;
    }

    static int i32(MemorySegment source, long at) {
        return source.get(INT, at);
    }

    static long i64(MemorySegment source, long at) {
        return source.get(LONG, at);
    }

    /// A float16 as float32.
    static float half(MemorySegment source, long at) {
        return Float.float16ToFloat(source.get(SHORT, at));
    }

    static void putHalf(MemorySegment target, long at, float value) {
        target.set(SHORT, at, Float.floatToFloat16(value));
    }

    static void put8(MemorySegment target, long at, int value) {
        target.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    }
}
