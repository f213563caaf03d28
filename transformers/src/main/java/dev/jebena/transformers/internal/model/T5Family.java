package dev.jebena.transformers.internal.model;

import dev.jebena.base.Problem;
import dev.jebena.tensor.Tensor;
import java.util.Locale;
import java.util.function.UnaryOperator;

/// Builds [T5Model].
final class T5Family {
    private final ModelConfig config;
    private final int width;
    private final int heads;
    private final int inner;
    private final double epsilon;
    private final boolean gated;

    private T5Family(ModelConfig config) {
        this.config = config;
        this.width = config.size("d_model");
        this.heads = config.size("num_heads");
        this.inner = Math.multiplyExact(heads, config.size("d_kv"));
        this.epsilon = config.number("layer_norm_epsilon", 1e-6);
        this.gated = projection(config).startsWith("gated-");
    }

    private static String projection(ModelConfig config) {
        return config.text("feed_forward_proj", "relu").toLowerCase(Locale.ROOT);
    }

    static T5Model build(ModelConfig config, Checkpoint checkpoint) {
        return new T5Family(config).model(checkpoint.part(""));
    }

    private T5Model model(Part root) {
        Tensor words =
                root.table(root.has("shared.weight") ? "shared" : "encoder.embed_tokens", width);
        boolean tied = config.flag("tie_word_embeddings", true);
        Tensor output = tied ? words : root.table("lm_head", width);
        int depth = config.size("num_layers");
        return new T5Model(
                words,
                stack(root.at("encoder"), depth, false),
                stack(root.at("decoder"), config.size("num_decoder_layers", depth), true),
                output,
                tied ? 1 / Math.sqrt(width) : 1,
                activation());
    }

    /// `relu`, `gated-gelu` (which is the form with tanh), `gated-silu`, ...
    private UnaryOperator<Tensor> activation() {
        String name = projection(config).replaceFirst("^gated-", "");
        if (gated && name.equals("gelu")) {
            return Tensor::geluTanh;
        }
        return switch (name) {
            case "relu" -> Tensor::relu;
            case "gelu" -> Tensor::gelu;
            case "gelu_new" -> Tensor::geluTanh;
            case "silu", "swish" -> Tensor::silu;
            default ->
                    throw new Problem(
                            Problem.Code.BAD_FILE,
                            "%s: feed_forward_proj is '%s'; known are relu, gelu, gelu_new, silu, each also behind gated-"
                                    .formatted(config.place(), projection(config)));
        };
    }

    private T5Model.Stack stack(Part part, int depth, boolean decoder) {
        Tensor table =
                part.tensor(
                        "block.0.layer.0.SelfAttention.relative_attention_bias.weight", 0, heads);
        int farthest = config.size("relative_attention_max_distance", 128);
        return new T5Model.Stack(
                BertFamilies.layers(depth, i -> layer(part.at("block." + i), decoder)),
                new RelativeBias(table, !decoder, farthest),
                part.norm("final_layer_norm", width, epsilon));
    }

    private T5Model.Layer layer(Part block, boolean decoder) {
        Part last = block.at(decoder ? "layer.2" : "layer.1");
        int hidden = config.size("d_ff");
        return new T5Model.Layer(
                block.norm("layer.0.layer_norm", width, epsilon),
                attention(block.at("layer.0.SelfAttention")),
                decoder ? block.norm("layer.1.layer_norm", width, epsilon) : null,
                decoder ? attention(block.at("layer.1.EncDecAttention")) : null,
                last.norm("layer_norm", width, epsilon),
                gated ? last.linear("DenseReluDense.wi_0", width, hidden) : null,
                last.linear(gated ? "DenseReluDense.wi_1" : "DenseReluDense.wi", width, hidden),
                last.linear("DenseReluDense.wo", hidden, width));
    }

    private CrossAttention attention(Part part) {
        return new CrossAttention(
                part.linear("q", width, inner),
                part.linear("k", width, inner),
                part.linear("v", width, inner),
                part.linear("o", inner, width),
                heads,
                1);
    }
}
