package dev.jebena.llm.internal.folder;

import java.util.Map;

/// Families that make vectors of texts.
final class EncoderFamilies {
    private EncoderFamilies() {}

    static FolderFamily bert(String modelClass) {
        return bert("bert", modelClass);
    }

    private static FolderFamily bert(String architecture, String modelClass) {
        return FolderFamily.of(architecture, modelClass)
                .constants(Map.of("hidden_act", "gelu", "position_embedding_type", "absolute"))
                .keys(
                        Map.of(
                                "hidden_size", "embedding_length",
                                "num_attention_heads", "attention.head_count",
                                "num_hidden_layers", "block_count",
                                "intermediate_size", "feed_forward_length",
                                "layer_norm_eps", "attention.layer_norm_epsilon",
                                "max_position_embeddings", "context_length"))
                .tensors(
                        Map.ofEntries(
                                Map.entry("embeddings.word_embeddings", "token_embd"),
                                Map.entry("embeddings.position_embeddings", "position_embd"),
                                Map.entry("embeddings.token_type_embeddings", "token_types"),
                                Map.entry("embeddings.LayerNorm", "token_embd_norm"),
                                own("attention.self.query", "attn_q"),
                                own("attention.self.key", "attn_k"),
                                own("attention.self.value", "attn_v"),
                                own("attention.output.dense", "attn_output"),
                                own("attention.output.LayerNorm", "attn_output_norm"),
                                own("intermediate.dense", "ffn_up"),
                                own("output.dense", "ffn_down"),
                                own("output.LayerNorm", "layer_output_norm"),
                                // Of cross-encoders only.
                                Map.entry("pooler.dense", "cls"),
                                Map.entry("classifier", "cls.output")))
                .prefixes("", "bert.", "roberta.");
    }

    /// Jina's BERT 2: `model_type` is "bert" as well. The models for code have names of their own.
    static FolderFamily jinaBert() {
        return bert("jina-bert-v2", "JinaBertModel")
                .constants(
                        Map.of(
                                "model_type", "bert",
                                "hidden_act", "gelu",
                                "feed_forward_type", "geglu",
                                "position_embedding_type", "alibi"))
                .tensors(
                        Map.of(
                                "encoder.layer.{}.mlp.up_gated_layer", "blk.{}.ffn_up",
                                "encoder.layer.{}.mlp.down_layer", "blk.{}.ffn_down",
                                "encoder.layer.{}.layer_norm_1", "blk.{}.attn_norm_2",
                                "encoder.layer.{}.layer_norm_2", "blk.{}.layer_output_norm"))
                .tensors(
                        Map.ofEntries(
                                own("mlp.gated_layers", "ffn_up"),
                                own("mlp.wo", "ffn_down"),
                                own("mlp.layernorm", "layer_output_norm"),
                                own("attention.self.layer_norm_q", "attn_q_norm"),
                                own("attention.self.layer_norm_k", "attn_k_norm")));
    }

    static FolderFamily modernBert() {
        return FolderFamily.of("modern-bert", "ModernBertModel")
                .constants(
                        Map.of(
                                "attention_bias", false,
                                "mlp_bias", false,
                                "norm_bias", false))
                .keys(
                        Map.ofEntries(
                                Map.entry("hidden_size", "embedding_length"),
                                Map.entry("num_attention_heads", "attention.head_count"),
                                Map.entry("num_hidden_layers", "block_count"),
                                Map.entry("intermediate_size", "feed_forward_length"),
                                Map.entry("norm_eps", "attention.layer_norm_epsilon"),
                                Map.entry("max_position_embeddings", "context_length"),
                                Map.entry("global_rope_theta", "rope.freq_base"),
                                Map.entry("local_rope_theta", "rope.freq_base_swa"),
                                Map.entry("local_attention", "attention.sliding_window"),
                                Map.entry(
                                        "global_attn_every_n_layers",
                                        "attention.sliding_window_pattern")))
                .tensors(
                        Map.ofEntries(
                                Map.entry("embeddings.tok_embeddings", "token_embd"),
                                Map.entry("embeddings.norm", "token_embd_norm"),
                                Map.entry("final_norm", "output_norm"),
                                modern("attn_norm", "attn_norm"),
                                modern("attn.Wqkv", "attn_qkv"),
                                modern("attn.Wo", "attn_output"),
                                modern("mlp_norm", "ffn_norm"),
                                modern("mlp.Wi", "ffn_up"),
                                modern("mlp.Wo", "ffn_down"),
                                // Of cross-encoders only.
                                Map.entry("head.dense", "cls"),
                                Map.entry("head.norm", "cls.norm"),
                                Map.entry("classifier", "cls.output")))
                .prefixes("", "model.");
    }

