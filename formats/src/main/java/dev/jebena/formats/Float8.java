package dev.jebena.formats;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The 8-bit floats of safetensors (Micikevicius et al. 2022) as float16, which has all of their
/// values.
enum Float8 {
    /// 4 bits of exponent (bias 7), 3 of fraction; no infinities, all ones is NaN.
    E4M3 {
        @Override
        float value(int bits) {
            int exponent = (bits >> 3) & 15;
            int fraction = bits & 7;
            if ((bits & 0x7F) == 0x7F) {
                return Float.NaN;
            }
            float magnitude =
                    exponent == 0
                            ? Math.scalb((float) fraction, -9)
                            : Math.scalb(8f + fraction, exponent - 10);
            return bits < 128 ? magnitude : -magnitude;
        }
    },
    /// 5 bits of exponent, 2 of fraction: the upper half of a float16.
    E5M2 {
        @Override
        float value(int bits) {
            return Float.float16ToFloat((short) (bits << 8));
        }
    };

    private static final ValueLayout.OfShort HALF =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// The number that a byte (0 to 255) stands for.
    abstract float value(int bits);

    /// All elements as float16 in memory of `arena`.
    MemorySegment halves(MemorySegment bytes, Arena arena) {
        short[] table = new short[256];
        for (int bits = 0; bits < table.length; bits++) {
            table[bits] = Float.floatToFloat16(value(bits));
        }
        MemorySegment halves = arena.allocate(2 * bytes.byteSize(), 64);
        for (long i = 0; i < bytes.byteSize(); i++) {
            halves.set(HALF, 2 * i, table[bytes.get(ValueLayout.JAVA_BYTE, i) & 0xFF]);
        }
        return halves.asReadOnly();
    }
}
