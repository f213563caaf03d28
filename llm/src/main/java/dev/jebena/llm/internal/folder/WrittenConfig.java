package dev.jebena.llm.internal.folder;

import dev.jebena.compute.DataType;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.StoredTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `config.json` of a model that was a GGUF file.
final class WrittenConfig {
    private final Gguf model;
    private final Map<String, Object> metadata;
    private final String type;
    private final FolderFamily family;
    private final String prefix;
    private final Map<String, @Nullable Object> json = new LinkedHashMap<>();

    WrittenConfig(Gguf model, String type, FolderFamily family) {
        this.model = model;
        this.metadata = model.metadata();
        this.type = type;
        this.family = family;
        this.prefix = family.architecture() + ".";
    }

    Map<String, @Nullable Object> json(DataType numbers) {
        json.put("model_type", type);
        json.put("architectures", List.of(modelClass()));
        json.put("vocab_size", rows("token_embd.weight"));
        String float32 = numbers == DataType.F16 ? "float16" : "float32";
        json.put("torch_dtype", numbers == DataType.BF16 ? "bfloat16" : float32);
        json.put("tie_word_embeddings", !has("output.weight"));
        new TreeMap<>(family.constants()).forEach(json::put);
        new TreeMap<>(family.keys())
                .forEach((key, name) -> {
                    Object value = metadata.get(prefix + name);
                    if (value instanceof Number || value instanceof Boolean) {
                        json.put(key, value instanceof Double number ? shortest(number) : value);
                    }
                });
        addSpecials();
        addFamily();
        new WrittenRope(model, prefix, json).add(headDim());
        return json;
    }

    private String modelClass() {
        return ranks()
                ? family.modelClass().replaceFirst("Model$", "ForSequenceClassification")
                : family.modelClass();
    }

    private boolean ranks() {
        return Long.valueOf(4).equals(metadata.get(prefix + "pooling_type"));
    }

    /// GGUF keeps 32 bits: the shortest decimal that is the same number.
    static double shortest(double value) {
        return Double.parseDouble(Float.toString((float) value));
    }

    private void addSpecials() {
        for (Map.Entry<String, String> role :
                Map.of(
                                "bos_token_id", "bos_token_id",
                                "eos_token_id", "eos_token_id",
                                "pad_token_id", "padding_token_id")
                        .entrySet()) {
            Object id = metadata.get("tokenizer.ggml." + role.getValue());
            if (id instanceof Long) {
                json.put(role.getKey(), id);
            }
        }
    }

    private void addFamily() {
        boolean bias = has("blk.0.attn_q.bias");
        switch (family.architecture()) {
            case "chatglm",
                    "command-r",
                    "glm4",
                    "granite",
                    "llama",
                    "qwen3",
                    "qwen3moe",
                    "smollm3" -> {
                json.put("attention_bias", bias);
                json.put("mlp_bias", has("blk.0.ffn_up.bias"));
            }
            case "cohere2", "olmo2" -> addWindows();
            case "deepseek2" -> {
                if (metadata.get(prefix + "attention.key_length") instanceof Long key
                        && metadata.get(prefix + "rope.dimension_count") instanceof Long turning) {
                    json.put("qk_nope_head_dim", key - turning);
                }
            }
            case "modern-bert" -> addModernBert();
            case "gemma", "gemma2", "gemma3" -> addGemma();
            case "gpt2" -> json.put("n_ctx", json.get("n_positions"));
            case "falcon" -> addFalcon();
            case "bert", "jina-bert-v2", "nomic-bert" -> addEncoder();
            case "mamba" -> {
                Object inner = metadata.get(prefix + "ssm.inner_size");
                Object width = metadata.get(prefix + "embedding_length");
                if (inner instanceof Long wide && width instanceof Long narrow && narrow > 0) {
                    json.put("expand", wide / narrow);
                }
                json.put("time_step_min", 0.001);
            }
            case "bloom" -> json.put("apply_residual_connection_post_layernorm", false);
            default -> {}
        }
    }

    /// Which layers have a sliding window, as the file says it or the family has it.
    private void addWindows() {
        Object pattern = metadata.get(prefix + "attention.sliding_window_pattern");
        if (metadata.get(prefix + "attention.sliding_window") == null
                || !(metadata.get(prefix + "block_count") instanceof Long layers)) {
            return;
        }
        long period = pattern instanceof Long number && number > 0 ? number : 4;
        List<String> kinds = new ArrayList<>();
        for (int i = 0; i < Math.min(layers, 1024); i++) {
            boolean windowed = i % period != period - 1;
            if (pattern instanceof List<?> flags && i < flags.size()) {
                windowed = Boolean.TRUE.equals(flags.get(i));
            }
            kinds.add(windowed ? "sliding_attention" : "full_attention");
        }
        json.put("layer_types", kinds);
    }

    private void addModernBert() {
        json.put("hidden_activation", metadata.getOrDefault(prefix + "hidden_activation", "gelu"));
        boolean first = Long.valueOf(2).equals(metadata.get(prefix + "classifier.pooling_type"));
        json.put("classifier_pooling", first ? "cls" : "mean");
        if (ranks()) {
            json.put("num_labels", rows("cls.output.weight"));
        }
    }

    private void addGemma() {
        json.put("query_pre_attn_scalar", headDim());
        if (family.architecture().equals("gemma3")) {
            json.put("sliding_window_pattern", 6);
        }
        if (!family.architecture().equals("gemma")
                && metadata.get(prefix + "block_count") instanceof Long layers) {
            int period = family.architecture().equals("gemma3") ? 6 : 2;
            List<String> kinds = new ArrayList<>();
            for (int i = 0; i < Math.min(layers, 1024); i++) {
                boolean full = i % period == period - 1;
                kinds.add(full ? "full_attention" : "sliding_attention");
            }
            json.put("layer_types", kinds);
        }
    }

    private void addFalcon() {
        boolean two = has("blk.0.attn_norm_2.weight");
        json.put("new_decoder_architecture", two);
        json.put("multi_query", !two && Long.valueOf(1).equals(json.get("num_kv_heads")));
        json.put("bias", has("blk.0.attn_output.bias"));
    }

    private void addEncoder() {
        if (has("token_types.weight")) {
            json.put("type_vocab_size", rows("token_types.weight"));
        }
        if (type.endsWith("roberta") && json.get("max_position_embeddings") instanceof Long rows) {
            json.put("max_position_embeddings", rows + 2);
            json.put("pad_token_id", 1);
        }
    }

    private int headDim() {
        return WrittenRope.headDim(metadata, prefix);
    }

    private boolean has(String tensor) {
        return model.tensors().containsKey(tensor);
    }

    private long rows(String tensor) {
        StoredTensor stored = model.tensors().get(tensor);
        return stored == null || stored.shape().isEmpty() ? 0 : stored.shape().getFirst();
    }
}
