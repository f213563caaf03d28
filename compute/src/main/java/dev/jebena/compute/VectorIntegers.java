package dev.jebena.compute;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Conversions between float32 and integers.
final class VectorIntegers {
    private static final float LARGEST = 0x1p31f;

    private VectorIntegers() {}

    static void widen(long x, long y, int n) {
        int whole = n - n % Lanes.COUNT;
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            IntVector ints =
                    IntVector.fromMemorySegment(
                            Lanes.I, Native.ALL, x + 4L * i, ByteOrder.LITTLE_ENDIAN);
            Lanes.store(Lanes.floats(ints), y + 4L * i);
        }
        for (int i = whole; i < n; i++) {
            Native.putFloat(y + 4L * i, Native.ALL.get(Stored.INT, x + 4L * i));
        }
    }

    static void narrow(long x, long y, int n) {
        // There is no shape for four bytes.
        int whole = Lanes.COUNT > 4 ? n - n % Lanes.COUNT : 0;
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            FloatVector values = Lanes.load(x + 4L * i);
            if (values.abs().compare(VectorOperators.LT, LARGEST).allTrue()) {
                IntVector ints = (IntVector) values.convertShape(VectorOperators.F2I, Lanes.I, 0);
                ((ByteVector) ints.convertShape(VectorOperators.I2B, Lanes.B, 0))
                        .intoMemorySegment(Native.ALL, y + i, ByteOrder.LITTLE_ENDIAN);
            } else {
                bytes(x + 4L * i, y + i, Lanes.COUNT);
            }
        }
        bytes(x + 4L * whole, y + whole, n - whole);
    }

    private static void bytes(long x, long y, int n) {
        for (int i = 0; i < n; i++) {
            Native.ALL.set(ValueLayout.JAVA_BYTE, y + i, (byte) (long) Native.getFloat(x + 4L * i));
        }
    }
}
