package dev.jebena.formats;

import dev.jebena.compute.DataType;
import dev.jebena.compute.WeightMatrix;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A tensor as it lies in a file.
///
/// @param name its name in the file
/// @param type how its elements are stored
/// @param shape dimensions, the slowest first: a matrix is `[rows, columns]`. (GGUF writes them the
///   other way round.)
/// @param data exactly the tensor's bytes, mapped
public record StoredTensor(String name, DataType type, List<Long> shape, MemorySegment data) {
    /// Number of elements.
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /// The tensor as a matrix: the last dimension is the columns, all others the rows. Throws
    /// [FormatException] when either is 2^31 or more.
    public WeightMatrix matrix() {
        long columns = shape.isEmpty() ? 1 : shape.getLast();
        long rows = columns == 0 ? 0 : elements() / columns;
        if (rows > Integer.MAX_VALUE || columns > Integer.MAX_VALUE) {
            throw new FormatException(
                    "the tensor %s of shape %s is too large for a matrix: at most 2^31 - 1 rows and columns"
                            .formatted(Names.quoted(name), shape));
        }
        return new WeightMatrix(type, Math.toIntExact(rows), Math.toIntExact(columns), data);
    }
}
