package dev.jebena.nn;

import dev.jebena.nn.MultiheadAttention.Sight;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;

/// As [TransformerEncoderLayer], with attention to an encoder's output between the two. State:
/// `self_attn`, `multihead_attn`, `linear1`, `linear2`, `norm1`, `norm2`, `norm3`.
public final class TransformerDecoderLayer extends Block {
    private final boolean normFirst;
    private final Layer activation;
    private final MultiheadAttention attention;
    private final MultiheadAttention cross;
    private final Linear linear1;
    private final Linear linear2;
    private final LayerNorm norm1;
    private final LayerNorm norm2;
    private final LayerNorm norm3;
    private final Dropout dropout;

    private TransformerDecoderLayer(TransformerOptions options, Rng rng) {
        normFirst = options.normFirst();
        activation = options.activation();
        attention = part("self_attn", options.attention(rng));
        cross = part("multihead_attn", options.attention(rng));
        int inner = options.feedForward();
        linear1 = part("linear1", Linear.of(options.width(), inner, options.bias(), rng));
        linear2 = part("linear2", Linear.of(inner, options.width(), options.bias(), rng));
        norm1 = part("norm1", options.norm());
        norm2 = part("norm2", options.norm());
        norm3 = part("norm3", options.norm());
        dropout = part("dropout", Dropout.of(options.dropout(), rng));
    }

    public static TransformerDecoderLayer of(TransformerOptions options, Rng rng) {
        return new TransformerDecoderLayer(options, rng);
    }

    /// @param x the sequence to be continued, which sees `own`
    /// @param memory the encoder's output, of which `other` is seen
    public Tensor apply(Tensor x, Tensor memory, Sight own, Sight other) {
        if (normFirst) {
            Tensor y = x.add(attend(norm1.apply(x), own));
            Tensor z = y.add(look(norm2.apply(y), memory, other));
            return z.add(feed(norm3.apply(z)));
        }
        Tensor y = norm1.apply(x.add(attend(x, own)));
        Tensor z = norm2.apply(y.add(look(y, memory, other)));
        return norm3.apply(z.add(feed(z)));
    }

    private Tensor attend(Tensor x, Sight sight) {
        return dropout.apply(attention.apply(x, x, x, sight));
    }

    private Tensor look(Tensor x, Tensor memory, Sight sight) {
        return dropout.apply(cross.apply(x, memory, memory, sight));
    }

    private Tensor feed(Tensor x) {
        Tensor inner = dropout.apply(activation.apply(linear1.apply(x)));
        return dropout.apply(linear2.apply(inner));
    }
}
