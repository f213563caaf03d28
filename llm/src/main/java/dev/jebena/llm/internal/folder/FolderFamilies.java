package dev.jebena.llm.internal.folder;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// All families that load from folders, by `model_type`.
final class FolderFamilies {
    private static final List<String> MODEL = List.of("model.");
    private static final List<String> TRANSFORMER = List.of("transformer.");

    private static final Map<String, String> SIZES =
            Map.of(
                    "hidden_size", "embedding_length",
                    "num_hidden_layers", "block_count",
                    "num_attention_heads", "attention.head_count",
                    "num_key_value_heads", "attention.head_count_kv",
                    "intermediate_size", "feed_forward_length",
                    "max_position_embeddings", "context_length",
                    "rope_theta", "rope.freq_base",
                    "head_dim", "attention.key_length",
                    "rms_norm_eps", "attention.layer_norm_rms_epsilon");

    /// Llama's names, which most families took over.
    private static final Map<String, String> LLAMA =
            Map.ofEntries(
                    Map.entry("embed_tokens", "token_embd"),
                    Map.entry("norm", "output_norm"),
                    Map.entry("lm_head", "output"),
                    Map.entry("layers.{}.self_attn.q_proj", "blk.{}.attn_q"),
                    Map.entry("layers.{}.self_attn.k_proj", "blk.{}.attn_k"),
                    Map.entry("layers.{}.self_attn.v_proj", "blk.{}.attn_v"),
                    Map.entry("layers.{}.self_attn.o_proj", "blk.{}.attn_output"),
                    Map.entry("layers.{}.self_attn.q_norm", "blk.{}.attn_q_norm"),
                    Map.entry("layers.{}.self_attn.k_norm", "blk.{}.attn_k_norm"),
                    Map.entry("layers.{}.input_layernorm", "blk.{}.attn_norm"),
                    Map.entry("layers.{}.post_attention_layernorm", "blk.{}.ffn_norm"),
                    Map.entry("layers.{}.mlp.gate_proj", "blk.{}.ffn_gate"),
                    Map.entry("layers.{}.mlp.up_proj", "blk.{}.ffn_up"),
                    Map.entry("layers.{}.mlp.down_proj", "blk.{}.ffn_down"));

    /// BLOOM's names, which Falcon took over: one matrix for queries, keys and values.
    private static final Map<String, String> FUSED =
            Map.of(
                    "word_embeddings", "token_embd",
                    "ln_f", "output_norm",
                    "lm_head", "output",
                    "h.{}.input_layernorm", "blk.{}.attn_norm",
                    "h.{}.self_attention.query_key_value", "blk.{}.attn_qkv",
                    "h.{}.self_attention.dense", "blk.{}.attn_output",
                    "h.{}.mlp.dense_h_to_4h", "blk.{}.ffn_up",
                    "h.{}.mlp.dense_4h_to_h", "blk.{}.ffn_down");

    static final Map<String, FolderFamily> BY_MODEL_TYPE =
            Map.ofEntries(
                    Map.entry("bert", bert()),
                    Map.entry("llama", llama()),
                    Map.entry("mistral", llama()),
                    Map.entry("qwen2", qwen("qwen2")),
                    Map.entry("qwen3", qwen("qwen3")),
                    Map.entry("gemma", gemma("gemma", Map.of())),
                    Map.entry("gemma2", gemma("gemma2", sandwich())),
                    Map.entry("gemma3_text", gemma("gemma3", sandwich())),
                    Map.entry("phi", phi2()),
                    Map.entry("phi3", phi3()),
                    Map.entry("starcoder2", starCoder2()),
                    Map.entry("gpt2", gpt2()),
                    Map.entry("gpt_neox", gptNeoX()),
                    Map.entry("bloom", bloom()),
                    Map.entry("falcon", falcon()));

    private FolderFamilies() {}

    private static <K, V> Map<K, V> join(Map<K, V> first, Map<K, V> second) {
        Map<K, V> all = new HashMap<>(first);
        all.putAll(second);
        return Map.copyOf(all);
    }

