package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.List;

/// Layers one after the other. State: each layer's under its number, `0.weight`.
public final class Sequential extends Block implements Layer {
    private final List<Layer> layers;

    private Sequential(List<Layer> layers) {
        this.layers = layers;
        for (int i = 0; i < layers.size(); i++) {
            layer(Integer.toString(i), layers.get(i));
        }
    }

    public static Sequential of(Layer... layers) {
        return new Sequential(List.of(layers));
    }

    public static Sequential of(List<? extends Layer> layers) {
        return new Sequential(List.copyOf(layers));
    }

    /// The layers in their order.
    public List<Layer> layers() {
        return layers;
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor y = x;
        for (Layer layer : layers) {
            y = layer.apply(y);
        }
        return y;
    }
}
