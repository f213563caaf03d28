package dev.jebena.llm.internal.adapter;

import dev.jebena.formats.FormatException;
import dev.jebena.formats.StoredTensor;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.internal.model.Adapter;
import dev.jebena.llm.internal.model.Weights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads an adapter of any kind for a model that is loaded.
public final class AdapterReader {
    private AdapterReader() {}

    /// The adapter in a GGUF file or a folder, for a model whose graph has been built. Throws
    /// BAD_REQUEST when the adapter cannot be used with the model.
    public static Adapter read(Path path, Weights model) {
        if (!Files.exists(path)) {
            throw bad("there is no adapter " + path);
        }
        boolean peft =
                Files.isDirectory(path)
                        || String.valueOf(path.getFileName()).endsWith(".safetensors");
        try {
            return peft ? PeftAdapter.read(path, model) : GgufAdapter.read(path, model);
        } catch (FormatException e) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "the adapter %s cannot be read: %s".formatted(path, e.getMessage()),
                    e);
        } catch (LlmException e) {
            throw new LlmException(e.code(), path + ": " + e.getMessage(), e);
        }
    }

    /// A copy that lives as long as it is used: answers may still use an adapter that has been
    /// unloaded.
    static StoredTensor kept(StoredTensor tensor) {
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, tensor.data().byteSize()), 64);
        MemorySegment data = copy.asSlice(0, tensor.data().byteSize());
        data.copyFrom(tensor.data());
        return new StoredTensor(tensor.name(), tensor.type(), tensor.shape(), data);
    }

    static LlmException bad(String message) {
        return new LlmException(LlmException.Code.BAD_REQUEST, message);
    }
}
