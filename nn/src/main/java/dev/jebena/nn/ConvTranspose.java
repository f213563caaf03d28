package dev.jebena.nn;

import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A transposed convolution `[n, in, ...]` to `[n, out, ...]`: `ConvTranspose1d` to `3d`. State:
/// `weight [in, out / groups, ...]`, `bias [out]`.
public final class ConvTranspose extends Block implements Layer {
    private final Parameter weight;
    private final @Nullable Parameter bias;
    private final ConvOptions options;

    private ConvTranspose(
            int in, int out, Shape kernel, ConvOptions options, boolean hasBias, Rng rng) {
        Conv.check("ConvTranspose", in, out, kernel, options);
        this.options = options;
        Shape shape = Shape.of(in, out / options.groups()).concat(kernel);
        long fan = Init.Fan.of(shape).in();
        weight = parameter("weight", Init.standard(shape, fan, rng));
        bias = hasBias ? parameter("bias", Init.standard(Shape.of(out), fan, rng)) : null;
    }

    /// With a bias.
    public static ConvTranspose of(int in, int out, Shape kernel, ConvOptions options, Rng rng) {
        return new ConvTranspose(in, out, kernel, options, true, rng);
    }

    /// With or without a bias.
    public static ConvTranspose of(
            int in, int out, Shape kernel, ConvOptions options, boolean bias, Rng rng) {
        return new ConvTranspose(in, out, kernel, options, bias, rng);
    }

    @Override
    public Tensor apply(Tensor x) {
        Tensor in = Autocast.narrow(x);
        Tensor w = Autocast.narrow(weight.value());
        return bias == null
                ? in.convTranspose(w, options)
                : in.convTranspose(w, Autocast.narrow(bias.value()), options);
    }
}
