package dev.jebena.formats;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// A tensor of plain elements: dense, little-endian, the last dimension the fastest.
///
/// @param name its name in the file
/// @param shape dimensions; none for a scalar
/// @param data exactly the tensor's bytes; mapped where the file has them in this order
public record PlainTensor(String name, ElementType type, List<Long> shape, MemorySegment data) {
    /// Throws [IllegalArgumentException] unless `data` has as many bytes as type and shape say.
    public PlainTensor {
        shape = List.copyOf(shape);
        long bytes = type.bytes(elements(shape));
        if (data.byteSize() != bytes) {
            throw new IllegalArgumentException(
                    "the tensor %s of %s%s takes %d bytes, its data has %d"
                            .formatted(Names.quoted(name), type, shape, bytes, data.byteSize()));
        }
    }

    /// Number of elements.
    public long elements() {
        return elements(shape);
    }

    /// The same under another name.
    public PlainTensor withName(String name) {
        return new PlainTensor(name, type, shape, data);
    }

    /// The same for kernels; empty when they have no such element type.
    public Optional<StoredTensor> stored() {
        return type.dataType().map(known -> new StoredTensor(name, known, shape, data));
    }

    private static long elements(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
