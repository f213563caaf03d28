package dev.jebena.formats;

import java.util.Map;

/// Named tensors and metadata of one model, mapped into memory until closed.
public interface TensorFile extends AutoCloseable {
    /// Integers are [Long] (unsigned 64-bit ones too large for it are refused), floats [Double],
    /// booleans [Boolean], strings [String]; arrays of strings `List<String>` (decoded on access),
    /// of integers `long[]` or `int[]`, of floats `float[]` (64-bit ones `double[]`), of booleans
    /// `List<Boolean>`. Order as in the file.
    Map<String, Object> metadata();

    /// All tensors by name, in the file's order.
    Map<String, StoredTensor> tensors();

    /// The tensor of this name; throws [FormatException] that names near misses when there is none.
    StoredTensor tensor(String name);

    @Override
    void close();
}
