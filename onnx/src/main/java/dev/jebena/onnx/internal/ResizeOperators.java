package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Images of other sizes, axis by axis.
final class ResizeOperators {
    private ResizeOperators() {}

    static void addTo(Operators all) {
        all.one("Resize", ResizeOperators::resize);
        all.one("Upsample", ResizeOperators::upsample);
    }

    /// Opsets 7 to 9: each place is the begin of an area of the input.
    private static Datum upsample(Call call) {
        Tensor x = call.tensor(0);
        double[] scales = call.has(1) ? call.tensor(1).toDoubles() : call.reals("scales");
        if (scales.length != x.rank()) {
            throw call.problem("%d scales for %s", scales.length, x.shape());
        }
        String mode = call.text("mode", "nearest");
        for (int axis = 0; axis < scales.length; axis++) {
            int length = (int) Math.floor(x.dim(axis) * scales[axis]);
            Resampler one =
                    new Resampler(
                            mode,
                            "asymmetric",
                            "floor",
                            -0.75,
                            false,
                            false,
                            x.dim(axis),
                            length,
                            scales[axis],
                            0,
                            1);
            x = one.apply(x, axis);
        }
        return call.like(0, x);
    }

    private static Datum resize(Call call) {
        Tensor x = call.tensor(0);
        boolean old = call.opset() < 11;
        int scalesAt = old ? 1 : 2;
        int[] every = IntStream.range(0, x.rank()).toArray();
        int[] axes = call.axes(call.numbers("axes", every), x.rank());
        int n = axes.length;
        boolean scaled = call.has(scalesAt) && call.tensor(scalesAt).size() > 0;
        double[] scales = new double[n];
        int[] lengths = new int[n];
        if (scaled) {
            scales = call.tensor(scalesAt).toDoubles();
            check(call, scales.length, n);
            for (int i = 0; i < n; i++) {
                lengths[i] = (int) Math.floor(x.dim(axes[i]) * scales[i]);
            }
        } else {
            lengths = call.ints(3);
            check(call, lengths.length, n);
            sizes(call, x, axes, scales, lengths);
        }
        double[] roi = call.has(1) && !old ? call.tensor(1).toDoubles() : new double[0];
        String transformation =
                call.text("coordinate_transformation_mode", old ? "asymmetric" : "half_pixel");
        boolean crops = transformation.equals("tf_crop_and_resize");
        Tensor y = x;
        Tensor outside = null;
        for (int i = 0; i < n; i++) {
            boolean given = crops && roi.length == 2 * n;
            Resampler one =
                    new Resampler(
                            call.text("mode", "nearest"),
                            transformation,
                            call.text("nearest_mode", old ? "floor" : "round_prefer_floor"),
                            call.real("cubic_coeff_a", -0.75),
                            call.flag("exclude_outside"),
                            call.flag("antialias"),
                            x.dim(axes[i]),
                            lengths[i],
                            scales[i],
                            given ? roi[i] : 0,
                            given ? roi[n + i] : 1);
            y = one.apply(y, axes[i]);
            if (crops) {
                int[] dims = Windows.filled(x.rank(), 1);
                dims[axes[i]] = lengths[i];
                Tensor beyond = one.outside().reshape(Shape.of(dims));
                outside = outside == null ? beyond : outside.or(beyond);
            }
        }
        if (outside != null) {
            Tensor value = Tensor.scalar(call.real("extrapolation_value", 0), y.dtype());
            y = outside.where(value, y);
        }
        return call.like(0, y);
    }

    private static void check(Call call, int given, int needed) {
        if (given != needed) {
            throw call.problem("%d scales or sizes are given for %d axes", given, needed);
        }
    }

    /// Scales from sizes; with a policy one scale for all, and sizes from it.
    private static void sizes(Call call, Tensor x, int[] axes, double[] scales, int[] lengths) {
        for (int i = 0; i < axes.length; i++) {
            scales[i] = (double) lengths[i] / x.dim(axes[i]);
        }
        String policy = call.text("keep_aspect_ratio_policy", "stretch");
        if (policy.equals("stretch")) {
            return;
        }
        double scale =
                policy.equals("not_larger")
                        ? Arrays.stream(scales).min().orElse(1)
                        : Arrays.stream(scales).max().orElse(1);
        for (int i = 0; i < axes.length; i++) {
            scales[i] = scale;
            lengths[i] = (int) Math.floor(scale * x.dim(axes[i]) + 0.5);
        }
    }

    /// The type in which weights are applied.
    static DType working(Tensor x) {
        return x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    }
}
