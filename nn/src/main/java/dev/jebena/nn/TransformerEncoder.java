package dev.jebena.nn;

import dev.jebena.nn.MultiheadAttention.Sight;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Encoder layers on top of each other, and a norm at the end if asked for. State: `layers.0`, ...,
/// `norm`. Unlike PyTorch's, which copies one layer, each begins with numbers of its own.
public final class TransformerEncoder extends Block implements Layer {
    private final List<TransformerEncoderLayer> layers = new ArrayList<>();
    private final @Nullable LayerNorm norm;

    private TransformerEncoder(TransformerOptions options, int count, boolean hasNorm, Rng rng) {
        Parts parts = new Parts();
        for (int i = 0; i < NnException.positive("number of layers", count); i++) {
            layers.add(parts.add(TransformerEncoderLayer.of(options, rng)));
        }
        part("layers", parts);
        norm = hasNorm ? part("norm", options.norm()) : null;
    }

    public static TransformerEncoder of(
            TransformerOptions options, int layers, boolean norm, Rng rng) {
        return new TransformerEncoder(options, layers, norm, rng);
    }

    @Override
    public Tensor apply(Tensor x) {
        return apply(x, Sight.all());
    }

    public Tensor apply(Tensor x, Sight sight) {
        Tensor y = x;
        for (TransformerEncoderLayer layer : layers) {
            y = layer.apply(y, sight);
        }
        return norm == null ? y : norm.apply(y);
    }
}
