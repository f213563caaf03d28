package dev.jebena.transformers.internal.model;

import dev.jebena.base.Problem;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Builds [DebertaEncoder] for DeBERTa, and for its second and third version.
final class DebertaFamilies {
    private static final PostNormEncoder.Names SECOND =
            new PostNormEncoder.Names(
                    "attention.self.query_proj",
                    "attention.self.key_proj",
                    "attention.self.value_proj",
                    "attention.output.dense",
                    "attention.output.LayerNorm",
                    "intermediate.dense",
                    "output.dense",
                    "output.LayerNorm");

    private DebertaFamilies() {}

    static Encoder first(ModelConfig config, Part part) {
        if (config.flag("talking_head", false)) {
            throw new Problem(
                    Problem.Code.NOT_IMPLEMENTED,
                    config.place() + ": talking_head is not computed");
        }
        int farthest = farthest(config);
        Tensor table = part.tensor("encoder.rel_embeddings.weight", 2 * farthest, width(config));
        return encoder(
                config,
                part,
                new DebertaEncoder.Distances(table, 0, farthest),
                BertFamilies.layers(
                        config.size("num_hidden_layers"),
                        i -> firstLayer(config, part.at("encoder.layer." + i))),
                null);
    }

    private static DebertaEncoder.Layer firstLayer(ModelConfig config, Part part) {
        int width = width(config);
        int heads = Heads.checked(config, width, config.size("num_attention_heads"));
        Part self = part.at("attention.self");
        // One head's queries, keys and values stand together.
        Tensor[] parts =
                self.tensor("in_proj.weight", 3 * width, width)
                        .reshape(heads, 3, width / heads, width)
                        .split(1, 1, 1, 1);
        double epsilon = BertFamilies.epsilon(config);
        List<String> kinds = kinds(config);
        return new DebertaEncoder.Layer(
                new PostNormEncoder.Layer(
                        new Linear(parts[0].reshape(width, width), self.tensor("q_bias", width)),
                        new Linear(parts[1].reshape(width, width), null),
                        new Linear(parts[2].reshape(width, width), self.tensor("v_bias", width)),
                        part.linear(SECOND.output(), width, width),
                        part.norm(SECOND.attentionNorm(), width, epsilon),
                        part.linear(SECOND.up(), width, config.size("intermediate_size")),
                        part.linear(SECOND.down(), config.size("intermediate_size"), width),
                        part.norm(SECOND.outputNorm(), width, epsilon)),
                kinds.contains("c2p") ? self.linear("pos_proj", width, width) : null,
                kinds.contains("p2c") ? self.linear("pos_q_proj", width, width) : null);
    }

    static Encoder second(ModelConfig config, Part part) {
        int width = width(config);
        boolean shared = config.integer("position_buckets", -1) > 0;
        int buckets = shared ? config.size("position_buckets") : 0;
        int farthest = farthest(config);
        int span = shared ? buckets : farthest;
        Tensor table = part.tensor("encoder.rel_embeddings.weight", 2 * span, width);
        if (config.text("norm_rel_ebd", "none").toLowerCase(Locale.ROOT).contains("layer_norm")) {
            table =
                    part.norm("encoder.LayerNorm", width, BertFamilies.epsilon(config))
                            .apply(table);
        }
        return encoder(
                config,
                part,
                new DebertaEncoder.Distances(table, buckets, farthest),
                BertFamilies.layers(
                        config.size("num_hidden_layers"),
                        i -> secondLayer(config, part.at("encoder.layer." + i))),
                convolution(config, part));
    }

    private static DebertaEncoder.Layer secondLayer(ModelConfig config, Part part) {
        int width = width(config);
        PostNormEncoder.Layer layer =
                PostNormEncoder.Layer.of(
                        part,
                        SECOND,
                        width,
                        config.size("intermediate_size"),
                        BertFamilies.epsilon(config));
        boolean shared = config.flag("share_att_key", false);
        Part self = part.at("attention.self");
        List<String> kinds = kinds(config);
        Linear key = null;
        Linear query = null;
        if (kinds.contains("c2p")) {
            key = shared ? layer.key() : self.linear("pos_key_proj", width, width);
        }
        if (kinds.contains("p2c")) {
            query = shared ? layer.query() : self.linear("pos_query_proj", width, width);
        }
        return new DebertaEncoder.Layer(layer, key, query);
    }

    private static DebertaEncoder.@Nullable Convolution convolution(ModelConfig config, Part part) {
        int kernel = config.integer("conv_kernel_size", 0);
        if (kernel <= 0) {
            return null;
        }
        int width = width(config);
        if (config.integer("conv_groups", 1) != 1) {
            throw new Problem(
                    Problem.Code.NOT_IMPLEMENTED,
                    config.place() + ": conv_groups other than 1 are not computed");
        }
        Part conv = part.at("encoder.conv");
        return new DebertaEncoder.Convolution(
                conv.tensor("conv.weight", width, width, kernel),
                conv.tensor("conv.bias", width),
                conv.norm("LayerNorm", width, BertFamilies.epsilon(config)),
                Activations.of(config, "conv_act", "tanh"));
    }

    private static Encoder encoder(
            ModelConfig config,
            Part part,
            DebertaEncoder.Distances distances,
            List<DebertaEncoder.Layer> layers,
            DebertaEncoder.@Nullable Convolution convolution) {
        int width = width(config);
        int narrow = config.size("embedding_size", width);
        if (narrow != width) {
            throw new Problem(
                    Problem.Code.NOT_IMPLEMENTED,
                    "%s: embedding_size %d other than hidden_size %d is not computed"
                            .formatted(config.place(), narrow, width));
        }
        Part table = part.at("embeddings");
        boolean biased = config.flag("position_biased_input", true);
        Embeddings embeddings =
                new Embeddings(
                        table.table("word_embeddings", width),
                        biased ? table.table("position_embeddings", width) : null,
                        table.optional("token_type_embeddings.weight", 0, width),
                        table.norm("LayerNorm", width, BertFamilies.epsilon(config)),
                        null,
                        -1);
        return new DebertaEncoder(
                embeddings,
                layers,
                distances,
                Heads.checked(config, width, config.size("num_attention_heads")),
                Activations.of(config, "hidden_act", "gelu"),
                convolution);
    }

    private static int width(ModelConfig config) {
        return BertFamilies.width(config);
    }

    private static int farthest(ModelConfig config) {
        return config.size(
                config.integer("max_relative_positions", -1) < 1
                        ? "max_position_embeddings"
                        : "max_relative_positions");
    }

    /// `["c2p", "p2c"]`, or one string with bars between.
    private static List<String> kinds(ModelConfig config) {
        Object kinds = config.values().get("pos_att_type");
        List<String> names = new ArrayList<>();
        if (kinds instanceof List<?> list) {
            list.forEach(kind -> names.add(String.valueOf(kind)));
        } else if (kinds instanceof String text) {
            names.addAll(List.of(text.toLowerCase(Locale.ROOT).split("\\|")));
        }
        return config.flag("relative_attention", false) ? names : List.of();
    }
}
