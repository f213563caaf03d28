package dev.jebena.compute;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Rows of activations rounded to 8 bits in blocks of 32 that share a float32 scale; native memory
/// that is filled by [Kernels#quantize] again and again.
///
/// A block is one record of [#BLOCK_BYTES] bytes: 32 signed bytes, the scale, and the negated sums
/// of the first 16, the last 16 and all 32 bytes as int32. The negated sums take a weight's zero
/// point out of a product of unsigned weights: `sum((q - z) * a) = sum(q * a) + z * -sum(a)`.
///
/// @param rows number of rows
/// @param columns elements of a row, a multiple of 32
/// @param data the records, a row after the other
public record QuantizedRows(int rows, int columns, MemorySegment data) {
    /// Elements that share a scale.
    static final int BLOCK = 32;

    static final int BLOCK_BYTES = 48;
    static final int SCALE = 32;
    static final int FIRST_SUM = 36;
    static final int LAST_SUM = 40;
    static final int SUM = 44;

    public QuantizedRows {
        if (rows < 0 || columns < 0 || columns % BLOCK != 0) {
            throw new IllegalArgumentException(
                    "quantized rows: shape [%d, %d]; the columns must be a multiple of %d"
                            .formatted(rows, columns, BLOCK));
        }
        if (data.byteSize() < rows * rowBytes(columns)) {
            throw new IllegalArgumentException(
                    "quantized rows [%d, %d] need %d bytes, got %d"
                            .formatted(rows, columns, rows * rowBytes(columns), data.byteSize()));
        }
    }

    /// Rows of zeros in memory of `arena`.
    public static QuantizedRows allocate(Arena arena, int rows, int columns) {
        long bytes = Math.max(1, rows * rowBytes(columns));
        return new QuantizedRows(rows, columns, arena.allocate(bytes, 64));
    }

    /// Rows `begin` (inclusive) to `end` (exclusive), over the same memory.
    public QuantizedRows slice(int begin, int end) {
        return new QuantizedRows(
                end - begin,
                columns,
                data.asSlice(begin * rowBytes(columns), (end - begin) * rowBytes(columns)));
    }

    /// Bytes from one row to the next.
    public static long rowBytes(int columns) {
        return (long) columns / BLOCK * BLOCK_BYTES;
    }

    /// Byte offset of a block's record in [#data()].
    long offset(int row, int block) {
        return row * rowBytes(columns) + (long) block * BLOCK_BYTES;
    }

    byte quantum(int row, int column) {
        return Stored.i8(data, offset(row, column / BLOCK) + column % BLOCK);
    }

    float scale(int row, int block) {
        return data.get(Stored.FLOAT, offset(row, block) + SCALE);
    }
}