    /// The later names first: of two for one tensor they are the family's own.
    private static List<Map.Entry<String, String>> names(
            Map<String, String> own, Map<String, String> shared) {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        Stream.of(own, shared).forEach(map -> all.addAll(map.entrySet()));
        return List.copyOf(all);
    }

    private static FolderFamily llama() {
        return new FolderFamily(
                "llama",
                SIZES,
                names(Map.of(), LLAMA),
                MODEL,
                Map.of(
                        "blk.{}.attn_q", TensorChange.neighbours(true),
                        "blk.{}.attn_k", TensorChange.neighbours(false)));
    }

    private static FolderFamily qwen(String architecture) {
        return new FolderFamily(architecture, SIZES, names(Map.of(), LLAMA), MODEL, Map.of());
    }

    /// Norms before and after each body: the one after attention has another place than Llama's of
    /// the same name.
    private static Map<String, String> sandwich() {
        return Map.of(
                "layers.{}.post_attention_layernorm", "blk.{}.post_attention_norm",
                "layers.{}.pre_feedforward_layernorm", "blk.{}.ffn_norm",
                "layers.{}.post_feedforward_layernorm", "blk.{}.post_ffw_norm");
    }

    /// Gemma's norms multiply with one more than what a folder stores.
    private static FolderFamily gemma(String architecture, Map<String, String> norms) {
        Map<String, TensorChange> changes = new HashMap<>();
        for (String norm :
                List.of(
                        "output_norm",
                        "blk.{}.attn_norm",
                        "blk.{}.ffn_norm",
                        "blk.{}.post_attention_norm",
                        "blk.{}.post_ffw_norm",
                        "blk.{}.attn_q_norm",
                        "blk.{}.attn_k_norm")) {
            changes.put(norm, TensorChange.plusOne());
        }
        Map<String, String> keys =
                join(
                        SIZES,
                        Map.of(
                                "sliding_window", "attention.sliding_window",
                                "attn_logit_softcapping", "attn_logit_softcapping",
                                "final_logit_softcapping", "final_logit_softcapping",
                                "rope_local_base_freq", "rope.freq_base_swa"));
        return new FolderFamily(architecture, keys, names(norms, LLAMA), MODEL, changes);
    }

    private static FolderFamily phi2() {
        return new FolderFamily(
                "phi2",
                join(SIZES, Map.of("layer_norm_eps", "attention.layer_norm_epsilon")),
                names(
                        Map.of(
                                "final_layernorm", "output_norm",
                                "layers.{}.self_attn.dense", "blk.{}.attn_output",
                                "layers.{}.mlp.fc1", "blk.{}.ffn_up",
                                "layers.{}.mlp.fc2", "blk.{}.ffn_down"),
                        LLAMA),
                MODEL,
                Map.of());
    }

    private static FolderFamily phi3() {
        return new FolderFamily(
                "phi3",
                join(SIZES, Map.of("sliding_window", "attention.sliding_window")),
                names(
                        Map.of(
                                "layers.{}.self_attn.qkv_proj", "blk.{}.attn_qkv",
                                "layers.{}.mlp.gate_up_proj", "blk.{}.ffn_up"),
                        LLAMA),
                MODEL,
                Map.of());
    }

    private static FolderFamily starCoder2() {
        return new FolderFamily(
                "starcoder2",
                join(
                        SIZES,
                        Map.of(
                                "sliding_window", "attention.sliding_window",
                                "norm_epsilon", "attention.layer_norm_epsilon")),
                names(
                        Map.of(
                                "layers.{}.mlp.c_fc", "blk.{}.ffn_up",
                                "layers.{}.mlp.c_proj", "blk.{}.ffn_down"),
                        LLAMA),
                MODEL,
                Map.of());
    }

