package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// IEEE 754 binary32.
final class F32Format implements BlockFormat {
    @Override
    public DataType type() {
        return DataType.F32;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        target[at] = source.get(Stored.FLOAT, 4 * block);
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        MemorySegment.copy(source, Stored.FLOAT, 4 * first, target, at, count);
    }

    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        MemorySegment.copy(source, from, target, Stored.FLOAT, 4 * first, count);
    }
}
