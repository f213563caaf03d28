package dev.jebena.transformers.internal.model;

import dev.jebena.base.Problem;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Builds [PostNormEncoder] for BERT and its kin.
final class BertFamilies {
    static final int MOST_LAYERS = 1024;
    static final PostNormEncoder.Names BERT =
            new PostNormEncoder.Names(
                    "attention.self.query",
                    "attention.self.key",
                    "attention.self.value",
                    "attention.output.dense",
                    "attention.output.LayerNorm",
                    "intermediate.dense",
                    "output.dense",
                    "output.LayerNorm");
    private static final PostNormEncoder.Names MPNET =
            new PostNormEncoder.Names(
                    "attention.attn.q",
                    "attention.attn.k",
                    "attention.attn.v",
                    "attention.attn.o",
                    "attention.LayerNorm",
                    "intermediate.dense",
                    "output.dense",
                    "output.LayerNorm");
    private static final PostNormEncoder.Names DISTILBERT =
            new PostNormEncoder.Names(
                    "attention.q_lin",
                    "attention.k_lin",
                    "attention.v_lin",
                    "attention.out_lin",
                    "sa_layer_norm",
                    "ffn.lin1",
                    "ffn.lin2",
                    "output_layer_norm");
    private static final PostNormEncoder.Names ALBERT =
            new PostNormEncoder.Names(
                    "attention.query",
                    "attention.key",
                    "attention.value",
                    "attention.dense",
                    "attention.LayerNorm",
                    "ffn",
                    "ffn_output",
                    "full_layer_layer_norm");

    private BertFamilies() {}

    static Encoder bert(ModelConfig config, Part part) {
        absolute(config);
        return plain(config, part, embeddings(config, part, width(config), -1, null), BERT, null);
    }

    static Encoder roberta(ModelConfig config, Part part) {
        absolute(config);
        int padding = config.integer("pad_token_id", 1);
        Embeddings embeddings = embeddings(config, part, width(config), padding, null);
        return plain(config, part, embeddings, BERT, null);
    }

    static Encoder mpnet(ModelConfig config, Part part) {
        Embeddings embeddings = embeddings(config, part, width(config), 1, null);
        int heads = config.size("num_attention_heads");
        Tensor table = part.tensor("encoder.relative_attention_bias.weight", 0, heads);
        return plain(config, part, embeddings, MPNET, new RelativeBias(table, true, 128));
    }

    static Encoder electra(ModelConfig config, Part part) {
        absolute(config);
        int narrow = config.size("embedding_size", width(config));
        Linear projection =
                narrow == width(config)
                        ? null
                        : part.linear("embeddings_project", narrow, width(config));
        return plain(config, part, embeddings(config, part, narrow, -1, projection), BERT, null);
    }

    static Encoder distilbert(ModelConfig config, Part part) {
        int width = config.size("dim", 768);
        int inner = config.size("hidden_dim", 3072);
        Part table = part.at("embeddings");
        Embeddings embeddings =
                new Embeddings(
                        table.table("word_embeddings", width),
                        table.table("position_embeddings", width),
                        null,
                        table.norm("LayerNorm", width, 1e-12),
                        null,
                        -1);
        return new PostNormEncoder(
                embeddings,
                layers(
                        config.size("n_layers", 6),
                        i ->
                                PostNormEncoder.Layer.of(
                                        part.at("transformer.layer." + i),
                                        DISTILBERT,
                                        width,
                                        inner,
                                        1e-12)),
                Heads.checked(config, width, config.size("n_heads", 12)),
                Activations.of(config, "activation", "gelu"),
                null);
    }

    static Encoder albert(ModelConfig config, Part part) {
        absolute(config);
        int width = width(config);
        int narrow = config.size("embedding_size", 128);
        int depth = config.size("num_hidden_layers", 12);
        int groups = config.size("num_hidden_groups", 1);
        int inner = config.size("inner_group_num", 1);
        Embeddings embeddings =
                embeddings(
                        config,
                        part,
                        narrow,
                        -1,
                        part.linear("encoder.embedding_hidden_mapping_in", narrow, width));
        List<PostNormEncoder.Layer> kinds =
                layers(
                        Math.multiplyExact(groups, inner),
                        i ->
                                PostNormEncoder.Layer.of(
                                        part.at(
                                                "encoder.albert_layer_groups.%d.albert_layers.%d"
                                                        .formatted(i / inner, i % inner)),
                                        ALBERT,
                                        width,
                                        config.size("intermediate_size"),
                                        epsilon(config)));
        List<PostNormEncoder.Layer> all = new ArrayList<>();
        for (int i = 0; i < Math.min(depth, MOST_LAYERS); i++) {
            int group = (int) ((long) i * groups / depth);
            all.addAll(kinds.subList(group * inner, (group + 1) * inner));
        }
        return new PostNormEncoder(
                embeddings,
                all,
                Heads.checked(config, width, config.size("num_attention_heads")),
                Activations.of(config, "hidden_act", "gelu_new"),
                null);
    }

    private static Encoder plain(
            ModelConfig config,
            Part part,
            Embeddings embeddings,
            PostNormEncoder.Names names,
            @Nullable RelativeBias bias) {
        int width = width(config);
        return new PostNormEncoder(
                embeddings,
                layers(
                        config.size("num_hidden_layers"),
                        i ->
                                PostNormEncoder.Layer.of(
                                        part.at("encoder.layer." + i),
                                        names,
                                        width,
                                        config.size("intermediate_size"),
                                        epsilon(config))),
                Heads.checked(config, width, config.size("num_attention_heads")),
                Activations.of(config, "hidden_act", "gelu"),
                bias);
    }

    static <T> List<T> layers(int count, IntFunction<T> layer) {
        if (count > MOST_LAYERS) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "config.json asks for %d layers, at most %d are built"
                            .formatted(count, MOST_LAYERS));
        }
        List<T> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(layer.apply(i));
        }
        return all;
    }

    /// Embeddings whose table of parts is left out where the checkpoint has none.
    private static Embeddings embeddings(
            ModelConfig config, Part part, int width, int padding, @Nullable Linear projection) {
        Part table = part.at("embeddings");
        return new Embeddings(
                table.table("word_embeddings", width),
                table.table("position_embeddings", width),
                table.optional("token_type_embeddings.weight", 0, width),
                table.norm("LayerNorm", width, epsilon(config)),
                projection,
                padding);
    }

    static int width(ModelConfig config) {
        return config.size("hidden_size");
    }

    static double epsilon(ModelConfig config) {
        return config.number("layer_norm_eps", 1e-12);
    }

    private static void absolute(ModelConfig config) {
        String kind = config.text("position_embedding_type", "absolute");
        if (!kind.equals("absolute")) {
            throw new Problem(
                    Problem.Code.NOT_IMPLEMENTED,
                    "%s: position_embedding_type is '%s'; computed is 'absolute'"
                            .formatted(config.place(), kind));
        }
    }
}
