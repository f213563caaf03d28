package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// ModernBERT's network (Warner et al. 2024): norms before each body, rotated queries and keys,
/// gated feed-forward networks, and in most layers attention to what is near.
///
/// @param embeddedNorm norm of the embeddings
/// @param window tokens on either side that local attention sees
record ModernEncoder(
        Tensor words,
        Norm embeddedNorm,
        List<Layer> layers,
        Norm finalNorm,
        int heads,
        int window,
        int longest,
        UnaryOperator<Tensor> activation)
        implements Encoder {
    /// @param attentionNorm null in the first layer, whose input is normalized already
    /// @param local whether it sees what is near only
    /// @param theta base of the rotation
    record Layer(
            @Nullable Norm attentionNorm,
            Linear queriesKeysValues,
            Linear output,
            Norm innerNorm,
            Linear up,
            Linear down,
            boolean local,
            double theta) {}

    @Override
    public Tensor states(int[] ids, int[] types) {
        Tensor x = embeddedNorm.apply(words.index(Tensor.of(ids)));
        Tensor near = near(ids.length);
        for (Layer layer : layers) {
            Tensor normal = layer.attentionNorm == null ? x : layer.attentionNorm.apply(x);
            Tensor[] parts = layer.queriesKeysValues.apply(normal).chunk(1, 3);
            Tensor seen =
                    rotated(Heads.split(parts[0], heads), layer.theta)
                            .attention(
                                    rotated(Heads.split(parts[1], heads), layer.theta),
                                    Heads.split(parts[2], heads),
                                    layer.local ? near : null,
                                    false);
            x = x.add(layer.output.apply(Heads.join(seen)));
            Tensor[] inner = layer.up.apply(layer.innerNorm.apply(x)).chunk(1, 2);
            x = x.add(layer.down.apply(activation.apply(inner[0]).mul(inner[1])));
        }
        return finalNorm.apply(x);
    }

    private Tensor near(int length) {
        Tensor places = Tensor.arange(length);
        return places.unsqueeze(1).sub(places).abs().le(window).unsqueeze(0);
    }

    /// Rotates `(i, i + d/2)` of each head by the place (Su et al. 2021).
    private static Tensor rotated(Tensor x, double theta) {
        int length = x.dim(1);
        int half = x.dim(2) / 2;
        float[] cos = new float[length * half];
        float[] sin = new float[length * half];
        for (int place = 0; place < length; place++) {
            for (int i = 0; i < half; i++) {
                float angle = place * (float) (1 / Math.pow(theta, (double) i / half));
                cos[place * half + i] = (float) Math.cos(angle);
                sin[place * half + i] = (float) Math.sin(angle);
            }
        }
        Tensor c = Tensor.of(cos, length, half);
        Tensor s = Tensor.of(sin, length, half);
        Tensor a = x.narrow(2, 0, half);
        Tensor b = x.narrow(2, half, half);
        return Tensors.concat(2, a.mul(c).sub(b.mul(s)), b.mul(c).add(a.mul(s)));
    }

    @Override
    public int width() {
        return words.dim(1);
    }
}
