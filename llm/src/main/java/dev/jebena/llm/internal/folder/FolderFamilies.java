package dev.jebena.llm.internal.folder;

import java.util.Map;

/// All families that load from folders, by `model_type`; the first of those that share an
/// architecture is what a GGUF file of it becomes, unless [FolderWriter] finds a reason for
/// another.
final class FolderFamilies {
    static final Map<String, String> SIZES =
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
    static final Map<String, String> LLAMA =
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

    static final Map<String, FolderFamily> BY_MODEL_TYPE =
            Map.ofEntries(
                    Map.entry("bert", EncoderFamilies.bert("BertModel")),
                    Map.entry("distilbert", EncoderFamilies.distilBert()),
                    Map.entry("nomic_bert", EncoderFamilies.nomicBert()),
                    Map.entry("roberta", EncoderFamilies.roberta("RobertaModel")),
                    Map.entry("xlm-roberta", EncoderFamilies.roberta("XLMRobertaModel")),
                    Map.entry("llama", llama("LlamaForCausalLM")),
                    Map.entry("mistral", llama("MistralForCausalLM")),
                    Map.entry("mixtral", mixtral()),
                    Map.entry("qwen2", qwen("qwen2", "Qwen2ForCausalLM")),
                    Map.entry("qwen3", qwen("qwen3", "Qwen3ForCausalLM")),
                    Map.entry("qwen2_moe", qwen2Moe()),
                    Map.entry("qwen3_moe", qwenMoe("qwen3moe", "Qwen3MoeForCausalLM")),
                    Map.entry("gemma", gemma("gemma", "GemmaForCausalLM", false)),
                    Map.entry("gemma2", gemma("gemma2", "Gemma2ForCausalLM", true)),
                    Map.entry("gemma3_text", gemma("gemma3", "Gemma3ForCausalLM", true)),
                    Map.entry("olmo2", NewerFamilies.olmo2()),
                    Map.entry("olmo3", NewerFamilies.olmo3()),
                    Map.entry("olmoe", NewerFamilies.olmoe()),
                    Map.entry("granite", NewerFamilies.granite()),
                    Map.entry("cohere", NewerFamilies.cohere()),
                    Map.entry("cohere2", NewerFamilies.cohere2()),
                    Map.entry("glm", NewerFamilies.glm()),
                    Map.entry("glm4", NewerFamilies.glm4()),
                    Map.entry("smollm3", NewerFamilies.smolLm3()),
                    Map.entry("gpt_oss", NewerFamilies.gptOss()),
                    Map.entry("deepseek_v2", NewerFamilies.deepSeek("DeepseekV2ForCausalLM")),
                    Map.entry("deepseek_v3", NewerFamilies.deepSeek("DeepseekV3ForCausalLM")),
                    Map.entry("modernbert", EncoderFamilies.modernBert()),
                    Map.entry("jina_bert_v2", EncoderFamilies.jinaBert()),
                    Map.entry("phi", phi2()),
                    Map.entry("phi3", phi3()),
                    Map.entry("starcoder2", starCoder2()),
                    Map.entry("gpt2", OlderFamilies.gpt2()),
                    Map.entry("gpt_neox", OlderFamilies.gptNeoX()),
                    Map.entry("bloom", OlderFamilies.bloom()),
                    Map.entry("falcon", OlderFamilies.falcon()),
                    Map.entry("mamba", OlderFamilies.mamba("MambaForCausalLM")),
                    Map.entry("falcon_mamba", OlderFamilies.mamba("FalconMambaForCausalLM")));

    private FolderFamilies() {}

    static FolderFamily likeLlama(String architecture, String modelClass) {
        return FolderFamily.of(architecture, modelClass)
                .keys(SIZES)
                .tensors(LLAMA)
                .prefixes("model.", "language_model.", "model.language_model.");
    }

    private static FolderFamily llama(String modelClass) {
        return permuted(likeLlama("llama", modelClass).constants(Map.of("hidden_act", "silu")));
    }

    /// For families whose GGUF files let rotation pair neighbours.
    static FolderFamily permuted(FolderFamily family) {
        return family.change(TensorChange.neighbours(true), "blk.{}.attn_q")
                .change(TensorChange.neighbours(false), "blk.{}.attn_k");
    }

    private static FolderFamily mixtral() {
        return llama("MixtralForCausalLM")
                .keys(
                        Map.of(
                                "num_local_experts", "expert_count",
                                "num_experts_per_tok", "expert_used_count"))
                .tensors(
                        Map.of(
                                "layers.{}.block_sparse_moe.gate", "blk.{}.ffn_gate_inp",
                                "layers.{}.block_sparse_moe.experts.{}.w1", "blk.{}.ffn_gate_exps",
                                "layers.{}.block_sparse_moe.experts.{}.w2", "blk.{}.ffn_down_exps",
                                "layers.{}.block_sparse_moe.experts.{}.w3", "blk.{}.ffn_up_exps"));
    }

