package dev.jebena.nn;

import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The last axes at mean 0 and variance 1, times a weight, plus a bias. State: `weight`, `bias` of
/// the shape of these axes.
public final class LayerNorm extends Block implements Layer {
    private final Parameter weight;
    private final @Nullable Parameter bias;
    private final double epsilon;

    private LayerNorm(Shape shape, double epsilon, boolean hasBias) {
        this.epsilon = NnException.notNegative("LayerNorm: epsilon", epsilon);
        weight = parameter("weight", Init.constant(shape, 1));
        bias = hasBias ? parameter("bias", Init.constant(shape, 0)) : null;
    }

    /// Over the last axes of these lengths, with epsilon 1e-5.
    public static LayerNorm of(int... shape) {
        return new LayerNorm(Shape.of(shape), 1e-5, true);
    }

    public static LayerNorm of(Shape shape, double epsilon, boolean bias) {
        return new LayerNorm(shape, epsilon, bias);
    }

    @Override
    public Tensor apply(Tensor x) {
        return Autocast.wide(x)
                .layerNorm(weight.value(), bias == null ? null : bias.value(), epsilon);
    }
}
