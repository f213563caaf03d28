package dev.jebena.llm;

import dev.jebena.compute.DataType;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import dev.jebena.llm.internal.model.Graph;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
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

    /// `general.file_type` as llama.cpp numbers the mixes of types.
    private static final Map<Long, String> MIXES =
            Map.ofEntries(
                    Map.entry(0L, "F32"),
                    Map.entry(1L, "F16"),
                    Map.entry(2L, "Q4_0"),
                    Map.entry(3L, "Q4_1"),
                    Map.entry(7L, "Q8_0"),
                    Map.entry(8L, "Q5_0"),
                    Map.entry(9L, "Q5_1"),
                    Map.entry(10L, "Q2_K"),
                    Map.entry(11L, "Q3_K_S"),
                    Map.entry(12L, "Q3_K_M"),
                    Map.entry(13L, "Q3_K_L"),
                    Map.entry(14L, "Q4_K_S"),
                    Map.entry(15L, "Q4_K_M"),
                    Map.entry(16L, "Q5_K_S"),
                    Map.entry(17L, "Q5_K_M"),
                    Map.entry(18L, "Q6_K"),
                    Map.entry(19L, "IQ2_XXS"),
                    Map.entry(20L, "IQ2_XS"),
                    Map.entry(21L, "Q2_K_S"),
                    Map.entry(22L, "IQ3_XS"),
                    Map.entry(23L, "IQ3_XXS"),
                    Map.entry(24L, "IQ1_S"),
                    Map.entry(25L, "IQ4_NL"),
                    Map.entry(26L, "IQ3_S"),
                    Map.entry(27L, "IQ3_M"),
                    Map.entry(28L, "IQ2_S"),
                    Map.entry(29L, "IQ2_M"),
                    Map.entry(30L, "IQ4_XS"),
                    Map.entry(31L, "IQ1_M"),
                    Map.entry(32L, "BF16"),
                    Map.entry(36L, "TQ1_0"),
                    Map.entry(37L, "TQ2_0"),
                    Map.entry(38L, "MXFP4_MOE"));

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
                quantization(metadata, file.tensors().values()),
                bytes,
                graph.shape().context(),
                graph.shape().width(),
                graph.shape().layers(),
                graph.head() != null,
                graph.head() == null,
                Collections.unmodifiableMap(metadata));
    }

    /// The mix that the file names, else the type that most bytes are of.
    private static String quantization(
            Map<String, Object> metadata, Iterable<StoredTensor> tensors) {
        String mix =
                metadata.get("general.file_type") instanceof Long type ? MIXES.get(type) : null;
        if (mix != null) {
            return mix;
        }
        Map<DataType, Long> bytes = new EnumMap<>(DataType.class);
        for (StoredTensor tensor : tensors) {
            bytes.merge(tensor.type(), tensor.data().byteSize(), Long::sum);
        }
        List<Map.Entry<DataType, Long>> sorted =
                bytes.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList();
        return sorted.isEmpty() ? "" : sorted.getLast().getKey().name();
    }
}
