package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.Window;
import dev.jebena.tensor.Shape;

/// Convolutions as matrix products whose operands are read through tables of places: windows are
/// never copied out, only the padding is added once.
public final class ConvLoops {
    /// Positions of one sample that are enough for a product of their own; with fewer, all samples
    /// are columns of one product.
    private static final int MANY = 256;

    private ConvLoops() {}

    /// Product of sample `sample` and group `group`.
    private interface Piece {
        void run(int sample, int group, boolean threads);
    }

    /// Samples and groups in parallel if they are many, else each product by all threads.
    private static void pieces(int samples, int groups, Piece piece) {
        int count = samples * groups;
        if (count >= 4 * Parallel.threads()) {
            Parallel.tiles(count, i -> piece.run(i / groups, i % groups, false));
        } else {
            for (int i = 0; i < count; i++) {
                piece.run(i / groups, i % groups, true);
            }
        }
    }

    /// A convolution of two operands into a third view.
    private interface Convolution {
        void run(Window window, View a, View b, View y);
    }

    /// Float types of 16 bits are computed in float32.
    private static boolean widened(Convolution convolution, Window window, View a, View b, View y) {
        if (y.dtype() != DType.FLOAT16 && y.dtype() != DType.BFLOAT16) {
            return false;
        }
        View wide = View.allocate(DType.FLOAT32, y.shape());
        convolution.run(window, Multiply.floats(a), Multiply.floats(b), wide);
        Elementwise.cast(wide, y);
        return true;
    }

    /// x with `low[i]` and `high[i]` zeros around spatial axis i.
    static View padded(View x, int[] low, int[] high) {
        Shape shape = x.shape();
        long offset = 0;
        boolean same = x.isContiguous();
        for (int i = 2; i < shape.rank(); i++) {
            same &= low[i - 2] == 0 && high[i - 2] == 0;
            shape = shape.with(i, shape.dim(i) + low[i - 2] + high[i - 2]);
        }
        if (same) {
            return x;
        }
        View padded = View.allocate(x.dtype(), shape);
        padded.memory().fill((byte) 0);
        for (int i = 2; i < shape.rank(); i++) {
            offset += low[i - 2] * padded.stride(i);
        }
        Copy.copy(x, padded.at(offset, x.shape(), padded.strides()));
        return padded;
    }

    /// Places of all positions of some axes, where one step along axis i moves by `steps[i]`
    /// elements.
    static Operand.Places grid(long[] counts, long[] steps, DType dtype) {
        long size = 1;
        for (long count : counts) {
            size *= count;
        }
        long[] places = new long[Math.toIntExact(size)];
        for (int at = 0; at < places.length; at++) {
            long rest = at;
            for (int i = counts.length - 1; i >= 0; i--) {
                places[at] += rest % counts[i] * steps[i];
                rest /= counts[i];
            }
        }
        return new Operand.Places(places, dtype);
    }

    /// Places along an outer axis, then the spatial axes of a view.
    ///
    /// @param factors what a step along each spatial axis is multiplied with
    private static Operand.Places grid(
            long outer, long outerStep, Shape counted, View moved, int[] factors) {
        int spatial = factors.length;
        long[] counts = new long[spatial + 1];
        long[] steps = new long[spatial + 1];
        counts[0] = outer;
        steps[0] = outerStep;
        for (int i = 0; i < spatial; i++) {
            counts[i + 1] = counted.dim(2 + i);
            steps[i + 1] = factors[i] * moved.stride(2 + i);
        }
        return grid(counts, steps, moved.dtype());
    }

    static long spatial(Shape shape) {
        return shape.slice(2, shape.rank()).size();
    }

    private static View padded(Window window, View x) {
        return padded(x, window.low().toArray(), window.high().toArray());
    }

    public static void forward(Window window, View x, View w, View y) {
        if (widened(ConvLoops::forward, window, x, w, y)) {
            return;
        }
        if (Winograd.fits(window, x.dtype(), x.shape(), w.shape(), y.shape())) {
            Winograd.forward(window, x, w, y);
            return;
        }
        if (RowConv.fits(window, x.dtype(), x.shape(), w.shape(), y.shape())) {
            RowConv.forward(window, x, w, y);
            return;
        }
        if (DepthwiseConv.fits(window, x.dtype(), x.shape(), w.shape(), y.shape())) {
            DepthwiseConv.forward(window, x, w, y);
            return;
        }
        View in = padded(window, x);
        View weight = w.contiguous();
        int groups = window.groups();
        int outputs = w.shape().dim(0) / groups;
        int channels = w.shape().dim(1);
        int depth = Math.toIntExact(channels * spatial(w.shape()));
        Operand.Places inner =
                grid(channels, in.stride(1), w.shape(), in, window.dilation().toArray());
        Products products =
                new Products(y.shape(), outputs, groups, in) {
                    @Override
                    Operand left(int group) {
                        long row = weight.offset() + (long) group * outputs * depth;
                        return Operand.strided(weight, row, outputs, depth, depth, 1);
                    }

                    @Override
                    Operand right(int sample, int count, int group) {
                        Operand.Places lines =
                                grid(count, in.stride(0), y.shape(), in, window.stride().toArray());
                        long base = sample * in.stride(0) + (long) group * channels * in.stride(1);
                        return new Operand(in, in.offset() + base, lines, inner);
                    }
                };
        products.run(y);
    }