    private static FolderFamily qwen(String architecture, String modelClass) {
        return likeLlama(architecture, modelClass).constants(Map.of("hidden_act", "silu"));
    }

    private static FolderFamily qwenMoe(String architecture, String modelClass) {
        return qwen(architecture, modelClass)
                .constants(
                        Map.of(
                                "hidden_act",
                                "silu",
                                "norm_topk_prob",
                                architecture.equals("qwen3moe"),
                                "decoder_sparse_step",
                                1))
                .keys(
                        Map.of(
                                "num_experts", "expert_count",
                                "num_experts_per_tok", "expert_used_count",
                                "moe_intermediate_size", "expert_feed_forward_length"))
                .tensors(
                        Map.of(
                                "layers.{}.mlp.gate", "blk.{}.ffn_gate_inp",
                                "layers.{}.mlp.experts.{}.gate_proj", "blk.{}.ffn_gate_exps",
                                "layers.{}.mlp.experts.{}.up_proj", "blk.{}.ffn_up_exps",
                                "layers.{}.mlp.experts.{}.down_proj", "blk.{}.ffn_down_exps"));
    }

    private static FolderFamily qwen2Moe() {
        String shared = "layers.{}.mlp.shared_expert";
        return qwenMoe("qwen2moe", "Qwen2MoeForCausalLM")
                .keys(
                        Map.of(
                                "shared_expert_intermediate_size",
                                "expert_shared_feed_forward_length"))
                .tensors(
                        Map.of(
                                shared + "_gate", "blk.{}.ffn_gate_inp_shexp",
                                shared + ".gate_proj", "blk.{}.ffn_gate_shexp",
                                shared + ".up_proj", "blk.{}.ffn_up_shexp",
                                shared + ".down_proj", "blk.{}.ffn_down_shexp"))
                .change(TensorChange.row(), "blk.{}.ffn_gate_inp_shexp");
    }

    /// Gemma's norms multiply with one more than what a folder stores.
    ///
    /// @param sandwich norms before and after each body: the one after attention has another place
    ///   than Llama's of the same name
    private static FolderFamily gemma(String architecture, String modelClass, boolean sandwich) {
        FolderFamily family =
                likeLlama(architecture, modelClass)
                        .constants(
                                Map.of(
                                        "hidden_act", "gelu_pytorch_tanh",
                                        "hidden_activation", "gelu_pytorch_tanh"))
                        .change(
                                TensorChange.plusOne(),
                                "output_norm",
                                "blk.{}.attn_norm",
                                "blk.{}.ffn_norm",
                                "blk.{}.post_attention_norm",
                                "blk.{}.post_ffw_norm",
                                "blk.{}.attn_q_norm",
                                "blk.{}.attn_k_norm");
        if (!sandwich) {
            return family;
        }
        return family.keys(
                        Map.of(
                                "sliding_window", "attention.sliding_window",
                                "attn_logit_softcapping", "attn_logit_softcapping",
                                "final_logit_softcapping", "final_logit_softcapping",
                                "rope_local_base_freq", "rope.freq_base_swa"))
                .tensors(
                        Map.of(
                                "layers.{}.post_attention_layernorm", "blk.{}.post_attention_norm",
                                "layers.{}.pre_feedforward_layernorm", "blk.{}.ffn_norm",
                                "layers.{}.post_feedforward_layernorm", "blk.{}.post_ffw_norm"));
    }

    private static FolderFamily phi2() {
        return likeLlama("phi2", "PhiForCausalLM")
                .constants(Map.of("hidden_act", "gelu_new", "qk_layernorm", false))
                .keys(Map.of("layer_norm_eps", "attention.layer_norm_epsilon"))
                .tensors(
                        Map.of(
                                "final_layernorm", "output_norm",
                                "layers.{}.self_attn.dense", "blk.{}.attn_output",
                                "layers.{}.mlp.fc1", "blk.{}.ffn_up",
                                "layers.{}.mlp.fc2", "blk.{}.ffn_down"));
    }

    private static FolderFamily phi3() {
        return likeLlama("phi3", "Phi3ForCausalLM")
                .constants(Map.of("hidden_act", "silu"))
                .keys(Map.of("sliding_window", "attention.sliding_window"))
                .tensors(
                        Map.of(
                                "layers.{}.self_attn.qkv_proj", "blk.{}.attn_qkv",
                                "layers.{}.mlp.gate_up_proj", "blk.{}.ffn_up"));
    }

    private static FolderFamily starCoder2() {
        return likeLlama("starcoder2", "Starcoder2ForCausalLM")
                .constants(Map.of("hidden_act", "gelu_pytorch_tanh", "use_bias", true))
                .keys(
                        Map.of(
                                "sliding_window", "attention.sliding_window",
                                "norm_epsilon", "attention.layer_norm_epsilon"))
                .tensors(
                        Map.of(
                                "layers.{}.mlp.c_fc", "blk.{}.ffn_up",
                                "layers.{}.mlp.c_proj", "blk.{}.ffn_down"));
    }
}
