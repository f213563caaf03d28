package dev.jebena.nn;

import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;

/// `y[o] = a' w[o] b + bias[o]` along the last axes of two tensors. State: `weight [out, inA,
/// inB]`, `bias [out]`.
public final class Bilinear extends Block {
    private final Parameter weight;
    private final Parameter bias;

    private Bilinear(int a, int b, int out, Rng rng) {
        weight = parameter("weight", Init.standard(Shape.of(out, a, b), a, rng));
        bias = parameter("bias", Init.standard(Shape.of(out), a, rng));
    }

    public static Bilinear of(int a, int b, int out, Rng rng) {
        return new Bilinear(a, b, out, rng);
    }

    public Tensor apply(Tensor a, Tensor b) {
        return Tensors.einsum(
                        "...i,oij,...j->...o",
                        Autocast.narrow(a),
                        Autocast.narrow(weight.value()),
                        Autocast.narrow(b))
                .add(Autocast.narrow(bias.value()));
    }
}
