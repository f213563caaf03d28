package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;

/// First values of parameters, float32, by the formulas of `torch.nn.init`. Set them with
/// [Parameter#set].
public final class Init {
    private Init() {}

    /// The number of inputs and outputs that an element of a weight `[out, in, ...]` connects.
    public record Fan(long in, long out) {
        /// Of a weight; it has at least two axes.
        public static Fan of(Shape weight) {
            if (weight.rank() < 2) {
                throw NnException.shape(
                        "fan in and fan out need a weight [out, in, ...]; this is %s", weight);
            }
            long window = weight.slice(2, weight.rank()).size();
            return new Fan(weight.dim(1) * window, weight.dim(0) * window);
        }
    }

    /// Which of the two keeps its variance.
    public enum FanMode {
        IN,
        OUT
    }

    /// What follows the weight, and how much larger the weight is for it.
    public enum Gain {
        LINEAR(1),
        SIGMOID(1),
        TANH(5.0 / 3),
        RELU(Math.sqrt(2)),
        SELU(0.75);

        private final double factor;

        Gain(double factor) {
            this.factor = factor;
        }

        public double factor() {
            return factor;
        }

        /// For a leaky ReLU with this slope.
        public static double leakyRelu(double slope) {
            return Math.sqrt(2 / (1 + slope * slope));
        }
    }

    public static Tensor constant(Shape shape, double value) {
        return Tensor.full(shape, value, DType.FLOAT32);
    }

    /// Numbers from `low` to below `high`.
    public static Tensor uniform(Shape shape, double low, double high, Rng rng) {
        return rng.uniform(shape, DType.FLOAT32).mul(high - low).add(low);
    }

    public static Tensor normal(Shape shape, double mean, double deviation, Rng rng) {
        return rng.normal(shape, DType.FLOAT32).mul(deviation).add(mean);
    }

    /// Normal numbers within `low` and `high` only, by the inverse of the distribution's function.
    public static Tensor truncatedNormal(
            Shape shape, double mean, double deviation, double low, double high, Rng rng) {
        Tensor bounds = Tensor.of(new double[] {low, high}, 2).sub(mean).div(deviation);
        double[] share = bounds.div(Math.sqrt(2)).erf().add(1).div(2).toDoubles();
        Tensor u = rng.uniform(shape, DType.FLOAT64);
        Tensor p = u.mul(2 * (share[1] - share[0])).add(2 * share[0] - 1);
        return p.erfinv()
                .mul(deviation * Math.sqrt(2))
                .add(mean)
                .clamp(low, high)
                .to(DType.FLOAT32);
    }

    /// Glorot and Bengio 2010: variance `2 / (in + out)`.
    public static Tensor xavierUniform(Shape shape, double gain, Rng rng) {
        double bound = Math.sqrt(3) * xavier(shape, gain);
        return uniform(shape, -bound, bound, rng);
    }

    public static Tensor xavierNormal(Shape shape, double gain, Rng rng) {
        return normal(shape, 0, xavier(shape, gain), rng);
    }

    private static double xavier(Shape shape, double gain) {
        Fan fan = Fan.of(shape);
        return gain * Math.sqrt(2.0 / (fan.in + fan.out));
    }

    /// He et al. 2015: variance `gain^2 / fan`.
    public static Tensor kaimingUniform(Shape shape, FanMode mode, double gain, Rng rng) {
        double bound = Math.sqrt(3) * kaiming(shape, mode, gain);
        return uniform(shape, -bound, bound, rng);
    }

    public static Tensor kaimingNormal(Shape shape, FanMode mode, double gain, Rng rng) {
        return normal(shape, 0, kaiming(shape, mode, gain), rng);
    }

    private static double kaiming(Shape shape, FanMode mode, double gain) {
        Fan fan = Fan.of(shape);
        return gain / Math.sqrt((double) Math.max(1, mode == FanMode.IN ? fan.in : fan.out));
    }

    /// A matrix `[out, the rest]` with orthonormal rows or columns, whichever are fewer (Saxe et
    /// al. 2014).
    public static Tensor orthogonal(Shape shape, double gain, Rng rng) {
        Fan.of(shape);
        int rows = shape.dim(0);
        int columns = Math.toIntExact(shape.slice(1, shape.rank()).size());
        Tensor drawn = rng.normal(Shape.of(rows, columns), DType.FLOAT64);
        var factors = (rows < columns ? drawn.t() : drawn).qr();
        // The signs make the distribution uniform.
        Tensor q = factors.q().mul(factors.r().diagonal().sign());
        return (rows < columns ? q.t() : q).mul(gain).reshape(shape).to(DType.FLOAT32);
    }

    /// Normal numbers, of which a share in each column is 0.
    public static Tensor sparse(Shape shape, double share, double deviation, Rng rng) {
        if (shape.rank() != 2) {
            throw NnException.shape("sparse: a matrix is needed; this is %s", shape);
        }
        int zeros = (int) Math.ceil(NnException.probability("sparse", share) * shape.dim(0));
        Tensor place = rng.uniform(shape, DType.FLOAT32).argsort(0, false).argsort(0, false);
        return normal(shape, 0, deviation, rng).maskedFill(place.lt(zeros), 0);
    }

    /// A convolution's weight that passes its input on, channel by channel, within each group.
    public static Tensor dirac(Shape shape, int groups) {
        if (shape.rank() < 3 || shape.dim(0) % NnException.positive("groups", groups) != 0) {
            throw NnException.shape(
                    "dirac: a weight [out, in, ...] with outputs in %d groups is needed; this is %s",
                    groups, shape);
        }
        float[] values = new float[Math.toIntExact(shape.size())];
        int window = Math.toIntExact(shape.slice(2, shape.rank()).size());
        int middle = 0;
        for (int axis = 2; axis < shape.rank(); axis++) {
            middle = middle * shape.dim(axis) + shape.dim(axis) / 2;
        }
        int each = shape.dim(0) / groups;
        for (int o = 0; o < shape.dim(0); o++) {
            if (o % each < shape.dim(1)) {
                values[(o * shape.dim(1) + o % each) * window + middle] = 1;
            }
        }
        return Tensor.of(values, shape.toArray());
    }

    /// What PyTorch's linear and convolution layers begin with: uniform up to `1 / sqrt(in)`.
    static Tensor standard(Shape shape, long in, Rng rng) {
        double bound = in == 0 ? 0 : 1 / Math.sqrt((double) in);
        return uniform(shape, -bound, bound, rng);
    }
}
