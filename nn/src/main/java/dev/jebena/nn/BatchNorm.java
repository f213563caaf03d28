package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.stream.IntStream;

/// `[n, c, ...]` with each channel at mean 0 and variance 1: `BatchNorm1d` to `3d`. While training
/// these are the batch's own and move the running ones on; afterwards the running ones are used.
///
/// State: `weight`, `bias`, `running_mean`, `running_var` `[c]`, `num_batches_tracked`.
public final class BatchNorm extends Block implements Layer {
    private static final double CUMULATIVE = 0;
    private final Parameter weight;
    private final Parameter bias;
    private final Buffer mean;
    private final Buffer variance;
    private final Buffer batches;
    private final double epsilon;
    private final double momentum;

    private BatchNorm(int channels, double epsilon, double momentum) {
        Shape shape = Shape.of(NnException.positive("BatchNorm: number of channels", channels));
        this.epsilon = NnException.notNegative("BatchNorm: epsilon", epsilon);
        this.momentum = NnException.probability("BatchNorm: momentum", momentum);
        weight = parameter("weight", Init.constant(shape, 1));
        bias = parameter("bias", Init.constant(shape, 0));
        mean = buffer("running_mean", Init.constant(shape, 0));
        variance = buffer("running_var", Init.constant(shape, 1));
        batches = buffer("num_batches_tracked", Tensor.scalar(0L, DType.INT64));
    }

    /// With epsilon 1e-5 and momentum 0.1.
    public static BatchNorm of(int channels) {
        return new BatchNorm(channels, 1e-5, 0.1);
    }

    /// @param momentum share of the newest batch in the running statistics; 0 for the mean of all
    ///   batches so far (PyTorch's `None`)
    public static BatchNorm of(int channels, double epsilon, double momentum) {
        return new BatchNorm(channels, epsilon, momentum);
    }

    @Override
    public Tensor apply(Tensor input) {
        Tensor x = Autocast.wide(input);
        int channels = weight.shape().dim(0);
        if (x.rank() < 2 || x.dim(1) != channels) {
            throw NnException.shape(
                    "BatchNorm: input %s; [n, %d, ...] is needed", x.shape(), channels);
        }
        if (!isTraining()) {
            return x.batchNorm(
                    mean.value(), variance.value(), weight.value(), bias.value(), epsilon);
        }
        if (x.size() / channels < 2) {
            throw NnException.shape(
                    "BatchNorm: input %s has one number a channel; training needs more", x.shape());
        }
        follow(x.detach());
        return x.batchNorm(weight.value(), bias.value(), epsilon);
    }

    private void follow(Tensor x) {
        int[] axes = IntStream.range(0, x.rank()).filter(axis -> axis != 1).toArray();
        batches.set(batches.value().add(1));
        if (momentum == CUMULATIVE) {
            Tensor seen = batches.value().to(mean.value().dtype());
            mean.set(mean.value().add(x.mean(axes).sub(mean.value()).div(seen)));
            variance.set(variance.value().add(x.var(axes).sub(variance.value()).div(seen)));
        } else {
            mean.set(mean.value().mul(1 - momentum).add(x.mean(axes).mul(momentum)));
            variance.set(variance.value().mul(1 - momentum).add(x.var(axes).mul(momentum)));
        }
    }
}
