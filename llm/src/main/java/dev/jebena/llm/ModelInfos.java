package dev.jebena.llm;

import dev.jebena.formats.Quantization;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import dev.jebena.llm.internal.model.Graph;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Reads what a file says of itself.
final class ModelInfos {
    /// Arrays as long as the vocabulary, which nobody wants to see among the metadata.
    private static final Set<String> VOCABULARY =
            Set.of(
                    "tokenizer.ggml.tokens",
                    "tokenizer.ggml.scores",
                    "tokenizer.ggml.token_type",
                    "tokenizer.ggml.merges",
                    "tokenizer.ggml.precompiled_charsmap");

    private ModelInfos() {}

    static ModelInfo of(Path path, TensorFile file, Graph graph) {
        Map<String, Object> metadata = new LinkedHashMap<>(file.metadata());
        metadata.keySet().removeAll(VOCABULARY);
        long parameters = 0;
        long bytes = 0;
        for (StoredTensor tensor : file.tensors().values()) {
            parameters += tensor.elements();
            bytes += tensor.data().byteSize();
        }
        String name =
                metadata.get("general.name") instanceof String given && !given.isBlank()
                        ? given
                        : String.valueOf(path.getFileName());
        return new ModelInfo(
                name,
                String.valueOf(metadata.get("general.architecture")),
                parameters,
                Quantization.of(file),
                bytes,
                graph.shape().context(),
                graph.shape().width(),
                graph.shape().layers(),
                graph.head() != null,
                graph.head() == null,
                Collections.unmodifiableMap(metadata));
    }
}
