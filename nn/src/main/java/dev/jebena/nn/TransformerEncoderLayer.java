package dev.jebena.nn;

import dev.jebena.nn.MultiheadAttention.Sight;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;

/// Attention of a sequence `[n, length, width]` to itself, then two linear layers, each with a sum
/// and a norm. State: `self_attn`, `linear1`, `linear2`, `norm1`, `norm2`.
public final class TransformerEncoderLayer extends Block implements Layer {
    private final boolean normFirst;
    private final Layer activation;
    private final MultiheadAttention attention;
    private final Linear linear1;
    private final Linear linear2;
    private final LayerNorm norm1;
    private final LayerNorm norm2;
    private final Dropout dropout;

    private TransformerEncoderLayer(TransformerOptions options, Rng rng) {
        normFirst = options.normFirst();
        activation = options.activation();
        attention = part("self_attn", options.attention(rng));
        int inner = options.feedForward();
        linear1 = part("linear1", Linear.of(options.width(), inner, options.bias(), rng));
        linear2 = part("linear2", Linear.of(inner, options.width(), options.bias(), rng));
        norm1 = part("norm1", options.norm());
        norm2 = part("norm2", options.norm());
        dropout = part("dropout", Dropout.of(options.dropout(), rng));
    }

    public static TransformerEncoderLayer of(TransformerOptions options, Rng rng) {
        return new TransformerEncoderLayer(options, rng);
    }

    @Override
    public Tensor apply(Tensor x) {
        return apply(x, Sight.all());
    }

    public Tensor apply(Tensor x, Sight sight) {
        if (normFirst) {
            Tensor y = x.add(attend(norm1.apply(x), sight));
            return y.add(feed(norm2.apply(y)));
        }
        Tensor y = norm1.apply(x.add(attend(x, sight)));
        return norm2.apply(y.add(feed(y)));
    }

    private Tensor attend(Tensor x, Sight sight) {
        return dropout.apply(attention.apply(x, x, x, sight));
    }

    private Tensor feed(Tensor x) {
        Tensor inner = dropout.apply(activation.apply(linear1.apply(x)));
        return dropout.apply(linear2.apply(inner));
    }
}
