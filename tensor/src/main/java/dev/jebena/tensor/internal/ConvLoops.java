package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.Window;
import dev.jebena.tensor.Shape;

/// Convolutions as matrix products whose operands are read through tables of places: windows are
/// never copied out, only the padding is added once.
public final class ConvLoops {
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

    private static boolean narrow(DType dtype) {
        return dtype == DType.FLOAT16 || dtype == DType.BFLOAT16;
    }

    /// A convolution of two operands into a third view.
    private interface Convolution {
        void run(Window window, View a, View b, View y);
    }

    /// Float types of 16 bits are computed in float32.
    private static boolean widened(Convolution convolution, Window window, View a, View b, View y) {
        if (!narrow(y.dtype())) {
            return false;
        }
        View wide = View.allocate(DType.FLOAT32, y.shape());
        convolution.run(window, Multiply.floats(a), Multiply.floats(b), wide);
        Elementwise.cast(wide, y);
        return true;
    }

    private static View zeros(DType dtype, Shape shape) {
        View view = View.allocate(dtype, shape);
        view.memory().fill((byte) 0);
        return view;
    }

    /// x with its padding.
    private static View padded(Window window, View x) {
        Shape shape = x.shape();
        long offset = 0;
        boolean same = x.isContiguous();
        for (int i = 2; i < shape.rank(); i++) {
            int low = window.low().get(i - 2);
            int high = window.high().get(i - 2);
            same &= low == 0 && high == 0;
            shape = shape.with(i, shape.dim(i) + low + high);
        }
        if (same) {
            return x;
        }
        View padded = zeros(x.dtype(), shape);
        for (int i = 2; i < shape.rank(); i++) {
            offset += window.low().get(i - 2) * padded.stride(i);
        }
        Copy.copy(x, padded.at(offset, x.shape(), padded.strides()));
        return padded;
    }

    /// Places of all positions of the last axes of `counts`, where one step along axis i moves by
    /// `steps[i]` elements.
    private static long[] grid(long[] counts, long[] steps) {
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
        return places;
    }

    /// Counts and steps of an outer axis, then of the spatial axes of a view.
    private record Axes(long[] counts, long[] steps) {
        /// @param factors what a step along each spatial axis is multiplied with
        static Axes of(long outer, long outerStep, Shape counted, View moved, int[] factors) {
            int spatial = factors.length;
            long[] counts = new long[spatial + 1];
            long[] steps = new long[spatial + 1];
            counts[0] = outer;
            steps[0] = outerStep;
            for (int i = 0; i < spatial; i++) {
                counts[i + 1] = counted.dim(2 + i);
                steps[i + 1] = factors[i] * moved.stride(2 + i);
            }
            return new Axes(counts, steps);
        }

        long[] grid() {
            return ConvLoops.grid(counts, steps);
        }
    }

    private static long spatial(Shape shape) {
        return shape.slice(2, shape.rank()).size();
    }

    public static void forward(Window window, View x, View w, View y) {
        if (widened(ConvLoops::forward, window, x, w, y)) {
            return;
        }
        View in = padded(window, x);
        View weight = w.contiguous();
        int groups = window.groups();
        int outputs = w.shape().dim(0) / groups;
        int channels = w.shape().dim(1);
        int taps = Math.toIntExact(spatial(w.shape()));
        long positions = spatial(y.shape());
        int depth = channels * taps;
        long[] lines = Axes.of(1, 0, y.shape(), in, window.stride().toArray()).grid();
        long[] inner =
                Axes.of(channels, in.stride(1), w.shape(), in, window.dilation().toArray()).grid();
        pieces(
                y.shape().dim(0),
                groups,
                (n, g, threads) -> {
                    long row = weight.offset() + (long) g * outputs * depth;
                    Operand a = Operand.strided(weight, row, outputs, depth, depth, 1);
                    long base = in.offset() + n * in.stride(0) + (long) g * channels * in.stride(1);
                    Operand b = shifted(in, base, lines, inner);
                    long to = ((long) n * groups + g) * outputs * positions;
                    Multiply.product(a, b, y, to, positions, threads);
                });
    }

    private static Operand shifted(View view, long base, long[] lines, long[] inner) {
        return new Operand(
                view.dtype(), view.memory().asSlice(base * view.dtype().bytes()), lines, inner);
    }

