package dev.jebena.tensor;

import java.util.ArrayList;
import java.util.List;

/// Convolutions and pooling over `[n, c, ...]` with one to three further axes.
public sealed interface Convolutions permits Tensor {
    Tensor self();

    /// The convolution with weight `[o, c / groups, ...]`, without bias.
    default Tensor conv(Tensor weight, ConvOptions options) {
        return Dispatch.one(new Op.Conv(options.window(self().rank() - 2)), self(), weight);
    }

    default Tensor conv(Tensor weight, Tensor bias, ConvOptions options) {
        return addBias(conv(weight, options), bias);
    }

    private static Tensor addBias(Tensor y, Tensor bias) {
        int[] dims = Ints.filled(y.rank(), 1).toArray();
        dims[1] = bias.dim(0);
        return y.add(bias.reshape(dims));
    }

    /// The convolution of 8-bit integers, less what stands for 0 in them, with an int8 weight:
    /// exact sums in int32.
    ///
    /// @param zero one number of this tensor's type; what lies outside is 0 too
    default Tensor convInteger(Tensor weight, Tensor zero, ConvOptions options) {
        return Dispatch.one(new Op.Conv(options.window(self().rank() - 2)), self(), weight, zero);
    }

    /// The transposed convolution with weight `[c, o / groups, ...]`.
    default Tensor convTranspose(Tensor weight, ConvOptions options) {
        Shape x = self().shape();
        int spatial = x.rank() - 2;
        if (weight.rank() != x.rank() || spatial < 1 || weight.dim(0) != x.dim(1)) {
            throw TensorException.shape(
                    "convTranspose: x %s and weight %s: [n, c, ...] and [c, o / groups, ...] are"
                            + " needed",
                    x, weight.shape());
        }
        Op.Window window = options.window(spatial);
        int[] dims = new int[x.rank()];
        dims[0] = x.dim(0);
        dims[1] = weight.dim(1) * options.groups();
        for (int i = 0; i < spatial; i++) {
            int reach = window.dilation().get(i) * (weight.dim(2 + i) - 1) + 1;
            dims[2 + i] =
                    (x.dim(2 + i) - 1) * window.stride().get(i)
                            + reach
                            - window.low().get(i)
                            - window.high().get(i)
                            + options.outputPaddingOf(i);
        }
        // What the output padding adds is what the forward convolution would not have reached.
        Op.ConvInput op = new Op.ConvInput(window, Shape.of(dims));
        return Dispatch.one(op, self(), weight);
    }

    default Tensor convTranspose(Tensor weight, Tensor bias, ConvOptions options) {
        return addBias(convTranspose(weight, options), bias);
    }

    /// The largest element of each window.
    default Tensor maxPool(PoolOptions options) {
        return maxPoolWithIndices(options).values();
    }

    /// With the places of the elements, counted through the pooled axes, as int64.
    default Sorting.Sorted maxPoolWithIndices(PoolOptions options) {
        return pick(options.windows(self().shape()));
    }

    private Sorting.Sorted pick(Op.Pooling windows) {
        Tensor index = Dispatch.one(new Op.PoolIndex(windows), self());
        int kept = self().rank() - windows.rank();
        Tensor flat = self().flatten(kept, -1);
        Tensor values = flat.gather(kept, index.flatten(kept, -1)).reshape(index.shape());
        return new Sorting.Sorted(values, index);
    }

    /// The mean of each window.
    default Tensor avgPool(PoolOptions options) {
        Op.Pooling windows = options.windows(self().shape());
        Tensor sums = Dispatch.one(new Op.PoolSum(windows), self());
        return sums.div(options.counts(self().shape(), windows, self().dtype()));
    }

    /// The mean over windows that divide the last axes into the given numbers of parts.
    default Tensor adaptiveAvgPool(int... lengths) {
        Op.Pooling windows = adaptive(lengths);
        Tensor sums = Dispatch.one(new Op.PoolSum(windows), self());
        return sums.div(PoolOptions.sizes(windows, self().dtype()));
    }

    default Tensor adaptiveMaxPool(int... lengths) {
        return pick(adaptive(lengths)).values();
    }

    private Op.Pooling adaptive(int... lengths) {
        List<Ints> begins = new ArrayList<>();
        List<Ints> ends = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            int out = lengths[i];
            int in = self().dim(i - lengths.length);
            begins.add(Ints.range(0, out).map(w -> (int) ((long) w * in / out)));
            ends.add(Ints.range(0, out).map(w -> (int) Math.ceilDiv((w + 1L) * in, (long) out)));
        }
        return new Op.Pooling(begins, ends, Ints.filled(lengths.length, 1));
    }

    /// Resamples the last axes to the given lengths; see [Resampling].
    default Tensor interpolate(Resampling.Mode mode, boolean alignCorners, int... lengths) {
        return Resampling.of(self(), mode, alignCorners, lengths);
    }
}
