package dev.jebena.compute;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// What generated loops need beyond [Lanes]: float64, and booleans in memory, one byte each, as
/// masks, for which [Lanes#COUNT] has to be more than 4.
final class LoopLanes {
    static final VectorSpecies<Double> D =
            VectorSpecies.of(double.class, VectorShape.forBitSize(8 * Lanes.BYTES));

    private LoopLanes() {}

    static VectorMask<Float> booleans(long address) {
        return Lanes.bytes(address).compare(VectorOperators.NE, 0).cast(Lanes.F);
    }

    static void store(VectorMask<Float> mask, long address) {
        IntVector ones = IntVector.zero(Lanes.I).blend(1, mask.cast(Lanes.I));
        ((ByteVector) ones.convertShape(VectorOperators.I2B, Lanes.B, 0))
                .intoMemorySegment(Native.ALL, address, ByteOrder.LITTLE_ENDIAN);
    }
}
