package dev.jebena.tensor;

/// Interpolation along the last axes, one after the other; each is a product with a matrix of
/// weights, so that derivatives follow.
public final class Resampling {
    private Resampling() {}

    /// How values between elements are found.
    public enum Mode {
        NEAREST,
        /// Linear along each axis: bilinear, trilinear.
        LINEAR,
        /// Cubic convolution with -0.75, as in PyTorch.
        CUBIC
    }

    private static final double CUBIC = -0.75;

    static Tensor of(Tensor x, Mode mode, boolean alignCorners, int... lengths) {
        if (lengths.length > x.rank()) {
            throw TensorException.shape(
                    "interpolate: %d lengths for shape %s", lengths.length, x.shape());
        }
        Tensor out = x;
        for (int i = 0; i < lengths.length; i++) {
            int axis = x.rank() - lengths.length + i;
            int in = x.dim(axis);
            if (in == 0 || lengths[i] < 1) {
                throw TensorException.shape(
                        "interpolate: axis %d of %s to %d elements", axis, x.shape(), lengths[i]);
            }
            out =
                    mode == Mode.NEAREST
                            ? out.indexSelect(axis, nearest(in, lengths[i]))
                            : weighted(out, axis, weights(mode, alignCorners, in, lengths[i]));
        }
        return out;
    }

    private static Tensor nearest(int in, int out) {
        long[] places = new long[out];
        float scale = (float) in / out;
        for (int i = 0; i < out; i++) {
            places[i] = Math.min(in - 1, (long) Math.floor(i * scale));
        }
        return Tensor.of(places, out);
    }

    private static Tensor weighted(Tensor x, int axis, double[][] weights) {
        double[] flat = new double[weights.length * weights[0].length];
        for (int i = 0; i < weights.length; i++) {
            System.arraycopy(weights[i], 0, flat, i * weights[0].length, weights[0].length);
        }
        Tensor matrix = Tensor.of(flat, weights.length, weights[0].length).to(x.dtype());
        return x.moveAxis(axis, -1).matmul(matrix.t()).moveAxis(-1, axis);
    }

    /// Row i has the weights of the elements for place i of the result.
    private static double[][] weights(Mode mode, boolean alignCorners, int in, int out) {
        double[][] rows = new double[out][in];
        for (int i = 0; i < out; i++) {
            double at;
            if (alignCorners) {
                at = out > 1 ? (double) i * (in - 1) / (out - 1) : 0;
            } else {
                at = (i + 0.5) * in / out - 0.5;
                at = mode == Mode.LINEAR ? Math.max(0, at) : at;
            }
            int from = (int) Math.floor(at);
            double t = at - from;
            if (mode == Mode.LINEAR) {
                rows[i][Math.clamp(from, 0, in - 1)] += 1 - t;
                rows[i][Math.clamp(from + 1, 0, in - 1)] += t;
            } else {
                for (int tap = -1; tap <= 2; tap++) {
                    rows[i][Math.clamp(from + tap, 0, in - 1)] += cubic(Math.abs(t - tap));
                }
            }
        }
        return rows;
    }

    private static double cubic(double x) {
        return x <= 1
                ? ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1
                : x < 2 ? CUBIC * (((x - 5) * x + 8) * x - 4) : 0;
    }
}
