package dev.jebena.nn;

import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// `x w' + b` along the last axis: `[..., in]` to `[..., out]`. State: `weight [out, in]`, `bias
/// [out]`.
public final class Linear extends Block implements Layer {
    private final Parameter weight;
    private final @Nullable Parameter bias;

    private Linear(int in, int out, boolean hasBias, Rng rng) {
        NnException.positive("Linear: number of outputs", out);
        weight = parameter("weight", Init.standard(Shape.of(out, in), in, rng));
        bias = hasBias ? parameter("bias", Init.standard(Shape.of(out), in, rng)) : null;
    }

    public static Linear of(int in, int out, Rng rng) {
        return new Linear(in, out, true, rng);
    }

    /// With or without a bias.
    public static Linear of(int in, int out, boolean bias, Rng rng) {
        return new Linear(in, out, bias, rng);
    }

    public Parameter weight() {
        return weight;
    }

    /// Makes the weight that of another layer: tied weights.
    public Linear withWeightOf(Parameter tied) {
        if (!tied.shape().equals(weight.shape())) {
            throw NnException.shape(
                    "Linear: the weight has shape %s; one of shape %s cannot be tied to it",
                    weight.shape(), tied.shape());
        }
        return new Linear(tied, bias);
    }

    private Linear(Parameter tied, @Nullable Parameter bias) {
        weight = share("weight", tied);
        this.bias = bias == null ? null : share("bias", bias);
    }

    @Override
    public Tensor apply(Tensor x) {
        return linear(x, weight.value(), bias);
    }

    static Tensor linear(Tensor x, Tensor weight, @Nullable Parameter bias) {
        Tensor in = Autocast.narrow(x);
        Tensor w = Autocast.narrow(weight);
        return bias == null ? in.linear(w) : in.linear(w, Autocast.narrow(bias.value()));
    }
}
