package dev.jebena.transformers.internal.model;

/// Builds [ModernEncoder].
final class ModernFamily {
    private ModernFamily() {}

    static Encoder build(ModelConfig config, Part part) {
        int width = BertFamilies.width(config);
        double epsilon = config.number("norm_eps", 1e-5);
        return new ModernEncoder(
                part.table("embeddings.tok_embeddings", width),
                part.norm("embeddings.norm", width, epsilon),
                BertFamilies.layers(
                        config.size("num_hidden_layers"), i -> layer(config, part, i, epsilon)),
                part.norm("final_norm", width, epsilon),
                Heads.checked(config, width, config.size("num_attention_heads")),
                config.integer("local_attention", 128) / 2,
                config.size("max_position_embeddings"),
                Activations.of(config, "hidden_activation", "gelu"));
    }

    private static ModernEncoder.Layer layer(
            ModelConfig config, Part whole, int i, double epsilon) {
        int width = BertFamilies.width(config);
        int inner = config.size("intermediate_size");
        boolean local = i % config.size("global_attn_every_n_layers", 3) != 0;
        double global = config.number("global_rope_theta", 160_000);
        Part part = whole.at("layers." + i);
        return new ModernEncoder.Layer(
                i == 0 ? null : part.norm("attn_norm", width, epsilon),
                part.linear("attn.Wqkv", width, 3 * width),
                part.linear("attn.Wo", width, width),
                part.norm("mlp_norm", width, epsilon),
                part.linear("mlp.Wi", width, 2 * inner),
                part.linear("mlp.Wo", inner, width),
                local,
                local ? config.number("local_rope_theta", global) : global);
    }
}
