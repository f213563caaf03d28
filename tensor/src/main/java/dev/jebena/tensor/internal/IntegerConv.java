package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Op.Window;
import dev.jebena.tensor.Shape;
import java.util.Arrays;

/// Exact convolutions of 8-bit integers with int8 weights: by the CPU's dot products where it has
/// them, else in float32. A float32 has 24 bits and a product at most 255 x 128: sums of 512
/// products are exact, and longer ones are made of such pieces, added in int32.
public final class IntegerConv {
    private static final int EXACT = 512;

    private IntegerConv() {}

    /// `in` is x, the weight, and perhaps what stands for 0 in x.
    public static void forward(Window window, View[] in, View y) {
        View x = in[0];
        View w = in[1];
        int zero =
                in.length < 3
                        ? 0
                        : (int) Elements.integer(in[2].dtype(), in[2].memory(), in[2].offset());
        boolean some = x.size() > 0 && w.size() > 0 && y.size() > 0;
        if (some && window.groups() == 1 && QuadWeight.isSupported()) {
            RowConv.integers(window, x, zero, QuadWeight.of(w), y);
        } else {
            inFloats(window, x, w, zero, y);
        }
    }

    static void inFloats(Window window, View x, View w, int zero, View y) {
        View left = View.allocate(DType.FLOAT32, x.shape());
        View right = View.allocate(DType.FLOAT32, w.shape());
        View shift = View.allocate(DType.FLOAT32, Shape.of(1));
        Elements.set(DType.FLOAT32, shift.memory(), 0, (double) zero);
        Elementwise.cast(x, left);
        View shifts = shift.as(x.shape(), new long[x.shape().rank()]);
        Elementwise.binary(Op.BinaryKind.SUB, left, shifts, left);
        Elementwise.cast(w, right);
        Window chain =
                new Window(
                        window.stride(),
                        window.low(),
                        window.high(),
                        window.dilation(),
                        window.groups(),
                        true);
        int taps = Math.max(1, Math.toIntExact(ConvLoops.spatial(w.shape())));
        int channels = w.shape().dim(1);
        int step = Math.max(1, EXACT / taps);
        if ((window.groups() > 1 && channels > step) || taps > EXACT) {
            inDoubles(chain, left, right, y);
            return;
        }
        View part = View.allocate(DType.FLOAT32, y.shape());
        View sum = View.allocate(DType.INT32, y.shape());
        y.memory().asSlice(4 * y.offset(), 4 * y.size()).fill((byte) 0);
        for (int from = 0; from < channels; from += step) {
            int count = Math.min(step, channels - from);
            int inputs = window.groups() > 1 ? x.shape().dim(1) : count;
            ConvLoops.forward(
                    chain, left.narrow(1, from, inputs), right.narrow(1, from, count), part);
            Elementwise.cast(part, sum);
            Elementwise.binary(Op.BinaryKind.ADD, y, sum, y);
        }
    }

    private static void inDoubles(Window window, View x, View w, View y) {
        View[] wide = new View[3];
        View[] narrow = {x, w, y};
        Arrays.setAll(wide, i -> View.allocate(DType.FLOAT64, narrow[i].shape()));
        Elementwise.cast(x, wide[0]);
        Elementwise.cast(w, wide[1]);
        ConvLoops.forward(window, wide[0], wide[1], wide[2]);
        Elementwise.cast(wide[2], y);
    }
}
