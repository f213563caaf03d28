package dev.jebena.llm.internal.model;

import java.nio.file.Path;

/// Small models of the families and variants that have no golden files.
final class TinyModels {
    private static final int WIDTH = TinyModel.WIDTH;
    private static final int INNER = TinyModel.INNER;

    private TinyModels() {}

    static Path write(String name, Path file) {
        TinyModel model =
                switch (name) {
                    case "gemma" -> gemma("gemma");
                    case "gemma2" -> gemma2();
                    case "phi2" -> phi2();
                    case "bloom" -> bloom(4, 16);
                    case "bloom-6-heads" -> bloom(6, 16);
                    case "gptneox-sequential" -> gptNeoX();
                    case "falcon-40b" -> falcon40b();
                    case "qwen3moe" -> qwen3Moe();
                    case "phi3-short" -> phi3();
                    default -> throw new IllegalArgumentException("no tiny model " + name);
                };
        return model.write(file);
    }

    private static String layer(int layer, String name) {
        return "blk." + layer + "." + name;
    }

    /// Separate queries, keys and values of grouped heads, and a gated network.
    private static void gated(TinyModel model, int layer, int heads, int kvHeads, int headDim) {
        model.norm(layer(layer, "attn_norm"), WIDTH, false);
        model.matrix(layer(layer, "attn_q"), 1.4, heads * headDim, WIDTH);
        model.matrix(layer(layer, "attn_k"), 1.4, kvHeads * headDim, WIDTH);
        model.matrix(layer(layer, "attn_v"), 1, kvHeads * headDim, WIDTH);
        model.matrix(layer(layer, "attn_output"), 1.4, WIDTH, heads * headDim);
        model.norm(layer(layer, "ffn_norm"), WIDTH, false);
        model.matrix(layer(layer, "ffn_gate"), 1.4, INNER, WIDTH);
        model.matrix(layer(layer, "ffn_up"), 1.4, INNER, WIDTH);
        model.matrix(layer(layer, "ffn_down"), 1.4, WIDTH, INNER);
    }

    /// A head is wider than the hidden state's share.
    private static TinyModel gemma(String architecture) {
        TinyModel model = new TinyModel(architecture, 1);
        model.integer("attention.head_count", 4).integer("attention.head_count_kv", 2);
        model.integer("attention.key_length", 32).integer("attention.value_length", 32);
        model.number("attention.layer_norm_rms_epsilon", 1e-6);
        for (int i = 0; i < TinyModel.LAYERS; i++) {
            gated(model, i, 4, 2, 32);
        }
        return model.norm("output_norm", WIDTH, false);
    }

    private static TinyModel gemma2() {
        TinyModel model = gemma("gemma2");
        model.integer("attention.sliding_window", 12);
        model.number("attn_logit_softcapping", 5).number("final_logit_softcapping", 8);
        for (int i = 0; i < TinyModel.LAYERS; i++) {
            model.norm(layer(i, "post_attention_norm"), WIDTH, false);
            model.norm(layer(i, "post_ffw_norm"), WIDTH, false);
        }
        return model;
    }

    private static TinyModel phi3() {
        TinyModel model = new TinyModel("phi3", 2);
        model.integer("attention.head_count", 4).integer("attention.head_count_kv", 2);
        model.number("attention.layer_norm_rms_epsilon", 1e-5);
        model.integer("rope.scaling.original_context_length", 256);
        model.vector("rope_factors_short.weight", 1.5, 0.1, 8);
        model.vector("rope_factors_long.weight", 4, 0.1, 8);
        for (int i = 0; i < TinyModel.LAYERS; i++) {
            model.norm(layer(i, "attn_norm"), WIDTH, false);
            model.matrix(layer(i, "attn_qkv"), 1.4, 128, WIDTH);
            model.matrix(layer(i, "attn_output"), 1.4, WIDTH, WIDTH);
            model.norm(layer(i, "ffn_norm"), WIDTH, false);
            model.matrix(layer(i, "ffn_up"), 1.4, 2 * INNER, WIDTH);
            model.matrix(layer(i, "ffn_down"), 1.4, WIDTH, INNER);
        }
        return output(model.norm("output_norm", WIDTH, false));
    }

