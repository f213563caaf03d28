package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// BERT's network (Devlin et al. 2018) and its kin: attention and a feed-forward network, each
/// added to what it read and normalized. ALBERT uses the same layers again and again.
final class PostNormEncoder implements Encoder {
    private final Embeddings embeddings;
    private final List<Layer> layers;
    private final int heads;
    private final int width;
    private final UnaryOperator<Tensor> activation;
    private final @Nullable RelativeBias bias;

    /// Where a family keeps the parts of a layer, below the layer's name.
    record Names(
            String query,
            String key,
            String value,
            String output,
            String attentionNorm,
            String up,
            String down,
            String outputNorm) {}

    record Layer(
            Linear query,
            Linear key,
            Linear value,
            Linear output,
            Norm attentionNorm,
            Linear up,
            Linear down,
            Norm outputNorm) {
        static Layer of(Part part, Names names, int width, int inner, double epsilon) {
            return new Layer(
                    part.linear(names.query, width, width),
                    part.linear(names.key, width, width),
                    part.linear(names.value, width, width),
                    part.linear(names.output, width, width),
                    part.norm(names.attentionNorm, width, epsilon),
                    part.linear(names.up, width, inner),
                    part.linear(names.down, inner, width),
                    part.norm(names.outputNorm, width, epsilon));
        }
    }

    /// @param bias of attention by distance, or null (MPNet)
    PostNormEncoder(
            Embeddings embeddings,
            List<Layer> layers,
            int heads,
            UnaryOperator<Tensor> activation,
            @Nullable RelativeBias bias) {
        this.embeddings = embeddings;
        this.layers = new ArrayList<>(layers);
        this.heads = heads;
        this.width = layers.getFirst().query().weight().dim(0);
        this.activation = activation;
        this.bias = bias;
    }

    @Override
    public Tensor states(int[] ids, int[] types) {
        Tensor x = embeddings.apply(ids, types);
        Tensor added = bias == null ? null : bias.of(ids.length, ids.length, 0);
        for (Layer layer : layers) {
            Tensor seen =
                    Heads.split(layer.query.apply(x), heads)
                            .attention(
                                    Heads.split(layer.key.apply(x), heads),
                                    Heads.split(layer.value.apply(x), heads),
                                    added,
                                    false);
            x = layer.attentionNorm.apply(x.add(layer.output.apply(Heads.join(seen))));
            Tensor inner = activation.apply(layer.up.apply(x));
            x = layer.outputNorm.apply(x.add(layer.down.apply(inner)));
        }
        return x;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int longest() {
        return embeddings.longest();
    }

    @Override
    public Tensor words() {
        return embeddings.words();
    }
}
