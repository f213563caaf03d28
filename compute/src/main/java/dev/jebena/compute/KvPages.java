package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// Keys and values of one sequence in one layer, scattered over pages of [#PAGE] positions.
///
/// A page holds, for each key/value head in turn, first its keys as `[headDim][PAGE]` (one line per
/// dimension, so that a vector register covers neighbouring positions), then its values as
/// `[PAGE][headDim]`.
///
/// @param data the memory of all pages of this layer
/// @param type F16 or F32
/// @param offsets byte offset in `data` of each page of the sequence, in order of position
/// @param length positions that hold a key and a value
public record KvPages(MemorySegment data, DataType type, long[] offsets, int length) {
    /// Positions of one page.
    public static final int PAGE = 32;

    /// Bytes of one page of one layer.
    public static long pageBytes(DataType type, int kvHeads, int headDim) {
        return 2 * type.bytes((long) PAGE * kvHeads * headDim);
    }
}
