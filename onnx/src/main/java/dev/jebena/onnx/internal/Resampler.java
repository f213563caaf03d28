package dev.jebena.onnx.internal;

import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;

/// One axis of an image in another length, as ONNX's `Resize` defines it.
///
/// @param mode `nearest`, `linear` or `cubic`
/// @param transformation which place of the input a place of the output is
/// @param rounding to the nearest element
/// @param a the coefficient of the cubic filter
/// @param excludes whether elements outside have no weight; else they are those of the edge
/// @param antialias whether filters get wider where an axis gets shorter
/// @param begin of the cropped part of the input, as a part of its length
record Resampler(
        String mode,
        String transformation,
        String rounding,
        double a,
        boolean excludes,
        boolean antialias,
        int in,
        int out,
        double scale,
        double begin,
        double end) {
    Tensor apply(Tensor x, int axis) {
        boolean whole = transformation.equals("tf_crop_and_resize") && (begin != 0 || end != 1);
        if (in == out && scale == 1 && !whole) {
            return x;
        }
        if (mode.equals("nearest")) {
            long[] places = new long[out];
            for (int i = 0; i < out; i++) {
                places[i] = Math.clamp(rounded(place(i)), 0, in - 1);
            }
            return x.indexSelect(axis, Loops.vector(places));
        }
        double[] weights = new double[out * in];
        for (int i = 0; i < out; i++) {
            weigh(place(i), weights, i * in);
        }
        Tensor matrix = Loops.of(weights, Shape.of(out, in), ResizeOperators.working(x));
        Tensor moved = x.to(ResizeOperators.working(x)).moveAxis(axis, x.rank() - 1);
        return moved.matmul(matrix.t()).moveAxis(x.rank() - 1, axis);
    }

    /// Which places of the output lie outside of the input.
    Tensor outside() {
        boolean[] outside = new boolean[out];
        for (int i = 0; i < out; i++) {
            double place = place(i);
            outside[i] = place < 0 || place > in - 1;
        }
        return Loops.of(outside, Shape.of(out));
    }

    private double place(int i) {
        return switch (transformation) {
            case "half_pixel" -> (i + 0.5) / scale - 0.5;
            case "half_pixel_symmetric" -> {
                double adjustment = out / (scale * in);
                yield in / 2.0 * (1 - adjustment) + (i + 0.5) / scale - 0.5;
            }
            case "pytorch_half_pixel" -> out > 1 ? (i + 0.5) / scale - 0.5 : 0;
            // The length is what the scale says, not rounded.
            case "align_corners" -> out > 1 ? i * (in - 1) / (scale * in - 1) : 0;
            case "asymmetric" -> i / scale;
            case "tf_half_pixel_for_nn" -> (i + 0.5) / scale;
            case "tf_crop_and_resize" ->
                    out > 1
                            ? begin * (in - 1) + i * (end - begin) * (in - 1) / (out - 1)
                            : 0.5 * (begin + end) * (in - 1);
            default ->
                    throw new IllegalArgumentException(
                            "coordinate_transformation_mode \"" + transformation + "\"");
        };
    }

    private long rounded(double place) {
        return (long)
                switch (rounding) {
                    case "floor" -> Math.floor(place);
                    case "ceil" -> Math.ceil(place);
                    case "round_prefer_ceil" -> Math.floor(place + 0.5);
                    case "round_prefer_floor" -> Math.ceil(place - 0.5);
                    default ->
                            throw new IllegalArgumentException("nearest_mode \"" + rounding + "\"");
                };
    }

    private void weigh(double place, double[] weights, int row) {
        double shrink = antialias ? Math.min(1, scale) : 1;
        int support = mode.equals("linear") ? 1 : 2;
        int from = (int) Math.floor(place - support / shrink);
        int to = (int) Math.ceil(place + support / shrink);
        double sum = 0;
        for (int i = from; i <= to; i++) {
            if (!excludes || (i >= 0 && i < in)) {
                sum += filter(Math.abs(i - place) * shrink);
            }
        }
        for (int i = from; i <= to; i++) {
            double weight = filter(Math.abs(i - place) * shrink);
            if (weight != 0 && (!excludes || (i >= 0 && i < in))) {
                weights[row + Math.clamp(i, 0, in - 1)] += weight / sum;
            }
        }
    }

    private double filter(double x) {
        if (mode.equals("linear")) {
            return Math.max(0, 1 - x);
        }
        if (!mode.equals("cubic")) {
            throw new IllegalArgumentException("mode \"" + mode + "\"");
        }
        return cubic(x, a);
    }

    /// Keys' cubic filter.
    static double cubic(double x, double a) {
        if (x <= 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
    }
}
