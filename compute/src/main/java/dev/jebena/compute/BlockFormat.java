package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// Turns the stored blocks of one [DataType] into float32.
///
/// The default [#decode] is the readable definition of the format. What overrides it must give the
/// same bits. `BlockFormat.of(type)` finds the one for a type.
interface BlockFormat {
    DataType type();

    /// Decodes block number `block` of `source` into `target[at ...]`, one value for each of its
    /// elements. This is the format's definition: short, scalar, one formula for each value.
    void decodeBlock(MemorySegment source, long block, float[] target, int at);

    /// Decodes `count` blocks from block number `first` on into `target[at ...]`: the fast way to
    /// the same bits.
    default void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            decodeBlock(source, first + i, target, at + i * type().blockSize());
        }
    }
}
