package dev.jebena.formats;

import dev.jebena.compute.DataType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A tensor's description in a GGUF header.
///
/// @param offset from the beginning of the file's tensor data
/// @param bytes its size
/// @param at where the description stands in the file
record GgufTensor(String name, DataType type, List<Long> shape, long offset, long bytes, long at) {
    private static final int LONGEST_NAME = 4_096;
    static final int MOST_DIMENSIONS = 4;
    private static final int HEAP = 512;

    static GgufTensor read(GgufCursor cursor, long alignment) {
        long at = cursor.position();
        cursor.subject("the list of tensors", "");
        cursor.charge(HEAP);
        String name = cursor.name("a name", LONGEST_NAME);
        cursor.subject("the tensor", name);
        List<Long> shape = shape(cursor);
        long elements = 1;
        for (long length : shape) {
            if (length != 0 && elements > Long.MAX_VALUE / length) {
                throw cursor.problem(at, "it has more than 2^63 elements: " + shape);
            }
            elements *= length;
        }
        DataType type = type(cursor);
        long row = shape.isEmpty() ? 1 : shape.getLast();
        if (row % type.blockSize() != 0) {
            throw cursor.problem(
                    at,
                    "a row has %d elements, not a whole number of %s blocks of %d"
                            .formatted(row, type, type.blockSize()));
        }
        if (elements / type.blockSize() > Long.MAX_VALUE / type.blockBytes()) {
            throw cursor.problem(at, "it has more than 2^63 bytes: " + type + " " + shape);
        }
        long offset = cursor.u64("the offset");
        if (offset % alignment != 0) {
            throw cursor.problem(
                    cursor.position() - 8,
                    "the offset is " + offset + ", not a multiple of the alignment " + alignment);
        }
        return new GgufTensor(name, type, shape, offset, type.bytes(elements), at);
    }

    private static List<Long> shape(GgufCursor cursor) {
        long dimensions = cursor.u32("the number of dimensions");
        if (dimensions > MOST_DIMENSIONS) {
            throw cursor.problem(
                    cursor.position() - 4,
                    "the number of dimensions is "
                            + dimensions
                            + ", allowed is at most "
                            + MOST_DIMENSIONS);
        }
        Long[] shape = new Long[(int) dimensions];
        for (int i = shape.length - 1; i >= 0; i--) {
            shape[i] = cursor.u64("a dimension");
        }
        return List.of(shape);
    }

    private static DataType type(GgufCursor cursor) {
        long id = cursor.u32("the type");
        Optional<DataType> type = DataType.ofGgufId((int) id);
        if (type.isEmpty()) {
            throw cursor.problem(
                    cursor.position() - 4,
                    "its type "
                            + id
                            + " is not supported; use a file of another quantization, for example Q4_K_M or Q8_0");
        }
        return type.get();
    }

    /// The tensors with their bytes, by name.
    ///
    /// @param base where the tensor data begins in the file
    static Map<String, StoredTensor> place(MappedFile file, List<GgufTensor> tensors, long base) {
        checkOverlap(file, tensors);
        Map<String, StoredTensor> placed = LinkedHashMap.newLinkedHashMap(tensors.size());
        for (GgufTensor tensor : tensors) {
            // Unsigned, because the sum of three numbers below 2^63 may not be.
            long begin = base + tensor.offset;
            long end = begin + tensor.bytes;
            if (begin < 0 || Long.compareUnsigned(end, file.size()) > 0) {
                throw file.truncated(tensor.label(), begin < 0 ? begin : end);
            }
            StoredTensor stored =
                    new StoredTensor(
                            tensor.name,
                            tensor.type,
                            tensor.shape,
                            file.tensor(tensor.type, begin, tensor.bytes));
            if (placed.put(tensor.name, stored) != null) {
                throw file.problem(tensor.at, tensor.label() + " occurs twice");
            }
        }
        return placed;
    }

    private static void checkOverlap(MappedFile file, List<GgufTensor> tensors) {
        Extent[] extents = new Extent[tensors.size()];
        for (int i = 0; i < extents.length; i++) {
            GgufTensor tensor = tensors.get(i);
            extents[i] = new Extent(tensor.name, tensor.offset, tensor.bytes);
        }
        Extent.checkOverlap(file, extents);
    }

    private String label() {
        return "the tensor " + Names.quoted(name);
    }
}
