package dev.jebena.llm.internal.folder;

import dev.jebena.compute.DataType;
import dev.jebena.formats.StoredTensor;
import dev.jebena.llm.LlmException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;

/// Makes of a folder's tensor what GGUF stores in its place, and back.
///
/// @param toGguf from the folder's form
/// @param toFolder from GGUF's
record TensorChange(Step toGguf, Step toFolder) {
    /// One direction.
    @FunctionalInterface
    interface Step {
        /// @param arena where a changed tensor is kept
        StoredTensor apply(StoredTensor tensor, Heads heads, Arena arena);
    }

    private static final Step SAME = (tensor, heads, arena) -> tensor;

    private static final Step EXCHANGE =
            (tensor, heads, arena) ->
                    tensor.shape().size() == 2 ? exchanged(tensor, arena) : tensor;

    private static final TensorChange TRANSPOSED = new TensorChange(EXCHANGE, EXCHANGE);

    static final TensorChange NONE = new TensorChange(SAME, SAME);

    /// Elements of a norm, or of another table that is changed number by number.
    static final int MOST_NUMBERS = 1 << 24;

    /// How attention is cut.
    record Heads(int queries, int keys) {}

    /// The two halves of each head's rows, which rotation pairs, in turns: for families whose files
    /// let rotation pair neighbours.
    static TensorChange neighbours(boolean queries) {
        return ordered((tensor, heads) -> {
            int width = perHead(tensor, queries ? heads.queries : heads.keys);
            return row -> {
                int inHead = row % width;
                return row - inHead + inHead / 2 + inHead % 2 * (width / 2);
            };
        });
    }

    /// Queries, keys and values that lie group by group (the queries of a key head, the key, the
    /// value), as all queries, all keys, all values.
    static TensorChange ungrouped() {
        return ordered((tensor, heads) -> {
            int sharing = heads.queries / heads.keys;
            int width = perHead(tensor, heads.queries + 2 * heads.keys);
            return row -> {
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
            };
        });
    }

    /// One added to each element.
    static TensorChange plusOne() {
        return numbers(x -> x + 1, x -> x - 1);
    }

    /// Minus the exponential of each element: a decay whose logarithm the folder has.
    static TensorChange decay() {
        return numbers(x -> -Math.exp(x), x -> Math.log(-x));
    }

    /// A matrix with rows and columns exchanged; vectors stay.
    static TensorChange transposed() {
        return TRANSPOSED;
    }

    /// A matrix in place of a table whose middle dimension is 1.
    static TensorChange flat() {
        return new TensorChange(
                (tensor, heads, arena) -> {
                    List<Long> shape = new ArrayList<>(tensor.shape());
                    shape.removeIf(length -> length == 1);
                    return shaped(tensor, shape);
                },
                (tensor, heads, arena) -> {
                    List<Long> shape = new ArrayList<>(tensor.shape());
                    if (shape.size() == 2) {
                        shape.add(1, 1L);
                    }
                    return shaped(tensor, shape);
                });
    }

    /// A vector in place of a matrix of one row.
    static TensorChange row() {
        return new TensorChange(
                (tensor, heads, arena) -> shaped(tensor, List.of(tensor.elements())),
                (tensor, heads, arena) -> shaped(tensor, List.of(1L, tensor.elements())));
    }

    /// Without the first `count` rows, which no text uses; they come back as zeros.
    static TensorChange rowsLeftOut(int count) {
        return new TensorChange(
                (tensor, heads, arena) -> {
                    long rows = rowsOf(tensor);
                    if (rows <= count) {
                        throw bad(tensor, "has no more than the %d rows left out".formatted(count));
                    }
                    long skipped = tensor.data().byteSize() / rows * count;
                    List<Long> shape = new ArrayList<>(tensor.shape());
                    shape.set(0, rows - count);
                    return new StoredTensor(
                            tensor.name(), tensor.type(), shape, tensor.data().asSlice(skipped));
                },
                (tensor, heads, arena) -> {
                    long rows = rowsOf(tensor);
                    long added = tensor.data().byteSize() / rows * count;
                    MemorySegment data = arena.allocate(added + tensor.data().byteSize(), 64);
                    data.asSlice(added).copyFrom(tensor.data());
                    List<Long> shape = new ArrayList<>(tensor.shape());
                    shape.set(0, rows + count);
                    return new StoredTensor(tensor.name(), tensor.type(), shape, data);
                });
    }

