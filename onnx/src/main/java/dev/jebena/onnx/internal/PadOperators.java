package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Elements around a tensor.
final class PadOperators {
    private PadOperators() {}

    static void addTo(Operators all) {
        all.one("Pad", PadOperators::pad);
    }

    private static Datum pad(Call call) {
        Tensor x = call.tensor(0);
        int[] pads = call.opset() < 11 ? call.numbers("pads") : call.ints(1);
        int[] every = IntStream.range(0, x.rank()).toArray();
        int[] axes = call.has(3) ? call.axes(call.ints(3), x.rank()) : every;
        if (pads.length != 2 * axes.length) {
            throw call.problem("pads %s are given for %d axes", Arrays.toString(pads), axes.length);
        }
        String mode = call.text("mode", "constant");
        Tensor result = x;
        if (mode.equals("constant")) {
            return call.like(0, constant(call, x, axes, pads));
        }
        for (int i = 0; i < axes.length; i++) {
            result = repeated(call, result, axes[i], pads[i], pads[axes.length + i], mode);
        }
        return call.like(0, result);
    }

    private static Tensor constant(Call call, Tensor x, int[] axes, int[] pads) {
        double value = call.opset() < 11 ? call.real("value", 0) : 0;
        int[] pairs = new int[2 * x.rank()];
        for (int i = 0; i < axes.length; i++) {
            int at = 2 * (x.rank() - 1 - axes[i]);
            pairs[at] = pads[i];
            pairs[at + 1] = pads[axes.length + i];
        }
        if (!call.has(2)) {
            return x.pad(value, pairs);
        }
        if (x.dtype().bytes() < 8 || x.dtype().isFloat()) {
            return x.pad(call.realScalar(2), pairs);
        }
        // A double does not have all values of int64.
        Tensor inside = x.onesLike().pad(0, pairs).ne(0.0);
        return inside.where(x.pad(0, pairs), call.tensor(2).reshape(Shape.scalar()));
    }

    private static Tensor repeated(
            Call call, Tensor x, int axis, int before, int after, String mode) {
        int length = x.dim(axis);
        int total = length + before + after;
        if (before == 0 && after == 0) {
            return x;
        }
        if (length == 0 || total < 0) {
            throw call.problem("axis %d of %s cannot have %d elements", axis, x.shape(), total);
        }
        long[] places = new long[total];
        for (int i = 0; i < total; i++) {
            places[i] =
                    switch (mode) {
                        case "edge" -> Math.clamp((long) i - before, 0, length - 1);
                        case "reflect" -> reflect(i - before, length);
                        case "wrap" -> Math.floorMod(i - before, length);
                        default -> throw call.unsupported("mode \"%s\"", mode);
                    };
        }
        return x.indexSelect(axis, Loops.vector(places));
    }

    /// As if mirrors stood on the first and last element.
    private static int reflect(int place, int length) {
        if (length == 1) {
            return 0;
        }
        int within = Math.floorMod(place, 2 * (length - 1));
        return within < length ? within : 2 * (length - 1) - within;
    }
}
