package dev.jebena.llm.internal.folder;

import java.util.Map;

/// Families with names of their own: GPT-2 and what came of it, BLOOM, Falcon, Mamba.
final class OlderFamilies {
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

    private OlderFamilies() {}

    /// GPT-2's matrices have a row for each input.
    static FolderFamily gpt2() {
        return FolderFamily.of("gpt2", "GPT2LMHeadModel")
                .constants(Map.of("activation_function", "gelu_new"))
                .keys(
                        Map.of(
                                "n_embd", "embedding_length",
                                "n_layer", "block_count",
                                "n_head", "attention.head_count",
                                "n_inner", "feed_forward_length",
                                "n_positions", "context_length",
                                "layer_norm_epsilon", "attention.layer_norm_epsilon"))
                .tensors(
                        Map.of(
                                "wte", "token_embd",
                                "wpe", "position_embd",
                                "ln_f", "output_norm",
                                "lm_head", "output",
                                "h.{}.ln_1", "blk.{}.attn_norm",
                                "h.{}.ln_2", "blk.{}.ffn_norm",
                                "h.{}.attn.c_attn", "blk.{}.attn_qkv",
                                "h.{}.attn.c_proj", "blk.{}.attn_output",
                                "h.{}.mlp.c_fc", "blk.{}.ffn_up",
                                "h.{}.mlp.c_proj", "blk.{}.ffn_down"))
                .prefixes("transformer.")
                .change(
                        TensorChange.transposed(),
                        "blk.{}.attn_qkv",
                        "blk.{}.attn_output",
                        "blk.{}.ffn_up",
                        "blk.{}.ffn_down");
    }

    static FolderFamily gptNeoX() {
        return FolderFamily.of("gptneox", "GPTNeoXForCausalLM")
                .constants(Map.of("hidden_act", "gelu"))
                .keys(FolderFamilies.SIZES)
                .keys(
                        Map.of(
                                "rotary_emb_base", "rope.freq_base",
                                "use_parallel_residual", "use_parallel_residual",
                                "layer_norm_eps", "attention.layer_norm_epsilon"))
                .tensors(
                        Map.of(
                                "embed_in", "token_embd",
                                "embed_out", "output",
                                "final_layer_norm", "output_norm",
                                "layers.{}.input_layernorm", "blk.{}.attn_norm",
                                "layers.{}.post_attention_layernorm", "blk.{}.ffn_norm",
                                "layers.{}.attention.query_key_value", "blk.{}.attn_qkv",
                                "layers.{}.attention.dense", "blk.{}.attn_output",
                                "layers.{}.mlp.dense_h_to_4h", "blk.{}.ffn_up",
                                "layers.{}.mlp.dense_4h_to_h", "blk.{}.ffn_down"))
                .prefixes("gpt_neox.")
                .change(TensorChange.ungrouped(), "blk.{}.attn_qkv");
    }

    static FolderFamily bloom() {
        return FolderFamily.of("bloom", "BloomForCausalLM")
                .constants(Map.of("slow_but_exact", false))
                .keys(
                        Map.of(
                                "hidden_size", "embedding_length",
                                "n_embed", "embedding_length",
                                "n_layer", "block_count",
                                "num_hidden_layers", "block_count",
                                "n_head", "attention.head_count",
                                "num_attention_heads", "attention.head_count",
                                "seq_length", "context_length",
                                "layer_norm_epsilon", "attention.layer_norm_epsilon"))
                .tensors(FUSED)
                .tensors(
                        Map.of(
                                "word_embeddings_layernorm", "token_embd_norm",
                                "h.{}.post_attention_layernorm", "blk.{}.ffn_norm"))
                .prefixes("transformer.")
                .change(TensorChange.ungrouped(), "blk.{}.attn_qkv");
    }

    static FolderFamily falcon() {
        return FolderFamily.of("falcon", "FalconForCausalLM")
                .constants(Map.of("parallel_attn", true, "alibi", false, "activation", "gelu"))
                .keys(FolderFamilies.SIZES)
                .keys(
                        Map.of(
                                "num_kv_heads", "attention.head_count_kv",
                                "ffn_hidden_size", "feed_forward_length",
                                "n_layer", "block_count",
                                "n_head", "attention.head_count",
                                "n_head_kv", "attention.head_count_kv",
                                "layer_norm_epsilon", "attention.layer_norm_epsilon"))
                .tensors(FUSED)
                .tensors(
                        Map.of(
                                "h.{}.ln_mlp", "blk.{}.attn_norm",
                                "h.{}.ln_attn", "blk.{}.attn_norm_2"))
                .prefixes("transformer.")
                .change(TensorChange.ungrouped(), "blk.{}.attn_qkv");
    }

    static FolderFamily mamba(String modelClass) {
        return FolderFamily.of("mamba", modelClass)
                .constants(Map.of("hidden_act", "silu", "use_bias", false, "use_conv_bias", true))
                .keys(
                        Map.of(
                                "hidden_size", "embedding_length",
                                "num_hidden_layers", "block_count",
                                "layer_norm_epsilon", "attention.layer_norm_rms_epsilon",
                                "max_position_embeddings", "context_length",
                                "conv_kernel", "ssm.conv_kernel",
                                "intermediate_size", "ssm.inner_size",
                                "state_size", "ssm.state_size",
                                "time_step_rank", "ssm.time_step_rank"))
                .tensors(
                        Map.ofEntries(
                                Map.entry("embeddings", "token_embd"),
                                Map.entry("norm_f", "output_norm"),
                                Map.entry("lm_head", "output"),
                                Map.entry("layers.{}.norm", "blk.{}.attn_norm"),
                                Map.entry("layers.{}.mixer.in_proj", "blk.{}.ssm_in"),
                                Map.entry("layers.{}.mixer.conv1d", "blk.{}.ssm_conv1d"),
                                Map.entry("layers.{}.mixer.x_proj", "blk.{}.ssm_x"),
                                Map.entry("layers.{}.mixer.dt_proj", "blk.{}.ssm_dt"),
                                Map.entry("layers.{}.mixer.A_log", "blk.{}.ssm_a"),
                                Map.entry("layers.{}.mixer.D", "blk.{}.ssm_d"),
                                Map.entry("layers.{}.mixer.out_proj", "blk.{}.ssm_out")))
                .prefixes("backbone.")
                .change(TensorChange.decay(), "blk.{}.ssm_a")
                .change(TensorChange.flat(), "blk.{}.ssm_conv1d.weight");
    }
}
