package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// Keys and values of one sequence in one layer, scattered over pages of [#PAGE] positions.
///
/// A page holds, for each key/value head in turn, first its keys as `[headDim][PAGE]` (one line per
/// dimension, so that a vector register covers neighbouring positions), then its values as
/// `[PAGE][headDim]`.
///
/// With Q8_0, 32 neighbouring dimensions of one key or value are rounded to 8 bits and share a
/// scale, as in a block of [DataType#Q8_0]: `d = largest magnitude / 127` as float16, and a number
/// is `d * q`, which float32 holds exactly. But the bytes q lie apart from the scales: keys as
/// `[headDim][PAGE]` and then their scales as `[headDim / 32][PAGE]`, values as `[PAGE][headDim]`
/// and then theirs as `[headDim / 32][PAGE]` too. A page is as large as that many blocks.
///
/// @param data the memory of all pages of this layer
/// @param type F16, F32 or Q8_0
/// @param offsets byte offset in `data` of each page of the sequence, in order of position
/// @param length positions that hold a key and a value
public record KvPages(MemorySegment data, DataType type, long[] offsets, int length) {
    /// Positions of one page.
    public static final int PAGE = 32;

    /// Whether keys and values of this size can be kept as `type`: Q8_0 takes whole blocks of 32.
    public static boolean supports(DataType type, int headDim) {
        return switch (type) {
            case F16, F32 -> true;
            case Q8_0 -> headDim % type.blockSize() == 0;
            default -> false;
        };
    }

    /// Bytes of one page of one layer.
    public static long pageBytes(DataType type, int kvHeads, int headDim) {
        return 2L * kvHeads * partBytes(type, headDim);
    }

    /// Bytes of the keys, or of the values, of one head in a page.
    static long partBytes(DataType type, int headDim) {
        return type.bytes((long) PAGE * headDim);
    }
}
