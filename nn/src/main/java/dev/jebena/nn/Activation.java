package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;

/// Functions of single numbers between layers, with PyTorch's default parameters; those with other
/// ones are made by the methods.
@SuppressWarnings("ImmutableEnumChecker") // functions without state
public enum Activation implements Layer {
    IDENTITY(x -> x),
    RELU(Tensor::relu),
    RELU6(x -> x.clamp(0, 6)),
    LEAKY_RELU(x -> x.leakyRelu(0.01)),
    ELU(x -> x.elu(1)),
    SELU(Tensor::selu),
    CELU(x -> x.elu(1)),
    /// With erf.
    GELU(Tensor::gelu),
    GELU_TANH(Tensor::geluTanh),
    SILU(Tensor::silu),
    MISH(Tensor::mish),
    SIGMOID(Tensor::sigmoid),
    LOG_SIGMOID(Tensor::logSigmoid),
    HARD_SIGMOID(Tensor::hardSigmoid),
    HARD_SWISH(Tensor::hardSwish),
    TANH(Tensor::tanh),
    HARD_TANH(x -> x.hardtanh(-1, 1)),
    SOFTPLUS(Tensor::softplus),
    SOFTSIGN(x -> x.div(x.abs().add(1))),
    TANH_SHRINK(x -> x.sub(x.tanh()));

    private final Layer function;

    Activation(Layer function) {
        this.function = function;
    }

    @Override
    public Tensor apply(Tensor x) {
        return function.apply(x);
    }

    public static Layer leakyRelu(double slope) {
        return x -> x.leakyRelu(slope);
    }

    public static Layer elu(double alpha) {
        return x -> x.elu(alpha);
    }

    /// `max(0, x) + min(0, alpha (exp(x / alpha) - 1))`.
    public static Layer celu(double alpha) {
        return x -> x.div(alpha).elu(1).mul(alpha);
    }

    public static Layer hardTanh(double low, double high) {
        return x -> x.hardtanh(low, high);
    }

    /// `log(1 + exp(beta x)) / beta`.
    public static Layer softplus(double beta) {
        return x -> x.mul(beta).softplus().div(beta);
    }

    /// 0 within `lambda` of 0, else x.
    public static Layer hardShrink(double lambda) {
        return x -> x.maskedFill(x.abs().le(lambda), 0);
    }

    /// Moved towards 0 by `lambda`.
    public static Layer softShrink(double lambda) {
        return x -> x.sub(x.clamp(-lambda, lambda));
    }

    /// `value` where x is not above `threshold`.
    public static Layer threshold(double threshold, double value) {
        return x -> x.gt(threshold).where(x, Tensor.full(x.shape(), value, x.dtype()));
    }

    /// The half of an axis times the sigmoid of the other half.
    public static Layer glu(int axis) {
        return x -> x.glu(axis);
    }

    public static Layer softmax(int axis) {
        return x -> Autocast.wide(x).softmax(axis);
    }

    public static Layer softmin(int axis) {
        return x -> Autocast.wide(x).neg().softmax(axis);
    }

    public static Layer logSoftmax(int axis) {
        return x -> Autocast.wide(x).logSoftmax(axis);
    }

    /// The half of the last axis times SiLU of the other: `silu(a) b`.
    public static Layer swiGlu() {
        return x -> {
            Tensor[] halves = x.chunk(-1, 2);
            return halves[0].silu().mul(halves[1]);
        };
    }

    /// x and -x, both without what is negative, one behind the other along axis 1.
    public static Layer crelu() {
        return x -> Tensors.concat(1, x.relu(), x.neg().relu());
    }
}
