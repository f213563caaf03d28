package dev.jebena.nn;

import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;

/// `[n, c, ...]` with the channels in groups, each at mean 0 and variance 1. State: `weight`, `bias
/// [c]`.
public final class GroupNorm extends Block implements Layer {
    private final int groups;
    private final Parameter weight;
    private final Parameter bias;
    private final double epsilon;

    private GroupNorm(int groups, int channels, double epsilon) {
        if (channels % NnException.positive("GroupNorm: number of groups", groups) != 0) {
            throw NnException.option(
                    "GroupNorm: %d channels do not divide into %d groups", channels, groups);
        }
        this.groups = groups;
        this.epsilon = epsilon;
        weight = parameter("weight", Init.constant(Shape.of(channels), 1));
        bias = parameter("bias", Init.constant(Shape.of(channels), 0));
    }

    public static GroupNorm of(int groups, int channels) {
        return new GroupNorm(groups, channels, 1e-5);
    }

    public static GroupNorm of(int groups, int channels, double epsilon) {
        return new GroupNorm(groups, channels, epsilon);
    }

    @Override
    public Tensor apply(Tensor x) {
        return Autocast.wide(x).groupNorm(groups, weight.value(), bias.value(), epsilon);
    }
}
