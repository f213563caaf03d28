package dev.jebena.compute;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A row-major matrix of float32 in native memory: activations, logits, small weights.
///
/// @param rows number of rows
/// @param columns elements of a row
/// @param stride elements from the start of one row to the start of the next, at least `columns`
/// @param data native memory that holds all rows, 64-byte aligned
public record FloatMatrix(int rows, int columns, int stride, MemorySegment data) {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    public FloatMatrix {
        if (rows < 0 || columns < 0 || stride < columns) {
            throw new IllegalArgumentException(
                    "float matrix: bad shape [%d, %d], stride %d".formatted(rows, columns, stride));
        }
        if (rows > 0 && data.byteSize() < 4 * ((long) (rows - 1) * stride + columns)) {
            throw new IllegalArgumentException(
                    "float matrix [%d, %d], stride %d, does not fit into %d bytes"
                            .formatted(rows, columns, stride, data.byteSize()));
        }
    }

    /// A matrix of zeros in memory of `arena`; rows begin at multiples of 64 bytes.
    public static FloatMatrix allocate(Arena arena, int rows, int columns) {
        int stride = (columns + 15) & ~15;
        return new FloatMatrix(
                rows, columns, stride, arena.allocate(4L * Math.max(1, rows) * stride, 64));
    }

    /// One row with the given values, in memory of `arena`.
    public static FloatMatrix of(Arena arena, float... values) {
        FloatMatrix matrix = allocate(arena, 1, values.length);
        matrix.setRow(0, values);
        return matrix;
    }

    /// Byte offset of element (`row`, `column`) in [#data()].
    public long offset(int row, int column) {
        return 4 * ((long) row * stride + column);
    }

    public float get(int row, int column) {
        return data.get(FLOAT, offset(row, column));
    }

    public void set(int row, int column, float value) {
        data.set(FLOAT, offset(row, column), value);
    }

    /// A copy of one row.
    public float[] row(int row) {
        float[] values = new float[columns];
        MemorySegment.copy(data, FLOAT, offset(row, 0), values, 0, columns);
        return values;
    }

    /// Overwrites the first `values.length` elements of a row.
    public void setRow(int row, float[] values) {
        MemorySegment.copy(values, 0, data, FLOAT, offset(row, 0), values.length);
    }

    /// Copies a row to another matrix with as many columns.
    public void copyRow(int row, FloatMatrix target, int targetRow) {
        MemorySegment.copy(
                data, offset(row, 0), target.data, target.offset(targetRow, 0), 4L * columns);
    }

    /// Multiplies a row with a number.
    public void scaleRow(int row, float factor) {
        for (int i = 0; factor != 1 && i < columns; i++) {
            set(row, i, get(row, i) * factor);
        }
    }

    /// Makes a row zero.
    public void clearRow(int row) {
        data.asSlice(offset(row, 0), 4L * columns).fill((byte) 0);
    }

    /// Rows `begin` (inclusive) to `end` (exclusive), over the same memory.
    public FloatMatrix slice(int begin, int end) {
        return new FloatMatrix(end - begin, columns, stride, data.asSlice(offset(begin, 0)));
    }

    /// Columns `begin` (inclusive) to `end` (exclusive) of every row, over the same memory.
    public FloatMatrix columns(int begin, int end) {
        return new FloatMatrix(rows, end - begin, stride, data.asSlice(4L * begin));
    }
}