    private static long rowsOf(StoredTensor tensor) {
        return tensor.shape().isEmpty() ? 1 : Math.max(1, tensor.shape().getFirst());
    }

    private static StoredTensor shaped(StoredTensor tensor, List<Long> shape) {
        return new StoredTensor(tensor.name(), tensor.type(), List.copyOf(shape), tensor.data());
    }

    private static TensorChange numbers(DoubleUnaryOperator apply, DoubleUnaryOperator undo) {
        return new TensorChange(
                (tensor, heads, arena) -> each(tensor, apply, arena),
                (tensor, heads, arena) -> each(tensor, undo, arena));
    }

    private static StoredTensor each(StoredTensor tensor, DoubleUnaryOperator change, Arena arena) {
        if (tensor.elements() > MOST_NUMBERS) {
            throw bad(tensor, "is no norm: at most %d elements".formatted(MOST_NUMBERS));
        }
        int count = (int) tensor.elements();
        float[] values = new float[count];
        tensor.type().decode(tensor.data(), 0, count / tensor.type().blockSize(), values, 0);
        for (int i = 0; i < count; i++) {
            values[i] = (float) change.applyAsDouble(values[i]);
        }
        MemorySegment data = arena.allocate(4L * count, 64);
        DataType.F32.encode(values, 0, data, 0, count);
        return new StoredTensor(tensor.name(), DataType.F32, tensor.shape(), data);
    }

    private static StoredTensor exchanged(StoredTensor stored, Arena arena) {
        StoredTensor tensor = plain(stored, arena);
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
    }

    /// Without blocks.
    private static StoredTensor plain(StoredTensor tensor, Arena arena) {
        if (tensor.type().blockSize() == 1) {
            return tensor;
        }
        int columns = Math.toIntExact(tensor.shape().getLast());
        int blocks = columns / tensor.type().blockSize();
        float[] row = new float[columns];
        MemorySegment data = arena.allocate(4 * tensor.elements(), 64);
        for (long i = 0; i < tensor.elements() / columns; i++) {
            tensor.type().decode(tensor.data(), i * blocks, blocks, row, 0);
            DataType.F32.encode(row, 0, data, i * columns, columns);
        }
        return new StoredTensor(tensor.name(), DataType.F32, tensor.shape(), data);
    }

    /// Which row of the folder's tensor GGUF has as row i.
    @FunctionalInterface
    private interface Order {
        IntUnaryOperator of(StoredTensor tensor, Heads heads);
    }

    private static TensorChange ordered(Order order) {
        return new TensorChange(
                (tensor, heads, arena) -> rows(tensor, order.of(tensor, heads), false, arena),
                (tensor, heads, arena) -> rows(tensor, order.of(tensor, heads), true, arena));
    }

    private static int perHead(StoredTensor tensor, int heads) {
        long rows = tensor.shape().isEmpty() ? 1 : tensor.shape().getFirst();
        if (heads < 1 || rows % (2L * heads) != 0 || rows > Integer.MAX_VALUE) {
            throw bad(tensor, "cannot be cut into %d heads of an even width".formatted(heads));
        }
        return Math.toIntExact(rows / heads);
    }

    /// A copy with row `order(i)` in place of row i, or the other way round.
    private static StoredTensor rows(
            StoredTensor tensor, IntUnaryOperator order, boolean back, Arena arena) {
        MemorySegment from = tensor.data();
        if (from.byteSize() == 0) {
            return tensor;
        }
        // A block of a vector spans rows.
        if (tensor.shape().size() == 1 && tensor.type().blockSize() > 1) {
            return rows(plain(tensor, arena), order, back, arena);
        }
        long rows = tensor.shape().getFirst();
        long rowBytes = from.byteSize() / rows;
        MemorySegment data = arena.allocate(from.byteSize(), 64);
        for (int row = 0; row < rows; row++) {
            long folders = order.applyAsInt(row) * rowBytes;
            long ggufs = row * rowBytes;
            MemorySegment.copy(
                    from, back ? ggufs : folders, data, back ? folders : ggufs, rowBytes);
        }
        return new StoredTensor(tensor.name(), tensor.type(), tensor.shape(), data);
    }

    private static LlmException bad(StoredTensor tensor, String what) {
        return new LlmException(
                LlmException.Code.BAD_MODEL,
                "tensor %s of shape %s %s".formatted(tensor.name(), tensor.shape(), what));
    }
}
