package dev.jebena.nn;

import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;

/// `x / sqrt(mean(x^2) + epsilon) * weight` over the last axes. State: `weight`.
public final class RmsNorm extends Block implements Layer {
    private final Parameter weight;
    private final double epsilon;

    private RmsNorm(Shape shape, double epsilon) {
        this.epsilon = NnException.notNegative("RmsNorm: epsilon", epsilon);
        weight = parameter("weight", Init.constant(shape, 1));
    }

    /// Over the last axes of these lengths, with float32's distance from 1 to the next number as
    /// epsilon, which is PyTorch's default.
    public static RmsNorm of(int... shape) {
        return new RmsNorm(Shape.of(shape), Math.ulp(1f));
    }

    public static RmsNorm of(Shape shape, double epsilon) {
        return new RmsNorm(shape, epsilon);
    }

    @Override
    public Tensor apply(Tensor x) {
        return Autocast.wide(x).rmsNorm(weight.value(), epsilon);
    }
}
