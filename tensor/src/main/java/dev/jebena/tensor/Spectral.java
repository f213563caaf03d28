package dev.jebena.tensor;

/// Fourier transforms of any length. There is no complex type: a last axis of length 2 holds real
/// and imaginary parts, as PyTorch's `view_as_real` gives them.
public sealed interface Spectral permits Tensor {
    Tensor self();

    private static Tensor transform(Tensor pairs, int axis, boolean inverse) {
        int rank = pairs.rank();
        int at = pairs.shape().slice(0, rank - 1).axis(axis, "fft");
        Tensor moved = pairs.moveAxis(at, rank - 2);
        Tensor out = Dispatch.one(new Op.Fft(inverse), moved).moveAxis(rank - 2, at);
        return inverse ? out.div(pairs.dim(at)) : out;
    }

    /// Of complex numbers `[..., 2]` along an axis of the numbers.
    default Tensor fft(int axis) {
        return transform(self(), axis, false);
    }

    /// The inverse, divided by the length.
    default Tensor ifft(int axis) {
        return transform(self(), axis, true);
    }

    /// Of real numbers: the first `n / 2 + 1` of the complex results, `[..., 2]`.
    default Tensor rfft(int axis) {
        Tensor x = self();
        int at = x.shape().axis(axis, "rfft");
        Tensor pairs = Tensors.stack(-1, x, x.zerosLike());
        return transform(pairs, at, false).slice(at, 0, x.dim(at) / 2 + 1);
    }

    /// The inverse of [#rfft]: `n` real numbers from `n / 2 + 1` complex ones.
    default Tensor irfft(int axis, int n) {
        Tensor x = self();
        int at = x.shape().slice(0, x.rank() - 1).axis(axis, "irfft");
        int half = n / 2 + 1;
        if (n < 1) {
            throw TensorException.value("irfft: length %d must be positive", n);
        }
        Tensor known = x.slice(at, 0, half);
        if (known.dim(at) < half) {
            int[] pads = new int[2 * (x.rank() - at)];
            pads[pads.length - 1] = half - known.dim(at);
            known = known.pad(0, pads);
        }
        Tensor signs = Tensor.of(new double[] {1, -1}, 2).to(x.dtype());
        Tensor mirrored = known.slice(at, 1, (n + 1) / 2).flip(at).mul(signs);
        Tensor first = realEnds(known, at, n);
        Tensor full = Tensors.concat(at, first, mirrored);
        return transform(full, at, true).select(-1, 0);
    }

    /// The imaginary parts of the first and, for even n, the last number do not count.
    private static Tensor realEnds(Tensor known, int axis, int n) {
        int half = known.dim(axis);
        double[] keep = new double[2 * half];
        java.util.Arrays.fill(keep, 1);
        keep[1] = 0;
        if (n % 2 == 0) {
            keep[2 * half - 1] = 0;
        }
        int[] dims = Ints.filled(known.rank(), 1).toArray();
        dims[axis] = half;
        dims[known.rank() - 1] = 2;
        return known.mul(Tensor.of(keep, dims).to(known.dtype()));
    }
}
