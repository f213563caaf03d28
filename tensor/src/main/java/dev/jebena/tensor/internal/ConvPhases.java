package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.Window;
import dev.jebena.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/// The transposed convolution: the gradient of a convolution's input.
///
/// With stride s the places of x fall into s phases an axis, and each phase sees only the taps that
/// reach it: each is a convolution with stride 1 of y with some taps of the weight, mirrored.
final class ConvPhases {
    private final Window window;
    private final View x;
    private final View y;

    /// `[groups, channels, outputs, taps]`.
    private final View weight;

    private final int groups;
    private final int outputs;
    private final int channels;
    private final Shape taps;
    private final int spatial;
    private final int[] low;

    /// A tap of one axis and how far from a phase's place it reads y.
    private record Tap(int index, int shift) {}

    /// @param y what is convolved
    /// @param x the result
    ConvPhases(Window window, View y, View w, View x) {
        this.window = window;
        this.x = x;
        groups = window.groups();
        outputs = w.shape().dim(0) / groups;
        channels = w.shape().dim(1);
        spatial = x.shape().rank() - 2;
        taps = w.shape().slice(2, w.shape().rank());
        int count = Math.toIntExact(taps.size());
        weight =
                w.contiguous()
                        .reshaped(Shape.of(groups, outputs, channels, count))
                        .permute(0, 2, 1, 3)
                        .contiguous();
        low = new int[spatial];
        int[] high = new int[spatial];
        for (int i = 0; i < spatial; i++) {
            for (int phase = 0; phase < window.stride().get(i); phase++) {
                int length = length(i, phase);
                for (Tap tap : taps(i, phase)) {
                    low[i] = Math.max(low[i], -tap.shift);
                    int last = tap.shift + length - 1;
                    high[i] = Math.max(high[i], last - (y.shape().dim(2 + i) - 1));
                }
            }
        }
        this.y = ConvLoops.padded(y, low, high);
    }

    /// Places of x in a phase of an axis.
    private int length(int axis, int phase) {
        int stride = window.stride().get(axis);
        return Math.max(0, Math.ceilDiv(x.shape().dim(2 + axis) - phase, stride));
    }

    private List<Tap> taps(int axis, int phase) {
        List<Tap> found = new ArrayList<>();
        int stride = window.stride().get(axis);
        for (int k = 0; k < taps.dim(axis); k++) {
            int distance = phase + window.low().get(axis) - k * window.dilation().get(axis);
            if (Math.floorMod(distance, stride) == 0) {
                found.add(new Tap(k, distance / stride));
            }
        }
        return found;
    }

    void run() {
        int[] phase = new int[spatial];
        int phases = 1;
        for (int i = 0; i < spatial; i++) {
            phases *= window.stride().get(i);
        }
        for (int n = 0; n < phases; n++) {
            int rest = n;
            for (int i = spatial - 1; i >= 0; i--) {
                phase[i] = rest % window.stride().get(i);
                rest /= window.stride().get(i);
            }
            phase(phase);
        }
    }

    private void phase(int[] phase) {
        Shape shape = x.shape();
        long offset = x.offset();
        long[] strides = x.strides().clone();
        int inTaps = 1;
        for (int i = 0; i < spatial; i++) {
            shape = shape.with(2 + i, length(i, phase[i]));
            offset += phase[i] * x.stride(2 + i);
            strides[2 + i] *= window.stride().get(i);
            inTaps *= taps(i, phase[i]).size();
        }
        View part = x.at(offset, shape, strides);
        if (part.size() == 0) {
            return;
        }
        if (inTaps == 0 || outputs == 0) {
            View zero = View.allocate(x.dtype(), Shape.of(1));
            zero.memory().fill((byte) 0);
            Copy.copy(zero.as(shape, new long[shape.rank()]), part);
            return;
        }
        multiply(phase, part, inTaps);
    }

    private void multiply(int[] phase, View part, int inTaps) {
        Shape shape = part.shape();
        long all = taps.size();
        long[] weights = new long[outputs * inTaps];
        long[] places = new long[outputs * inTaps];
        for (int n = 0; n < weights.length; n++) {
            int rest = n % inTaps;
            long step = 1;
            weights[n] = n / inTaps * all;
            places[n] = n / inTaps * y.stride(1);
            for (int i = spatial - 1; i >= 0; i--) {
                List<Tap> own = taps(i, phase[i]);
                Tap tap = own.get(rest % own.size());
                rest /= own.size();
                weights[n] += tap.index * step;
                places[n] += (tap.shift + low[i]) * y.stride(2 + i);
                step *= taps.dim(i);
            }
        }
        DType dtype = x.dtype();
        Operand.Places rows = Operand.Places.of(channels, outputs * all, dtype);
        Operand.Places ofWeight = new Operand.Places(weights, dtype);
        Operand.Places ofY = new Operand.Places(places, dtype);
        new ConvLoops.Products(shape, channels, groups, y) {
            @Override
            Operand left(int group) {
                long first = weight.offset() + (long) group * channels * outputs * all;
                return new Operand(weight, first, rows, ofWeight);
            }

            @Override
            Operand right(int sample, int count, int group) {
                long[] counts = new long[spatial + 1];
                long[] steps = new long[spatial + 1];
                counts[0] = count;
                steps[0] = y.stride(0);
                for (int i = 0; i < spatial; i++) {
                    counts[i + 1] = shape.dim(2 + i);
                    steps[i + 1] = y.stride(2 + i);
                }
                long base = sample * y.stride(0) + (long) group * outputs * y.stride(1);
                return new Operand(y, y.offset() + base, ConvLoops.grid(counts, steps, dtype), ofY);
            }
        }.run(part);
    }
}
