package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Builds [BartModel].
final class BartFamily {
    private static final double EPSILON = 1e-5;

    private final ModelConfig config;
    private final Part part;
    private final int width;
    private final boolean waves;
    private final boolean normFirst;
    private final boolean embeddedNorm;

    /// @param waves whether places are waves, unless the checkpoint has a table
    /// @param normFirst whether norms stand before the bodies, and one at the end
    /// @param embeddedNorm whether embeddings have a norm
    private BartFamily(
            ModelConfig config, Part part, boolean waves, boolean normFirst, boolean embeddedNorm) {
        this.config = config;
        this.part = part;
        this.width = config.size("d_model");
        this.waves = waves;
        this.normFirst = normFirst;
        this.embeddedNorm = embeddedNorm;
    }

    static BartModel bart(ModelConfig config, Checkpoint checkpoint) {
        return build(config, checkpoint, false, false, true);
    }

    static BartModel mbart(ModelConfig config, Checkpoint checkpoint) {
        return build(config, checkpoint, false, true, true);
    }

    static BartModel marian(ModelConfig config, Checkpoint checkpoint) {
        return build(config, checkpoint, true, false, false);
    }

    static BartModel pegasus(ModelConfig config, Checkpoint checkpoint) {
        return build(config, checkpoint, true, true, false);
    }

    private static BartModel build(
            ModelConfig config,
            Checkpoint checkpoint,
            boolean waves,
            boolean normFirst,
            boolean embeddedNorm) {
        Part part = checkpoint.base("model");
        return new BartFamily(config, part, waves, normFirst, embeddedNorm)
                .model(checkpoint.part(""));
    }

    private BartModel model(Part root) {
        BartModel.Side encoder = side("encoder", false);
        BartModel.Side decoder = side("decoder", true);
        Tensor matrix = root.optional("lm_head.weight", 0, width);
        Tensor words = matrix == null ? decoder.words() : matrix;
        Tensor bias = root.optional("final_logits_bias", 1, words.dim(0));
        return new BartModel(
                encoder,
                decoder,
                new Linear(words, bias == null ? null : bias.squeeze(0)),
                Activations.of(config, "activation_function", "gelu"),
                normFirst);
    }

    private BartModel.Side side(String name, boolean decoder) {
        Part side = part.at(name);
        String table = part.has("shared.weight") ? "shared" : name + ".embed_tokens";
        Tensor words =
                side.has("embed_tokens.weight")
                        ? side.table("embed_tokens", width)
                        : part.table(table, width);
        Tensor positions =
                waves
                        ? side.optional("embed_positions.weight", 0, width)
                        : side.table("embed_positions", width);
        int offset = waves ? 0 : 2;
        int longest =
                positions == null
                        ? config.size("max_position_embeddings", 1024)
                        : positions.dim(0) - offset;
        return new BartModel.Side(
                words,
                config.flag("scale_embedding", false) ? Math.sqrt(width) : 1,
                positions,
                offset,
                embeddedNorm ? side.norm("layernorm_embedding", width, EPSILON) : null,
                BertFamilies.layers(
                        config.size(name + "_layers"),
                        i -> layer(side.at("layers." + i), name, decoder)),
                normFirst ? side.norm("layer_norm", width, EPSILON) : null,
                longest);
    }

    private BartModel.Layer layer(Part layer, String side, boolean decoder) {
        int heads = Heads.checked(config, width, config.size(side + "_attention_heads"));
        int inner = config.size(side + "_ffn_dim");
        @Nullable CrossAttention cross =
                decoder ? attention(layer.at("encoder_attn"), heads) : null;
        return new BartModel.Layer(
                attention(layer.at("self_attn"), heads),
                layer.norm("self_attn_layer_norm", width, EPSILON),
                cross,
                decoder ? layer.norm("encoder_attn_layer_norm", width, EPSILON) : null,
                layer.linear("fc1", width, inner),
                layer.linear("fc2", inner, width),
                layer.norm("final_layer_norm", width, EPSILON));
    }

    private CrossAttention attention(Part self, int heads) {
        return new CrossAttention(
                self.linear("q_proj", width, width),
                self.linear("k_proj", width, width),
                self.linear("v_proj", width, width),
                self.linear("out_proj", width, width),
                heads,
                1 / Math.sqrt((double) width / heads));
    }
}