    /// GPT-2's matrices have a row for each input.
    private static FolderFamily gpt2() {
        TensorChange transposed = TensorChange.transposed();
        return new FolderFamily(
                "gpt2",
                Map.of(
                        "n_embd", "embedding_length",
                        "n_layer", "block_count",
                        "n_head", "attention.head_count",
                        "n_inner", "feed_forward_length",
                        "n_positions", "context_length",
                        "layer_norm_epsilon", "attention.layer_norm_epsilon"),
                List.of(
                        Map.entry("wte", "token_embd"),
                        Map.entry("wpe", "position_embd"),
                        Map.entry("ln_f", "output_norm"),
                        Map.entry("lm_head", "output"),
                        Map.entry("h.{}.ln_1", "blk.{}.attn_norm"),
                        Map.entry("h.{}.ln_2", "blk.{}.ffn_norm"),
                        Map.entry("h.{}.attn.c_attn", "blk.{}.attn_qkv"),
                        Map.entry("h.{}.attn.c_proj", "blk.{}.attn_output"),
                        Map.entry("h.{}.mlp.c_fc", "blk.{}.ffn_up"),
                        Map.entry("h.{}.mlp.c_proj", "blk.{}.ffn_down")),
                TRANSFORMER,
                Map.of(
                        "blk.{}.attn_qkv", transposed,
                        "blk.{}.attn_output", transposed,
                        "blk.{}.ffn_up", transposed,
                        "blk.{}.ffn_down", transposed));
    }

    private static FolderFamily gptNeoX() {
        return new FolderFamily(
                "gptneox",
                join(
                        SIZES,
                        Map.of(
                                "rotary_emb_base", "rope.freq_base",
                                "use_parallel_residual", "use_parallel_residual",
                                "layer_norm_eps", "attention.layer_norm_epsilon")),
                List.of(
                        Map.entry("embed_in", "token_embd"),
                        Map.entry("embed_out", "output"),
                        Map.entry("final_layer_norm", "output_norm"),
                        Map.entry("layers.{}.input_layernorm", "blk.{}.attn_norm"),
                        Map.entry("layers.{}.post_attention_layernorm", "blk.{}.ffn_norm"),
                        Map.entry("layers.{}.attention.query_key_value", "blk.{}.attn_qkv"),
                        Map.entry("layers.{}.attention.dense", "blk.{}.attn_output"),
                        Map.entry("layers.{}.mlp.dense_h_to_4h", "blk.{}.ffn_up"),
                        Map.entry("layers.{}.mlp.dense_4h_to_h", "blk.{}.ffn_down")),
                List.of("gpt_neox."),
                Map.of("blk.{}.attn_qkv", TensorChange.ungrouped()));
    }

    private static FolderFamily bloom() {
        return new FolderFamily(
                "bloom",
                Map.of(
                        "hidden_size", "embedding_length",
                        "n_embed", "embedding_length",
                        "n_layer", "block_count",
                        "n_head", "attention.head_count",
                        "num_attention_heads", "attention.head_count",
                        "seq_length", "context_length",
                        "layer_norm_epsilon", "attention.layer_norm_epsilon"),
                names(
                        Map.of(
                                "word_embeddings_layernorm", "token_embd_norm",
                                "h.{}.post_attention_layernorm", "blk.{}.ffn_norm"),
                        FUSED),
                TRANSFORMER,
                Map.of("blk.{}.attn_qkv", TensorChange.ungrouped()));
    }

    private static FolderFamily falcon() {
        return new FolderFamily(
                "falcon",
                join(
                        SIZES,
                        Map.of(
                                "num_kv_heads", "attention.head_count_kv",
                                "ffn_hidden_size", "feed_forward_length",
                                "layer_norm_epsilon", "attention.layer_norm_epsilon")),
                names(
                        Map.of(
                                "h.{}.ln_mlp", "blk.{}.attn_norm",
                                "h.{}.ln_attn", "blk.{}.attn_norm_2"),
                        FUSED),
                TRANSFORMER,
                Map.of("blk.{}.attn_qkv", TensorChange.ungrouped()));
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
                List.of("bert."),
                Map.of());
    }
}
