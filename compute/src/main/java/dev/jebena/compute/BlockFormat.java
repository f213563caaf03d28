package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Turns the stored blocks of one [DataType] into float32 and back.
///
/// [#decodeBlock] is the readable definition of the format; [#decode] is the fast way to the same
/// bits. Only a NaN's payload is left open, as Java leaves it open for arithmetic. All methods
/// check bounds through the segment and the array.
interface BlockFormat {
    /// The format of `type`.
    static BlockFormat of(DataType type) {
        return FormatLookup.of(type);
    }

    DataType type();

    /// Decodes block number `block` of `source` into `target[at ...]`, one value for each of its
    /// elements: short, scalar, one formula for each value.
    void decodeBlock(MemorySegment source, long block, float[] target, int at);

    /// Decodes `count` blocks from block number `first` on into `target[at ...]`.
    default void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            decodeBlock(source, first + i, target, at + i * type().blockSize());
        }
    }

    /// Encodes `source[from ...]` into `count` blocks of `target` from block number `first` on, as
    /// [DataType#encode(float[], int, MemorySegment, long, int)] says.
    default void encode(float[] source, int from, MemorySegment target, long first, int count) {
        encode(source, from, null, target, first, count);
    }

    /// Encodes as [DataType#encode(float[], int, float[], MemorySegment, long, int)] says.
    ///
    /// @param importance of the elements, the first one's first; null if it is not known
    /// @throws UnsupportedOperationException if this type can only be read
    default void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        throw new UnsupportedOperationException(
                "%s can be read, not written; write one of %s"
                        .formatted(type(), DataType.writable()));
    }
}
