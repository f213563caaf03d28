package dev.jebena.compute;

import java.lang.foreign.MemorySegment;

/// A matrix of weights as it lies in a model file: `rows` rows of `columns` elements, each row a
/// whole number of blocks of `type`, without gaps. Row `r` holds the weights of output `r`: `y[r] =
/// sum over k of w[r][k] * x[k]`.
///
/// @param data native memory of exactly `rows * rowBytes()` bytes
public record WeightMatrix(DataType type, int rows, int columns, MemorySegment data) {
    public WeightMatrix {
        if (columns % type.blockSize() != 0) {
            throw new IllegalArgumentException(
                    "%s: a row of %d elements is not a whole number of blocks of %d"
                            .formatted(type, columns, type.blockSize()));
        }
        long expected = rows * type.bytes(columns);
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException(
                    "%s matrix [%d, %d] needs %d bytes, got %d"
                            .formatted(type, rows, columns, expected, data.byteSize()));
        }
    }

    /// Bytes from one row to the next.
    public long rowBytes() {
        return type.bytes(columns);
    }

    /// Rows `begin` (inclusive) to `end` (exclusive) as a matrix over the same memory.
    public WeightMatrix slice(int begin, int end) {
        return new WeightMatrix(
                type,
                end - begin,
                columns,
                data.asSlice(begin * rowBytes(), (end - begin) * rowBytes()));
    }
}
