package dev.jebena.llm.internal.folder;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How one `model_type` of Hugging Face's configurations maps to GGUF's names.
///
/// @param architecture GGUF's name of the family
/// @param keys GGUF metadata key (without the family) of each key of `config.json`
/// @param tensors names of tensors: the folder's, then GGUF's; `{}` stands for the layer's number
/// @param prefixes what some folders put before all tensor names
record FolderFamily(
        String architecture,
        Map<String, String> keys,
        List<Map.Entry<String, String>> tensors,
        List<String> prefixes) {
    private static final Map<String, FolderFamily> BY_MODEL_TYPE = Map.of("bert", bert());

    static @Nullable FolderFamily of(String modelType) {
        return BY_MODEL_TYPE.get(modelType);
    }

    static List<String> known() {
        return BY_MODEL_TYPE.keySet().stream().sorted().toList();
    }

    /// GGUF's name of a tensor; null for one that is not needed.
    @Nullable String ggufName(String name) {
        String bare = name;
        for (String prefix : prefixes) {
            bare = bare.startsWith(prefix) ? bare.substring(prefix.length()) : bare;
        }
        String layer = bare.replaceFirst("^.*?\\.(\\d{1,4})\\..*$", "$1");
        String pattern =
                layer.equals(bare) ? bare : bare.replaceFirst("\\." + layer + "\\.", ".{}.");
        for (Map.Entry<String, String> tensor : tensors) {
            for (String kind : List.of(".weight", ".bias")) {
                if (pattern.equals(tensor.getKey() + kind)) {
                    return tensor.getValue().replace("{}", layer) + kind;
                }
            }
        }
        return null;
    }

    private static FolderFamily bert() {
        return new FolderFamily(
                "bert",
                Map.of(
                        "hidden_size", "embedding_length",
                        "num_attention_heads", "attention.head_count",
                        "num_hidden_layers", "block_count",
                        "intermediate_size", "feed_forward_length",
                        "layer_norm_eps", "attention.layer_norm_epsilon",
                        "max_position_embeddings", "context_length"),
                List.of(
                        Map.entry("embeddings.word_embeddings", "token_embd"),
                        Map.entry("embeddings.position_embeddings", "position_embd"),
                        Map.entry("embeddings.token_type_embeddings", "token_types"),
                        Map.entry("embeddings.LayerNorm", "token_embd_norm"),
                        Map.entry("encoder.layer.{}.attention.self.query", "blk.{}.attn_q"),
                        Map.entry("encoder.layer.{}.attention.self.key", "blk.{}.attn_k"),
                        Map.entry("encoder.layer.{}.attention.self.value", "blk.{}.attn_v"),
                        Map.entry("encoder.layer.{}.attention.output.dense", "blk.{}.attn_output"),
                        Map.entry(
                                "encoder.layer.{}.attention.output.LayerNorm",
                                "blk.{}.attn_output_norm"),
                        Map.entry("encoder.layer.{}.intermediate.dense", "blk.{}.ffn_up"),
                        Map.entry("encoder.layer.{}.output.dense", "blk.{}.ffn_down"),
                        Map.entry("encoder.layer.{}.output.LayerNorm", "blk.{}.layer_output_norm")),
                List.of("bert."));
    }
}
