package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 bits of fraction.
final class F16Format implements BlockFormat {
    @Override
    public DataType type() {
        return DataType.F16;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        int bits = Stored.u16(source, 2 * block);
        int exponent = (bits >> 10) & 31;
        int fraction = bits & 1023;
        float magnitude;
        if (exponent == 31) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else if (exponent == 0) {
            magnitude = fraction * 0x1p-24f;
        } else {
            magnitude = Math.scalb(1024f + fraction, exponent - 25);
        }
        target[at] = (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        long begin = 2 * first;
        for (int i = 0; i < count; i++) {
            target[at + i] = Float.float16ToFloat(source.get(Stored.SHORT, begin + 2L * i));
        }
    }

    /// Rounds to nearest, ties to even; too large values become infinite.
    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        for (int i = 0; i < count; i++) {
            Stored.putHalf(target, 2 * (first + i), source[from + i]);
        }
    }
}