    private static Map.Entry<String, String> modern(String name, String gguf) {
        return Map.entry("layers.{}." + name, "blk.{}." + gguf);
    }

    private static Map.Entry<String, String> own(String name, String gguf) {
        return Map.entry("encoder.layer.{}." + name, "blk.{}." + gguf);
    }

    /// Positions are counted behind that of the padding token, which has number 1.
    static FolderFamily roberta(String modelClass) {
        return bert(modelClass)
                .tensors(
                        Map.of(
                                "classifier.dense", "cls",
                                "classifier.out_proj", "cls.output"))
                .change(TensorChange.rowsLeftOut(2), "position_embd");
    }

    static FolderFamily distilBert() {
        return FolderFamily.of("bert", "DistilBertModel")
                .constants(Map.of("activation", "gelu", "sinusoidal_pos_embds", false))
                .keys(
                        Map.of(
                                "dim", "embedding_length",
                                "n_heads", "attention.head_count",
                                "n_layers", "block_count",
                                "hidden_dim", "feed_forward_length",
                                "max_position_embeddings", "context_length"))
                .tensors(
                        Map.ofEntries(
                                Map.entry("embeddings.word_embeddings", "token_embd"),
                                Map.entry("embeddings.position_embeddings", "position_embd"),
                                Map.entry("embeddings.LayerNorm", "token_embd_norm"),
                                distilled("attention.q_lin", "attn_q"),
                                distilled("attention.k_lin", "attn_k"),
                                distilled("attention.v_lin", "attn_v"),
                                distilled("attention.out_lin", "attn_output"),
                                distilled("sa_layer_norm", "attn_output_norm"),
                                distilled("ffn.lin1", "ffn_up"),
                                distilled("ffn.lin2", "ffn_down"),
                                distilled("output_layer_norm", "layer_output_norm")))
                .prefixes("", "distilbert.");
    }

    private static Map.Entry<String, String> distilled(String name, String gguf) {
        return Map.entry("transformer.layer.{}." + name, "blk.{}." + gguf);
    }

    static FolderFamily nomicBert() {
        return FolderFamily.of("nomic-bert", "NomicBertModel")
                .constants(
                        Map.of(
                                "activation_function", "swiglu",
                                "prenorm", false,
                                "qkv_proj_bias", false,
                                "mlp_fc1_bias", false,
                                "mlp_fc2_bias", false,
                                "rotary_emb_fraction", 1.0))
                .keys(
                        Map.of(
                                "n_embd", "embedding_length",
                                "n_head", "attention.head_count",
                                "n_layer", "block_count",
                                "n_inner", "feed_forward_length",
                                "n_positions", "context_length",
                                "rotary_emb_base", "rope.freq_base",
                                "layer_norm_epsilon", "attention.layer_norm_epsilon"))
                .tensors(
                        Map.ofEntries(
                                Map.entry("embeddings.word_embeddings", "token_embd"),
                                Map.entry("embeddings.token_type_embeddings", "token_types"),
                                Map.entry("emb_ln", "token_embd_norm"),
                                nomic("attn.Wqkv", "attn_qkv"),
                                nomic("attn.out_proj", "attn_output"),
                                nomic("mlp.fc11", "ffn_up"),
                                nomic("mlp.fc12", "ffn_gate"),
                                nomic("mlp.fc2", "ffn_down"),
                                nomic("norm1", "attn_output_norm"),
                                nomic("norm2", "layer_output_norm")))
                .prefixes("", "bert.");
    }

    private static Map.Entry<String, String> nomic(String name, String gguf) {
        return Map.entry("encoder.layers.{}." + name, "blk.{}." + gguf);
    }
}
