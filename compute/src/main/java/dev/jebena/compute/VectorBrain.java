package dev.jebena.compute;

import static jdk.incubator.vector.VectorOperators.LSHR;

import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Conversions between float32 and bfloat16.
final class VectorBrain {
    private static final int INFINITY = 0x7F800000;

    private VectorBrain() {}

    static void narrow(long x, long y, int n) {
        int whole = n - n % Lanes.COUNT;
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            IntVector bits = Lanes.load(x + 4L * i).reinterpretAsInts();
            IntVector high = bits.lanewise(LSHR, 16);
            IntVector rounded = bits.add(0x7FFF).add(high.and(1)).lanewise(LSHR, 16);
            VectorMask<Integer> nan =
                    bits.and(Integer.MAX_VALUE).compare(VectorOperators.GT, INFINITY);
            IntVector values = rounded.blend(high.or(0x40), nan);
            ((ShortVector) values.convertShape(VectorOperators.I2S, Lanes.S, 0))
                    .intoMemorySegment(Native.ALL, y + 2L * i, ByteOrder.LITTLE_ENDIAN);
        }
        for (int i = whole; i < n; i++) {
            short value = FloatFunctions.brain(Native.getFloat(x + 4L * i));
            Native.ALL.set(Stored.SHORT, y + 2L * i, value);
        }
    }

    static void widen(long x, long y, int n) {
        int whole = n - n % Lanes.COUNT;
        for (int i = 0; i < whole; i += Lanes.COUNT) {
            Lanes.store(Lanes.brainFloats(x + 2L * i), y + 4L * i);
        }
        for (int i = whole; i < n; i++) {
            Native.putInt(y + 4L * i, Native.ALL.get(Stored.SHORT, x + 2L * i) << 16);
        }
    }
}
