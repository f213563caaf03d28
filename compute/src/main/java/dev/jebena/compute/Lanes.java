package dev.jebena.compute;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The vector shapes of this machine. A register covers all [Kernels#LANES] partial sums, or a half
/// or a quarter of them: loops over the parts of a reduction then give the same bits.
final class Lanes {
    static final VectorSpecies<Float> F =
            FloatVector.SPECIES_PREFERRED.length() > Kernels.LANES
                    ? FloatVector.SPECIES_512
                    : FloatVector.SPECIES_PREFERRED;

    /// Floats of one register: 4, 8 or 16.
    static final int COUNT = F.length();

    /// Bytes of one register.
    static final int BYTES = 4 * COUNT;

    static final VectorSpecies<Integer> I =
            VectorSpecies.of(int.class, VectorShape.forBitSize(8 * BYTES));

    /// As many shorts, and bytes, as a register holds floats. There is no shape for four bytes:
    /// code that loads bytes needs [#COUNT] > 4.
    static final VectorSpecies<Short> S =
            VectorSpecies.of(short.class, VectorShape.forBitSize(4 * BYTES));

    static final VectorSpecies<Byte> B =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 2 * BYTES)));

    static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private Lanes() {}

    static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(F, Native.ALL, address, LE);
    }

    static void store(FloatVector vector, long address) {
        vector.intoMemorySegment(Native.ALL, address, LE);
    }

    /// Unsigned bytes as ints.
    static IntVector bytes(long address) {
        return (IntVector)
                ByteVector.fromMemorySegment(B, Native.ALL, address, LE)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
    }

    /// Signed bytes as floats.
    static FloatVector signedBytes(long address) {
        return (FloatVector)
                ByteVector.fromMemorySegment(B, Native.ALL, address, LE)
                        .convertShape(VectorOperators.B2F, F, 0);
    }

    /// Unsigned shorts as ints.
    static IntVector shorts(long address) {
        return (IntVector)
                ShortVector.fromMemorySegment(S, Native.ALL, address, LE)
                        .convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
    }

    static FloatVector floats(IntVector ints) {
        return (FloatVector) ints.convertShape(VectorOperators.I2F, F, 0);
    }

    /// Float16 numbers as floats: the exponent is moved by a multiplication, which is exact and
    /// takes care of subnormal numbers; infinity and NaN get their exponent afterwards.
    static FloatVector halves(long address) {
        IntVector bits = shorts(address);
        IntVector magnitude = bits.and(0x7FFF).lanewise(VectorOperators.LSHL, 13);
        IntVector scaled = magnitude.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
        IntVector finite =
                scaled.lanewise(
                        VectorOperators.OR,
                        0x7F800000,
                        magnitude.compare(VectorOperators.GE, 0x0F800000));
        return finite.or(bits.and(0x8000).lanewise(VectorOperators.LSHL, 16)).reinterpretAsFloats();
    }

    static FloatVector brainFloats(long address) {
        return shorts(address).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }
}
