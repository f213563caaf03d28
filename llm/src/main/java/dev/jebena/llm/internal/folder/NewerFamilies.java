package dev.jebena.llm.internal.folder;

import java.util.Map;

/// Families that came after Llama's names had become usual, and differ from it in some of them.
final class NewerFamilies {
    private static final Map<String, String> BEHIND =
            Map.of(
                    "layers.{}.post_attention_layernorm", "blk.{}.post_attention_norm",
                    "layers.{}.post_feedforward_layernorm", "blk.{}.post_ffw_norm");

    private static final Map<String, String> EXPERTS =
            Map.of(
                    "layers.{}.mlp.gate", "blk.{}.ffn_gate_inp",
                    "layers.{}.mlp.experts.{}.gate_proj", "blk.{}.ffn_gate_exps",
                    "layers.{}.mlp.experts.{}.up_proj", "blk.{}.ffn_up_exps",
                    "layers.{}.mlp.experts.{}.down_proj", "blk.{}.ffn_down_exps");

    private NewerFamilies() {}

    private static FolderFamily silu(String architecture, String modelClass) {
        return FolderFamilies.likeLlama(architecture, modelClass)
                .constants(Map.of("hidden_act", "silu"));
    }

    static FolderFamily olmo2() {
        return silu("olmo2", "Olmo2ForCausalLM").tensors(BEHIND);
    }

    static FolderFamily olmo3() {
        return silu("olmo2", "Olmo3ForCausalLM")
                .keys(Map.of("sliding_window", "attention.sliding_window"))
                .tensors(BEHIND);
    }

    static FolderFamily olmoe() {
        return silu("olmoe", "OlmoeForCausalLM")
                .constants(Map.of("hidden_act", "silu", "norm_topk_prob", false))
                .keys(
                        Map.of(
                                "num_experts", "expert_count",
                                "num_experts_per_tok", "expert_used_count"))
                .tensors(EXPERTS);
    }

    static FolderFamily granite() {
        return FolderFamilies.permuted(silu("granite", "GraniteForCausalLM"))
                .keys(
                        Map.of(
                                "embedding_multiplier", "embedding_scale",
                                "attention_multiplier", "attention.scale",
                                "residual_multiplier", "residual_scale",
                                "logits_scaling", "logit_scale"));
    }

    static FolderFamily cohere() {
        return silu("command-r", "CohereForCausalLM")
                .keys(
                        Map.of(
                                "layer_norm_eps", "attention.layer_norm_epsilon",
                                "logit_scale", "logit_scale"));
    }

    static FolderFamily cohere2() {
        return silu("cohere2", "Cohere2ForCausalLM")
                .keys(
                        Map.of(
                                "layer_norm_eps", "attention.layer_norm_epsilon",
                                "logit_scale", "logit_scale",
                                "sliding_window", "attention.sliding_window"));
    }

    static FolderFamily glm() {
        return silu("chatglm", "GlmForCausalLM")
                .tensors(Map.of("layers.{}.mlp.gate_up_proj", "blk.{}.ffn_up"));
    }

    static FolderFamily glm4() {
        return silu("glm4", "Glm4ForCausalLM")
                .tensors(
                        Map.of(
                                "layers.{}.mlp.gate_up_proj", "blk.{}.ffn_up",
                                "layers.{}.post_self_attn_layernorm", "blk.{}.post_attention_norm",
                                "layers.{}.post_mlp_layernorm", "blk.{}.post_ffw_norm"));
    }

    static FolderFamily smolLm3() {
        return FolderFamilies.permuted(silu("smollm3", "SmolLM3ForCausalLM"));
    }

    /// Its experts lie together: see [FusedExperts].
    static FolderFamily gptOss() {
        return silu("gpt-oss", "GptOssForCausalLM")
                .keys(
                        Map.of(
                                "sliding_window", "attention.sliding_window",
                                "num_local_experts", "expert_count",
                                "num_experts_per_tok", "expert_used_count"))
                .tensors(
                        Map.of(
                                "layers.{}.self_attn.sinks", "blk.{}.attn_sinks.weight",
                                "layers.{}.post_attention_layernorm", "blk.{}.post_attention_norm",
                                "layers.{}.mlp.router", "blk.{}.ffn_gate_inp"));
    }

    static FolderFamily deepSeek(String modelClass) {
        String shared = "layers.{}.mlp.shared_experts";
        return silu("deepseek2", modelClass)
                .keys(
                        Map.ofEntries(
                                Map.entry("kv_lora_rank", "attention.kv_lora_rank"),
                                Map.entry("q_lora_rank", "attention.q_lora_rank"),
                                Map.entry("n_routed_experts", "expert_count"),
                                Map.entry("num_experts_per_tok", "expert_used_count"),
                                Map.entry("moe_intermediate_size", "expert_feed_forward_length"),
                                Map.entry("n_shared_experts", "expert_shared_count"),
                                Map.entry("routed_scaling_factor", "expert_weights_scale"),
                                Map.entry("norm_topk_prob", "expert_weights_norm"),
                                Map.entry("first_k_dense_replace", "leading_dense_block_count"),
                                Map.entry("n_group", "expert_group_count"),
                                Map.entry("topk_group", "expert_group_used_count"),
                                Map.entry("v_head_dim", "attention.value_length"),
                                Map.entry("qk_rope_head_dim", "rope.dimension_count")))
                .tensors(EXPERTS)
                .tensors(
                        Map.of(
                                "layers.{}.self_attn.q_a_proj", "blk.{}.attn_q_a",
                                "layers.{}.self_attn.q_a_layernorm", "blk.{}.attn_q_a_norm",
                                "layers.{}.self_attn.q_b_proj", "blk.{}.attn_q_b",
                                "layers.{}.self_attn.kv_a_proj_with_mqa", "blk.{}.attn_kv_a_mqa",
                                "layers.{}.self_attn.kv_a_layernorm", "blk.{}.attn_kv_a_norm",
                                "layers.{}.self_attn.kv_b_proj", "blk.{}.attn_kv_b"))
                .tensors(
                        Map.of(
                                "layers.{}.mlp.gate.e_score_correction_bias",
                                "blk.{}.exp_probs_b.bias",
                                shared + ".gate_proj",
                                "blk.{}.ffn_gate_shexp",
                                shared + ".up_proj",
                                "blk.{}.ffn_up_shexp",
                                shared + ".down_proj",
                                "blk.{}.ffn_down_shexp"));
    }
}
