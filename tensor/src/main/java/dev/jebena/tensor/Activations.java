package dev.jebena.tensor;

import dev.jebena.tensor.Op.UnaryKind;
import org.jspecify.annotations.Nullable;

/// Functions of neural networks: activations, softmax, normalizations, attention.
public sealed interface Activations permits Tensor {
    Tensor self();

    private Tensor of(UnaryKind kind) {
        return Dispatch.one(new Op.Unary(kind), self());
    }

    default Tensor relu() {
        return of(UnaryKind.RELU);
    }

    /// `x / 2 (1 + erf(x / sqrt 2))`.
    default Tensor gelu() {
        return of(UnaryKind.GELU);
    }

    /// The form with tanh.
    default Tensor geluTanh() {
        return of(UnaryKind.GELU_TANH);
    }

    /// `x sigmoid(x)`, also called swish.
    default Tensor silu() {
        return of(UnaryKind.SILU);
    }

    /// `log(1 + exp(x))`.
    default Tensor softplus() {
        return of(UnaryKind.SOFTPLUS);
    }

    default Tensor logSigmoid() {
        return self().neg().softplus().neg();
    }

    default Tensor leakyRelu(double slope) {
        return self().gt(0).where(self(), self().mul(slope));
    }

    default Tensor elu(double alpha) {
        return self().gt(0).where(self(), self().clampMax(0).expm1().mul(alpha));
    }

    /// Scaled so that mean 0 and variance 1 stay (Klambauer et al. 2017).
    default Tensor selu() {
        return elu(1.6732632423543772).mul(1.0507009873554805);
    }

    default Tensor mish() {
        return self().mul(softplus().tanh());
    }

    default Tensor hardtanh(double low, double high) {
        return self().clamp(low, high);
    }

    default Tensor hardSigmoid() {
        return self().add(3).clamp(0, 6).div(6);
    }

    default Tensor hardSwish() {
        return self().mul(hardSigmoid());
    }

    /// The half of an axis times the sigmoid of the other half.
    default Tensor glu(int axis) {
        Tensor[] halves = self().chunk(axis, 2);
        return halves[0].mul(halves[1].sigmoid());
    }

    /// With slopes for each channel, axis 1, or one.
    default Tensor prelu(Tensor slopes) {
        int[] dims = Ints.filled(self().rank(), 1).toArray();
        if (slopes.size() > 1) {
            dims[1] = slopes.dim(0);
        }
        return self().gt(0).where(self(), self().mul(slopes.reshape(dims)));
    }

    default Tensor softmax(int axis) {
        return Dispatch.one(new Op.Softmax(self().shape().axis(axis, "softmax")), self());
    }

    default Tensor logSoftmax(int axis) {
        return Dispatch.one(new Op.LogSoftmax(self().shape().axis(axis, "logSoftmax")), self());
    }

    /// The last `axes` axes at mean 0 and variance 1: `(x - mean) / sqrt(variance + epsilon)`.
    default Tensor standardize(int axes, double epsilon) {
        return Dispatch.one(new Op.Standardize(axes, epsilon), self());
    }

    /// Layer norm over the axes of the weight, which are the last ones.
    default Tensor layerNorm(Tensor weight, @Nullable Tensor bias, double epsilon) {
        Tensor fused = Fused.layerNorm(self(), weight, bias, epsilon);
        if (fused != null) {
            return fused;
        }
        Tensor y = standardize(weight.rank(), epsilon).mul(weight);
        return bias == null ? y : y.add(bias);
    }

    /// `x / sqrt(mean(x^2) + epsilon) * weight` over the axes of the weight.
    default Tensor rmsNorm(Tensor weight, double epsilon) {
        int[] axes = Ints.range(-weight.rank(), 0).toArray();
        Tensor factor = self().square().mean(true, axes).add(epsilon).rsqrt();
        return self().mul(factor).mul(weight);
    }

    /// `[n, c, ...]` with the channels in groups of equal size, each at mean 0 and variance 1.
    default Tensor groupNorm(
            int groups, @Nullable Tensor weight, @Nullable Tensor bias, double epsilon) {
        Tensor x = self();
        if (x.rank() < 2 || groups < 1 || x.dim(1) % groups != 0) {
            throw TensorException.shape(
                    "groupNorm: %s has no channels in %d equal groups", x.shape(), groups);
        }
        Shape grouped =
                Shape.of(
                        x.dim(0),
                        groups,
                        x.size() == 0 ? 0 : Math.toIntExact(x.size() / x.dim(0) / groups));
        Tensor y = x.reshape(grouped).standardize(1, epsilon).reshape(x.shape());
        return affine(y, weight, bias);
    }

    /// `[n, c, ...]` with given statistics of the channels, as in evaluation.
    default Tensor batchNorm(
            Tensor mean,
            Tensor variance,
            @Nullable Tensor weight,
            @Nullable Tensor bias,
            double epsilon) {
        Tensor factor = channels(self(), variance).add(epsilon).rsqrt();
        return affine(self().sub(channels(self(), mean)).mul(factor), weight, bias);
    }

    /// `[n, c, ...]` with the batch's own statistics, as in training. Running statistics are the
    /// caller's: `x.mean(axes)` and `x.var(axes)` over all axes but 1.
    default Tensor batchNorm(@Nullable Tensor weight, @Nullable Tensor bias, double epsilon) {
        Tensor front = self().moveAxis(1, 0);
        Tensor y = front.standardize(self().rank() - 1, epsilon).moveAxis(0, 1);
        return affine(y, weight, bias);
    }

    private static Tensor channels(Tensor x, Tensor numbers) {
        int[] dims = Ints.filled(x.rank(), 1).toArray();
        dims[1] = numbers.dim(0);
        return numbers.reshape(dims);
    }

    private static Tensor affine(Tensor x, @Nullable Tensor weight, @Nullable Tensor bias) {
        Tensor y = weight == null ? x : x.mul(channels(x, weight));
        return bias == null ? y : y.add(channels(x, bias));
    }

    /// `softmax(this keys' / sqrt(d)) values`, with this as queries `[..., m, d]`. The mask `[...,
    /// m, n]` holds booleans (true takes part) or numbers to be added; with `causal` query i sees
    /// keys up to i.
    default Tensor attention(Tensor keys, Tensor values, @Nullable Tensor mask, boolean causal) {
        return attention(keys, values, mask, causal, 1 / Math.sqrt(self().dim(-1)));
    }

    default Tensor attention(
            Tensor keys, Tensor values, @Nullable Tensor mask, boolean causal, double scale) {
        Op.Attention op = new Op.Attention(causal, scale);
        if (mask == null) {
            return Dispatch.one(op, self(), keys, values);
        }
        Shape scores = self().shape().with(-1, keys.dim(-2));
        return Dispatch.one(op, self(), keys, values, mask.expand(scores));
    }

    /// With probability `p` 0, else divided by `1 - p`.
    default Tensor dropout(double p, Rng rng) {
        if (p == 0) {
            return self();
        }
        if (p == 1) {
            return self().mul(0);
        }
        int[] dims = self().shape().toArray();
        Tensor kept = rng.uniform(dims).ge(p);
        return kept.where(self().div(1 - p), self().zerosLike());
    }
}
