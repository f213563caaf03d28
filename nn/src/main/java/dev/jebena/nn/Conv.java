package dev.jebena.nn;

import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A convolution `[n, in, ...]` to `[n, out, ...]` with one to three further axes, as many as its
/// kernel has: `Conv1d`, `Conv2d` and `Conv3d`. State: `weight [out, in / groups, ...]`, `bias
/// [out]`.
public final class Conv extends Block implements Layer {
    private final Parameter weight;
    private final @Nullable Parameter bias;
    private final ConvOptions options;

    private Conv(int in, int out, Shape kernel, ConvOptions options, boolean hasBias, Rng rng) {
        check("Conv", in, out, kernel, options);
        this.options = options;
        Shape shape = Shape.of(out, in / options.groups()).concat(kernel);
        long fan = Init.Fan.of(shape).in();
        weight = parameter("weight", Init.standard(shape, fan, rng));
        bias = hasBias ? parameter("bias", Init.standard(Shape.of(out), fan, rng)) : null;
    }

    static void check(String what, int in, int out, Shape kernel, ConvOptions options) {
        int groups = NnException.positive(what + ": number of groups", options.groups());
        if (kernel.rank() < 1 || kernel.rank() > 3) {
            throw NnException.shape("%s: kernel %s; 1 to 3 axes are needed", what, kernel);
        }
        if (in % groups != 0 || out % groups != 0) {
            throw NnException.option(
                    "%s: %d and %d channels do not divide into %d groups", what, in, out, groups);
        }
    }

    /// With stride 1, no padding, and a bias: `Conv.of(3, 16, Shape.of(5, 5), rng)`.
    public static Conv of(int in, int out, Shape kernel, Rng rng) {
        return new Conv(in, out, kernel, ConvOptions.defaults(), true, rng);
    }

    public static Conv of(int in, int out, Shape kernel, ConvOptions options, Rng rng) {
        return new Conv(in, out, kernel, options, true, rng);
    }

    /// With or without a bias.
    public static Conv of(
            int in, int out, Shape kernel, ConvOptions options, boolean bias, Rng rng) {
        return new Conv(in, out, kernel, options, bias, rng);
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor in = Autocast.narrow(x);
        Tensor w = Autocast.narrow(weight.value());
        return bias == null
                ? in.conv(w, options)
                : in.conv(w, Autocast.narrow(bias.value()), options);
    }
}
