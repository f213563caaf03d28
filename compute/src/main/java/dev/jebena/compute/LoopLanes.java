package dev.jebena.compute;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Booleans in memory, one byte each, as masks for generated loops; needs [Lanes#COUNT] > 4.
final class LoopLanes {
    private LoopLanes() {}

    static VectorMask<Float> booleans(long address) {
        return Lanes.bytes(address).compare(VectorOperators.NE, 0).cast(Lanes.F);
    }

    static void store(VectorMask<Float> mask, long address) {
        IntVector ones = IntVector.zero(Lanes.I).blend(1, mask.cast(Lanes.I));
        ((ByteVector) ones.convertShape(VectorOperators.I2B, Lanes.B, 0))
                .intoMemorySegment(Native.ALL, address, ByteOrder.LITTLE_ENDIAN);
    }

    static FloatVector all(float value) {
        return FloatVector.broadcast(Lanes.F, value);
    }

    static IntVector all(int value) {
        return IntVector.broadcast(Lanes.I, value);
    }
}