    /// Products of which each row is a channel of the result, and each column a place.
    abstract static class Products {
        private final Shape shape;
        private final int rows;
        private final int groups;
        private final DType dtype;

        /// @param shape `[samples, channels, ...]` of the result
        /// @param rows channels of a group
        Products(Shape shape, int rows, int groups, View in) {
            this.shape = shape;
            this.rows = rows;
            this.groups = groups;
            dtype = in.dtype();
        }

        abstract Operand left(int group);

        /// The places of `count` samples from `sample` on.
        abstract Operand right(int sample, int count, int group);

        /// Computes all of y, which has any strides.
        void run(View y) {
            int samples = shape.dim(0);
            long places = spatial(shape);
            if (y.isContiguous() && (places >= MANY || samples == 1)) {
                pieces(
                        samples,
                        groups,
                        (n, g, threads) -> {
                            long to = y.offset() + ((long) n * groups + g) * rows * places;
                            Multiply.product(left(g), right(n, 1, g), y, to, places, threads);
                        });
                return;
            }
            long columns = samples * places;
            View all = View.allocate(dtype, Shape.of(groups * rows, Math.toIntExact(columns)));
            pieces(
                    1,
                    groups,
                    (n, g, threads) ->
                            Multiply.product(
                                    left(g),
                                    right(0, samples, g),
                                    all,
                                    (long) g * rows * columns,
                                    columns,
                                    threads));
            // Channels come first there.
            long[] strides = View.rowMajor(shape);
            strides[0] = places;
            strides[1] = columns;
            Copy.copy(all.as(shape, strides), y);
        }
    }

    /// The transposed convolution; see [ConvPhases].
    public static void input(Window window, View y, View w, View x) {
        if (widened(ConvLoops::input, window, y, w, x)) {
            return;
        }
        if (Winograd.fits(window, x.dtype(), x.shape(), w.shape(), y.shape())) {
            Winograd.input(window, y, w, x);
            return;
        }
        if (RowConv.fits(window, x.dtype(), x.shape(), w.shape(), y.shape())) {
            RowConv.input(window, y, w, x);
            return;
        }
        if (DepthwiseConv.fits(window, x.dtype(), x.shape(), w.shape(), y.shape())) {
            DepthwiseConv.input(window, y, w, x);
            return;
        }
        new ConvPhases(window, y, w, x).run();
    }

    public static void weight(Window window, View x, View y, View w) {
        if (widened(ConvLoops::weight, window, x, y, w)) {
            return;
        }
        if (Winograd.fits(window, x.dtype(), x.shape(), w.shape(), y.shape())) {
            Winograd.weight(window, x, y, w);
            return;
        }
        if (RowConv.fits(window, x.dtype(), x.shape(), w.shape(), y.shape())) {
            RowConvGradient.weight(window, x, y, w);
            return;
        }
        if (DepthwiseConv.fits(window, x.dtype(), x.shape(), w.shape(), y.shape())) {
            DepthwiseConv.weight(window, x, y, w);
            return;
        }
        View in = padded(window, x);
        View out = y.contiguous();
        int groups = window.groups();
        int outputs = w.shape().dim(0) / groups;
        int channels = w.shape().dim(1);
        int depth = Math.toIntExact(channels * spatial(w.shape()));
        int samples = x.shape().dim(0);
        long positions = spatial(y.shape());
        Operand.Places rows = Operand.Places.of(outputs, positions, y.dtype());
        Operand.Places places =
                grid(new long[] {samples, positions}, new long[] {out.stride(0), 1}, y.dtype());
        Operand.Places lines =
                grid(channels, in.stride(1), w.shape(), in, window.dilation().toArray());
        Operand.Places inner =
                grid(samples, in.stride(0), y.shape(), in, window.stride().toArray());
        pieces(
                1,
                groups,
                (n, g, threads) -> {
                    long first = out.offset() + (long) g * outputs * positions;
                    long base = in.offset() + (long) g * channels * in.stride(1);
                    Operand a = new Operand(out, first, rows, places);
                    Operand b = new Operand(in, base, lines, inner);
                    Multiply.product(a, b, w, (long) g * outputs * depth, depth, threads);
                });
    }
}
