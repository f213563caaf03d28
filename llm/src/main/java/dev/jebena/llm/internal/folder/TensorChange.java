package dev.jebena.llm.internal.folder;

import dev.jebena.compute.DataType;
import dev.jebena.formats.StoredTensor;
import dev.jebena.llm.LlmException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Makes of a folder's tensor what GGUF stores in its place.
@FunctionalInterface
interface TensorChange {
    TensorChange NONE = (tensor, heads, arena) -> tensor;

    /// Elements of a norm.
    int MOST_NORMS = 1 << 24;

    /// How attention is cut.
    record Heads(int queries, int keys) {}

    /// @param arena where a changed tensor is kept
    StoredTensor apply(StoredTensor tensor, Heads heads, Arena arena);

    /// The two halves of each head's rows, which rotation pairs, in turns: for families whose files
    /// let rotation pair neighbours.
    static TensorChange neighbours(boolean queries) {
        return (tensor, heads, arena) -> {
            int count = queries ? heads.queries : heads.keys;
            int width = perHead(tensor, count);
            return rows(
                    tensor,
                    row -> {
                        int inHead = row % width;
                        return row - inHead + inHead / 2 + inHead % 2 * (width / 2);
                    },
                    arena);
        };
    }

    /// Queries, keys and values that lie group by group (the queries of a key head, the key, the
    /// value), as all queries, all keys, all values.
    static TensorChange ungrouped() {
        return (tensor, heads, arena) -> {
            int sharing = heads.queries / heads.keys;
            int width = perHead(tensor, heads.queries + 2 * heads.keys);
            return rows(
                    tensor,
                    row -> {
                        int head = row / width;
                        int from;
                        if (head < heads.queries) {
                            from = head / sharing * (sharing + 2) + head % sharing;
                        } else {
                            int rest = head - heads.queries;
                            boolean value = rest >= heads.keys;
                            int group = value ? rest - heads.keys : rest;
                            from = group * (sharing + 2) + sharing + (value ? 1 : 0);
                        }
                        return from * width + row % width;
                    },
                    arena);
        };
    }

    /// One added to each element.
    static TensorChange plusOne() {
        return (tensor, heads, arena) -> {
            if (tensor.elements() > MOST_NORMS) {
                throw new LlmException(
                        LlmException.Code.BAD_MODEL,
                        "tensor %s of shape %s is no norm: at most %d elements"
                                .formatted(tensor.name(), tensor.shape(), MOST_NORMS));
            }
            int count = (int) tensor.elements();
            float[] values = new float[count];
            tensor.type().decode(tensor.data(), 0, count, values, 0);
            for (int i = 0; i < count; i++) {
                values[i] += 1;
            }
            MemorySegment data = arena.allocate(4L * count, 64);
            DataType.F32.encode(values, 0, data, 0, count);
            return new StoredTensor(tensor.name(), DataType.F32, tensor.shape(), data);
        };
    }

    /// A matrix with rows and columns exchanged; vectors stay.
    static TensorChange transposed() {
        return (tensor, heads, arena) -> {
            if (tensor.shape().size() != 2) {
                return tensor;
            }
            int bytes = tensor.type().blockBytes();
            long rows = tensor.shape().get(0);
            long columns = tensor.shape().get(1);
            MemorySegment from = tensor.data();
            MemorySegment data = arena.allocate(from.byteSize(), 64);
            for (long row = 0; row < rows; row++) {
                for (long column = 0; column < columns; column++) {
                    long source = bytes * (row * columns + column);
                    long target = bytes * (column * rows + row);
                    if (bytes == 2) {
                        short value = from.get(ValueLayout.JAVA_SHORT_UNALIGNED, source);
                        data.set(ValueLayout.JAVA_SHORT_UNALIGNED, target, value);
                    } else {
                        MemorySegment.copy(from, source, data, target, bytes);
                    }
                }
            }
            return new StoredTensor(tensor.name(), tensor.type(), List.of(columns, rows), data);
        };
    }

    private static int perHead(StoredTensor tensor, int heads) {
        long rows = tensor.shape().isEmpty() ? 1 : tensor.shape().getFirst();
        if (heads < 1 || rows % (2L * heads) != 0 || rows > Integer.MAX_VALUE) {
            throw new LlmException(
                    LlmException.Code.BAD_MODEL,
                    "tensor %s of shape %s cannot be cut into %d heads of an even width"
                            .formatted(tensor.name(), tensor.shape(), heads));
        }
        return Math.toIntExact(rows / heads);
    }

    /// A copy with row `order(i)` in place of row i.
    private static StoredTensor rows(StoredTensor tensor, IntUnaryOperator order, Arena arena) {
        MemorySegment from = tensor.data();
        if (from.byteSize() == 0) {
            return tensor;
        }
        long rows = tensor.shape().getFirst();
        long rowBytes = from.byteSize() / rows;
        MemorySegment data = arena.allocate(from.byteSize(), 64);
        for (int row = 0; row < rows; row++) {
            long source = order.applyAsInt(row) * rowBytes;
            MemorySegment.copy(from, source, data, row * rowBytes, rowBytes);
        }
        return new StoredTensor(tensor.name(), tensor.type(), tensor.shape(), data);
    }
}