    /// The transposed convolution: a convolution of y, spread by the stride, with the mirrored
    /// weight.
    public static void input(Window window, View y, View w, View x) {
        if (widened(ConvLoops::input, window, y, w, x)) {
            return;
        }
        View spread = spread(window, y, w.shape(), x.shape());
        View weight = w.contiguous();
        int groups = window.groups();
        int outputs = w.shape().dim(0) / groups;
        int channels = w.shape().dim(1);
        int taps = Math.toIntExact(spatial(w.shape()));
        long positions = spatial(x.shape());
        int[] ones = new int[x.shape().rank() - 2];
        int[] mirrored = new int[ones.length];
        long last = 0;
        for (int i = 0; i < ones.length; i++) {
            ones[i] = 1;
            mirrored[i] = -window.dilation().get(i);
            last +=
                    (long) window.dilation().get(i)
                            * (w.shape().dim(2 + i) - 1)
                            * spread.stride(2 + i);
        }
        long start = last;
        long[] lines = Axes.of(1, 0, x.shape(), spread, ones).grid();
        long[] inner = Axes.of(outputs, spread.stride(1), w.shape(), spread, mirrored).grid();
        long[] rows = Operand.places(0, channels, taps);
        long[] weights = grid(new long[] {outputs, taps}, new long[] {(long) channels * taps, 1});
        pieces(
                x.shape().dim(0),
                groups,
                (n, g, threads) -> {
                    Operand a =
                            shifted(
                                    weight,
                                    weight.offset() + (long) g * outputs * channels * taps,
                                    rows,
                                    weights);
                    long base = n * spread.stride(0) + (long) g * outputs * spread.stride(1);
                    long[] places = inner.clone();
                    for (int i = 0; i < places.length; i++) {
                        places[i] += start;
                    }
                    Operand b = shifted(spread, base, lines, places);
                    long to = ((long) n * groups + g) * channels * positions;
                    Multiply.product(a, b, x, to, positions, threads);
                });
    }

    /// y with `stride - 1` zeros between its elements, and as many around them as windows reach.
    private static View spread(Window window, View y, Shape weight, Shape input) {
        Shape shape = y.shape();
        Shape kept = y.shape();
        long from = y.offset();
        long[] strides = new long[shape.rank()];
        long to = 0;
        int[] begin = new int[shape.rank()];
        int[] base = new int[shape.rank()];
        for (int i = 2; i < shape.rank(); i++) {
            int stride = window.stride().get(i - 2);
            int reach = window.dilation().get(i - 2) * (weight.dim(i) - 1);
            int length = input.dim(i) + reach;
            base[i] = reach - window.low().get(i - 2);
            begin[i] = base[i] >= 0 ? 0 : Math.ceilDiv(-base[i], stride);
            int end = Math.min(y.shape().dim(i), Math.ceilDiv(length - base[i], stride));
            kept = kept.with(i, Math.max(0, end - begin[i]));
            shape = shape.with(i, length);
        }
        View spread = zeros(y.dtype(), shape);
        strides[0] = spread.stride(0);
        strides[1] = spread.stride(1);
        for (int i = 2; i < shape.rank(); i++) {
            int stride = window.stride().get(i - 2);
            from += begin[i] * y.stride(i);
            to += (base[i] + (long) begin[i] * stride) * spread.stride(i);
            strides[i] = stride * spread.stride(i);
        }
        if (kept.size() > 0) {
            Copy.copy(y.at(from, kept, y.strides()), spread.at(to, kept, strides));
        }
        return spread;
    }

    public static void weight(Window window, View x, View y, View w) {
        if (widened(ConvLoops::weight, window, x, y, w)) {
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
        long[] rows = Operand.places(0, outputs, positions);
        long[] places = grid(new long[] {samples, positions}, new long[] {out.stride(0), 1});
        long[] lines =
                Axes.of(channels, in.stride(1), w.shape(), in, window.dilation().toArray()).grid();
        long[] inner =
                Axes.of(samples, in.stride(0), y.shape(), in, window.stride().toArray()).grid();
        pieces(
                1,
                groups,
                (n, g, threads) -> {
                    Operand a =
                            shifted(
                                    out,
                                    out.offset() + (long) g * outputs * positions,
                                    rows,
                                    places);
                    long base = in.offset() + (long) g * channels * in.stride(1);
                    Operand b = shifted(in, base, lines, inner);
                    Multiply.product(a, b, w, (long) g * outputs * depth, depth, threads);
                });
    }
}
