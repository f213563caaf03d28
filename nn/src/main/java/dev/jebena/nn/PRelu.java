package dev.jebena.nn;

import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;

/// x where it is positive, else x times a learned slope, one for all or one for each channel.
/// State: `weight`.
public final class PRelu extends Block implements Layer {
    private final Parameter weight;

    private PRelu(int channels, double slope) {
        weight = parameter("weight", Init.constant(Shape.of(channels), slope));
    }

    /// One slope, 0.25 at first.
    public static PRelu of() {
        return new PRelu(1, 0.25);
    }

    public static PRelu of(int channels, double slope) {
        return new PRelu(channels, slope);
    }

    @Override
    public Tensor apply(Tensor x) {
        return x.prelu(weight.value());
    }
}
