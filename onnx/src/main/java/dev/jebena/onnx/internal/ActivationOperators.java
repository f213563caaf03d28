package dev.jebena.onnx.internal;

import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.function.BiFunction;

/// Activation functions. The 16-bit types are computed in float32.
final class ActivationOperators {
    private ActivationOperators() {}

    static void addTo(Operators all) {
        add(all, "Relu", (c, x) -> x.relu());
        add(all, "Sigmoid", (c, x) -> x.sigmoid());
        add(all, "LeakyRelu", (c, x) -> x.leakyRelu(c.real("alpha", 0.01)));
        add(all, "Elu", (c, x) -> exponential(x, c.real("alpha", 1), 1, 1));
        add(
                all,
                "Selu",
                (c, x) -> {
                    double gamma = c.real("gamma", 1.0507010221481323);
                    return exponential(x, c.real("alpha", 1.6732631921768188), 1, gamma);
                });
        add(all, "Celu", (c, x) -> exponential(x, c.real("alpha", 1), c.real("alpha", 1), 1));
        add(all, "Softplus", (c, x) -> x.softplus());
        add(all, "Softsign", (c, x) -> x.div(x.abs().add(1)));
        add(
                all,
                "HardSigmoid",
                (c, x) -> hardSigmoid(x, c.real("alpha", 0.2), c.real("beta", 0.5)));
        add(all, "HardSwish", (c, x) -> x.mul(hardSigmoid(x, 1.0 / 6, 0.5)));
        add(all, "Mish", (c, x) -> x.mul(x.softplus().tanh()));
        add(all, "ThresholdedRelu", ActivationOperators::thresholded);
        add(all, "Shrink", ActivationOperators::shrink);
        add(all, "Swish", (c, x) -> swish(x, c.real("alpha", 1)));
        add(
                all,
                "Gelu",
                (c, x) -> c.text("approximate", "none").equals("tanh") ? x.geluTanh() : x.gelu());
        add(all, "PRelu", ActivationOperators::parametric);
        add(all, Operators.MICROSOFT + "Gelu", (c, x) -> x.gelu());
        add(
                all,
                Operators.MICROSOFT + "FastGelu",
                (c, x) -> (c.has(1) ? x.add(c.tensor(1).to(x.dtype())) : x).geluTanh());
        add(
                all,
                Operators.MICROSOFT + "BiasGelu",
                (c, x) -> x.add(c.tensor(1).to(x.dtype())).gelu());
        add(all, Operators.MICROSOFT + "QuickGelu", (c, x) -> swish(x, c.real("alpha", 1.702)));
    }

    private static void add(Operators all, String name, BiFunction<Call, Tensor, Tensor> function) {
        all.like(
                name,
                call -> {
                    Tensor x = call.tensor(0);
                    Tensor working = x.dtype().isFloat() ? x.to(call.working(0)) : x;
                    return function.apply(call, working);
                });
    }

    /// Before opset 7 slopes belong to channels.
    private static Tensor parametric(Call call, Tensor x) {
        Tensor slopes = call.tensor(1).to(x.dtype());
        if (call.opset() < 7 && slopes.rank() == 1 && x.rank() > 1 && slopes.size() > 1) {
            int[] dims = Windows.filled(x.rank(), 1);
            dims[1] = slopes.dim(0);
            slopes = slopes.reshape(Shape.of(dims));
        }
        return x.ge(0.0).where(x, x.mul(slopes));
    }

    private static Tensor swish(Tensor x, double alpha) {
        return alpha == 1 ? x.silu() : x.mul(x.mul(alpha).sigmoid());
    }

    /// `gamma x` for positive x, else `gamma alpha (exp(x / width) - 1)`.
    static Tensor exponential(Tensor x, double alpha, double width, double gamma) {
        Tensor low = x.clampMax(0).div(width).expm1().mul(alpha);
        Tensor y = x.gt(0.0).where(x, low);
        return gamma == 1 ? y : y.mul(gamma);
    }

    static Tensor hardSigmoid(Tensor x, double alpha, double beta) {
        return x.mul(alpha).add(beta).clamp(0, 1);
    }

    private static Tensor thresholded(Call call, Tensor x) {
        return x.gt(call.real("alpha", 1)).where(x, x.zerosLike());
    }

    private static Tensor shrink(Call call, Tensor x) {
        double lambda = call.real("lambd", 0.5);
        double bias = call.real("bias", 0);
        Tensor high = x.gt(lambda).where(x.sub(bias), x.zerosLike());
        return x.lt(-lambda).where(x.add(bias), high);
    }
}
