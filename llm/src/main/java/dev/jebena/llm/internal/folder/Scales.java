package dev.jebena.llm.internal.folder;

import dev.jebena.compute.DataType;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import dev.jebena.llm.LlmException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The factors that models in 8-bit floats keep beside a matrix: one for all of it, for each row,
/// or for each square of 128 by 128 elements.
final class Scales {
    private static final long SQUARE = 128;

    private Scales() {}

    /// `tensor` multiplied with its factors, as bfloat16; itself where there are none.
    static StoredTensor applied(TensorFile file, StoredTensor tensor, Arena arena) {
        StoredTensor factors = factors(file, tensor.name());
        if (factors == null || tensor.shape().size() != 2) {
            return tensor;
        }
        long rows = tensor.shape().get(0);
        int columns = Math.toIntExact(tensor.shape().get(1));
        long down = factors.shape().isEmpty() ? 1 : factors.shape().getFirst();
        long across = factors.shape().size() < 2 ? 1 : factors.shape().getLast();
        long rowStep = step(tensor, factors, down, rows);
        long columnStep = step(tensor, factors, across, columns);
        if (factors.elements() != down * across) {
            throw misfit(tensor, factors);
        }
        float[] scales = new float[Math.toIntExact(factors.elements())];
        factors.type().decode(factors.data(), 0, scales.length, scales, 0);
        MemorySegment data = arena.allocate(DataType.BF16.bytes(rows * columns), 64);
        float[] row = new float[columns];
        for (long i = 0; i < rows; i++) {
            tensor.type().decode(tensor.data(), i * columns, columns, row, 0);
            for (int k = 0; k < columns; k++) {
                row[k] *= scales[(int) (i / rowStep * across + k / columnStep)];
            }
            DataType.BF16.encode(row, 0, data, i * columns, columns);
        }
        return new StoredTensor(tensor.name(), DataType.BF16, tensor.shape(), data);
    }

    private static @Nullable StoredTensor factors(TensorFile file, String name) {
        StoredTensor whole = file.tensors().get(name + "_scale");
        return whole != null ? whole : file.tensors().get(name + "_scale_inv");
    }

    /// Rows or columns that share a factor.
    private static long step(StoredTensor tensor, StoredTensor factors, long parts, long length) {
        if (parts == 1) {
            return Math.max(1, length);
        }
        if (parts == length) {
            return 1;
        }
        if (parts == Math.ceilDiv(length, SQUARE)) {
            return SQUARE;
        }
        throw misfit(tensor, factors);
    }

    private static LlmException misfit(StoredTensor tensor, StoredTensor factors) {
        return new LlmException(
                LlmException.Code.BAD_MODEL,
                "tensor %s of shape %s has factors of shape %s; expected one, one a row, or one for each 128 x 128 elements"
                        .formatted(tensor.name(), tensor.shape(), factors.shape()));
    }
}
