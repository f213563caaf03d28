package dev.jebena.formats;

import java.nio.file.Path;
import java.util.Map;

/// skeleton
public final class Gguf implements TensorFile {
    private Gguf() {}

    /// Opens a GGUF file; of split files, any one opens all.
    public static Gguf open(Path file) {
        throw new FormatException("skeleton" + file);
    }

    @Override
    public Map<String, Object> metadata() {
        throw new FormatException("skeleton");
    }

    @Override
    public Map<String, StoredTensor> tensors() {
        throw new FormatException("skeleton");
    }

    @Override
    public StoredTensor tensor(String name) {
        throw new FormatException("skeleton");
    }

    @Override
    public void close() {}
}
