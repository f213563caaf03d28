package dev.jebena.nn;

import dev.jebena.nn.MultiheadAttention.Sight;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decoder layers on top of each other, and a norm at the end if asked for. State: `layers.0`, ...,
/// `norm`.
public final class TransformerDecoder extends Block {
    private final List<TransformerDecoderLayer> layers = new ArrayList<>();
    private final @Nullable LayerNorm norm;

    private TransformerDecoder(TransformerOptions options, int count, boolean hasNorm, Rng rng) {
        Parts parts = new Parts();
        for (int i = 0; i < NnException.positive("number of layers", count); i++) {
            layers.add(parts.add(TransformerDecoderLayer.of(options, rng)));
        }
        part("layers", parts);
        norm = hasNorm ? part("norm", options.norm()) : null;
    }

    public static TransformerDecoder of(
            TransformerOptions options, int layers, boolean norm, Rng rng) {
        return new TransformerDecoder(options, layers, norm, rng);
    }

    /// As [TransformerDecoderLayer#apply].
    public Tensor apply(Tensor x, Tensor memory, Sight own, Sight other) {
        Tensor y = x;
        for (TransformerDecoderLayer layer : layers) {
            y = layer.apply(y, memory, own, other);
        }
        return norm == null ? y : norm.apply(y);
    }
}