    private static TinyModel output(TinyModel model) {
        return model.matrix("output", 2, TinyModel.TOKENS, WIDTH);
    }

    /// Heads that share nothing, layer norms and biases everywhere.
    private static TinyModel biased(String architecture, int heads, int headDim, boolean twoNorms) {
        TinyModel model = new TinyModel(architecture, 3);
        model.integer("attention.head_count", heads);
        model.integer("attention.key_length", headDim).integer("attention.value_length", headDim);
        model.number("attention.layer_norm_epsilon", 1e-5);
        int width = heads * headDim;
        for (int i = 0; i < TinyModel.LAYERS; i++) {
            model.norm(layer(i, "attn_norm"), WIDTH, true);
            model.biased(layer(i, "attn_qkv"), 3 * width, WIDTH);
            model.biased(layer(i, "attn_output"), WIDTH, width);
            model.biased(layer(i, "ffn_up"), INNER, WIDTH);
            model.biased(layer(i, "ffn_down"), WIDTH, INNER);
            if (twoNorms) {
                model.norm(layer(i, "ffn_norm"), WIDTH, true);
            }
        }
        return model.norm("output_norm", WIDTH, true);
    }

    private static TinyModel phi2() {
        TinyModel model = biased("phi2", 4, 16, false).integer("rope.dimension_count", 8);
        return output(model).bias("output", TinyModel.TOKENS);
    }

    private static TinyModel bloom(int heads, int headDim) {
        return biased("bloom", heads, headDim, true).norm("token_embd_norm", WIDTH, true);
    }

    private static TinyModel gptNeoX() {
        TinyModel model = biased("gptneox", 4, 16, true).integer("rope.dimension_count", 4);
        return output(model.flag("use_parallel_residual", false));
    }

    private static TinyModel falcon40b() {
        TinyModel model = new TinyModel("falcon", 4);
        model.integer("attention.head_count", 4).integer("attention.head_count_kv", 2);
        model.number("attention.layer_norm_epsilon", 1e-5);
        for (int i = 0; i < TinyModel.LAYERS; i++) {
            model.norm(layer(i, "attn_norm"), WIDTH, true);
            model.norm(layer(i, "attn_norm_2"), WIDTH, true);
            model.matrix(layer(i, "attn_qkv"), 1.4, 128, WIDTH);
            model.matrix(layer(i, "attn_output"), 1.4, WIDTH, WIDTH);
            model.matrix(layer(i, "ffn_up"), 1.4, INNER, WIDTH);
            model.matrix(layer(i, "ffn_down"), 1.4, WIDTH, INNER);
        }
        return output(model.norm("output_norm", WIDTH, true));
    }

    /// Eight experts, three of a row.
    private static TinyModel qwen3Moe() {
        TinyModel model = new TinyModel("qwen3moe", 5);
        model.integer("attention.head_count", 4).integer("attention.head_count_kv", 2);
        model.integer("attention.key_length", 32).integer("attention.value_length", 32);
        model.number("attention.layer_norm_rms_epsilon", 1e-6).integer("expert_count", 8);
        model.integer("expert_used_count", 3).integer("expert_feed_forward_length", 48);
        for (int i = 0; i < TinyModel.LAYERS; i++) {
            gated(model, i, 4, 2, 32);
            model.norm(layer(i, "attn_q_norm"), 32, false).norm(layer(i, "attn_k_norm"), 32, false);
            model.matrix(layer(i, "ffn_gate_inp"), 2, 8, WIDTH);
            model.matrix(layer(i, "ffn_gate_exps"), 1.4, 8, 48, WIDTH);
            model.matrix(layer(i, "ffn_up_exps"), 1.4, 8, 48, WIDTH);
            model.matrix(layer(i, "ffn_down_exps"), 1.4, 8, WIDTH, 48);
        }
        return output(model.norm("output_norm", WIDTH, false));
    }
}
