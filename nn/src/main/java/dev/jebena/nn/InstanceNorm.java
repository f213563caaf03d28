package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// `[n, c, ...]` with each channel of each example at mean 0 and variance 1: `InstanceNorm1d` to
/// `3d`. State: none, or as far as asked for `weight`, `bias`, `running_mean`, `running_var`,
/// `num_batches_tracked`.
public final class InstanceNorm extends Block implements Layer {
    private final int channels;
    private final double epsilon;
    private final double momentum;
    private final @Nullable Parameter weight;
    private final @Nullable Parameter bias;
    private final @Nullable Buffer mean;
    private final @Nullable Buffer variance;

    private InstanceNorm(
            int channels, double epsilon, double momentum, boolean affine, boolean running) {
        Shape shape = Shape.of(NnException.positive("InstanceNorm: number of channels", channels));
        this.channels = channels;
        this.epsilon = NnException.notNegative("InstanceNorm: epsilon", epsilon);
        this.momentum = NnException.probability("InstanceNorm: momentum", momentum);
        weight = affine ? parameter("weight", Init.constant(shape, 1)) : null;
        bias = affine ? parameter("bias", Init.constant(shape, 0)) : null;
        mean = running ? buffer("running_mean", Init.constant(shape, 0)) : null;
        variance = running ? buffer("running_var", Init.constant(shape, 1)) : null;
        if (running) {
            buffer("num_batches_tracked", Tensor.scalar(0L, DType.INT64));
        }
    }

    /// Without weight, bias and running statistics.
    public static InstanceNorm of(int channels) {
        return new InstanceNorm(channels, 1e-5, 0.1, false, false);
    }

    public static InstanceNorm of(
            int channels, double epsilon, double momentum, boolean affine, boolean running) {
        return new InstanceNorm(channels, epsilon, momentum, affine, running);
    }

    @Override
    public Tensor apply(Tensor input) {
        Tensor x = Autocast.wide(input);
        if (x.rank() < 3 || x.dim(1) != channels) {
            throw NnException.shape(
                    "InstanceNorm: input %s; [n, %d, ...] is needed", x.shape(), channels);
        }
        Tensor w = weight == null ? null : weight.value();
        Tensor b = bias == null ? null : bias.value();
        if (mean != null && variance != null) {
            if (!isTraining()) {
                return x.batchNorm(mean.value(), variance.value(), w, b, epsilon);
            }
            int[] axes = IntStream.range(2, x.rank()).toArray();
            Tensor fixed = x.detach();
            move(mean, fixed.mean(axes).mean(0));
            move(variance, fixed.var(axes).mean(0));
        }
        return x.groupNorm(channels, w, b, epsilon);
    }

    private void move(Buffer running, Tensor now) {
        running.set(running.value().mul(1 - momentum).add(now.mul(momentum)));
    }
}
