package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The upper 16 bits of a binary32.
final class BF16Format implements BlockFormat {
    @Override
    public DataType type() {
        return DataType.BF16;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        target[at] = Float.intBitsToFloat(Stored.u16(source, 2 * block) << 16);
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        long begin = 2 * first;
        for (int i = 0; i < count; i++) {
            target[at + i] = Float.intBitsToFloat(source.get(Stored.SHORT, begin + 2L * i) << 16);
        }
    }

    /// Rounds to nearest, ties to even; a NaN stays one, made quiet.
    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        for (int i = 0; i < count; i++) {
            int bits = Float.floatToRawIntBits(source[from + i]);
            int rounded =
                    Float.isNaN(source[from + i])
                            ? (bits >>> 16) | 0x40
                            : (bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16;
            target.set(Stored.SHORT, 2 * (first + i), (short) rounded);
        }
    }
}
