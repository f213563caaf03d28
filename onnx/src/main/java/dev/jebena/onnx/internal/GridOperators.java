package dev.jebena.onnx.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.Arrays;

/// Images at any places.
final class GridOperators {
    private static final double CUBIC = -0.75;

    private GridOperators() {}

    static void addTo(Operators all) {
        all.like("GridSample", GridOperators::sample);
        all.like("AffineGrid", GridOperators::affine);
    }

    /// How places outside are read.
    private record Image(int[] lengths, int[] strides, String padding, boolean corners) {
        /// A place on an axis, moved inside where the padding says so.
        double inside(double place, int axis) {
            double low = corners ? 0 : -0.5;
            double high = corners ? lengths[axis] - 1 : lengths[axis] - 0.5;
            if (place >= low && place <= high) {
                return place;
            }
            return switch (padding) {
                case "border" -> Math.clamp(place, 0, lengths[axis] - 1);
                case "reflection" -> reflect(place, low, high);
                default -> place;
            };
        }

        private static double reflect(double place, double low, double high) {
            double range = high - low;
            if (range <= 0) {
                return low;
            }
            double from = Math.abs(place - low) % (2 * range);
            return low + (from <= range ? from : 2 * range - from);
        }

        /// The element at whole places, or -1 for zeros around the image.
        int element(int[] places) {
            int element = 0;
            for (int i = 0; i < places.length; i++) {
                int place = places[i];
                if (place < 0 || place >= lengths[i]) {
                    if (padding.equals("zeros")) {
                        return -1;
                    }
                    place = (int) Math.clamp(Math.rint(inside(place, i)), 0, lengths[i] - 1);
                }
                element += place * strides[i];
            }
            return element;
        }
    }

    private static Tensor sample(Call call) {
        Tensor x = call.tensor(0);
        Tensor grid = call.tensor(1);
        int n = x.rank() - 2;
        if (grid.rank() != x.rank() || grid.dim(-1) != n || grid.dim(0) != x.dim(0)) {
            throw call.problem("a grid %s for %s", grid.shape(), x.shape());
        }
        int[] lengths = Windows.spatial(x);
        boolean corners = call.flag("align_corners");
        Image image =
                new Image(
                        lengths,
                        Loops.strides(Shape.of(lengths)),
                        call.text("padding_mode", "zeros"),
                        corners);
        String mode = call.text("mode", "linear");
        int area = Loops.product(lengths);
        int channels = x.dim(1);
        int points = x.dim(0) == 0 ? 0 : Math.toIntExact(grid.size() / n / grid.dim(0));
        double[] pixels = x.toDoubles();
        double[] at = grid.toDoubles();
        double[] result = new double[x.dim(0) * channels * points];
        double[] place = new double[n];
        for (int b = 0; b < x.dim(0); b++) {
            for (int p = 0; p < points; p++) {
                for (int i = 0; i < n; i++) {
                    // The grid has the last axis first.
                    double g = at[(b * points + p) * n + n - 1 - i];
                    double raw =
                            corners
                                    ? (g + 1) / 2 * (lengths[i] - 1)
                                    : ((g + 1) * lengths[i] - 1) / 2;
                    place[i] = image.inside(mode.equals("nearest") ? Math.rint(raw) : raw, i);
                }
                for (int c = 0; c < channels; c++) {
                    int from = (b * channels + c) * area;
                    result[(b * channels + c) * points + p] =
                            value(call, image, mode, place, pixels, from);
                }
            }
        }
        Shape shape = Shape.of(x.dim(0), channels).concat(grid.shape().slice(1, grid.rank() - 1));
        return Loops.of(result, shape, x.dtype());
    }

    private static double value(
            Call call, Image image, String mode, double[] place, double[] pixels, int from) {
        int n = place.length;
        int taps =
                switch (mode) {
                    case "nearest" -> 1;
                    case "linear", "bilinear" -> 2;
                    case "cubic", "bicubic" -> 4;
                    default -> throw call.unsupported("mode \"%s\"", mode);
                };
        int[] tap = new int[n];
        int[] places = new int[n];
        Shape window = Shape.of(Windows.filled(n, taps));
        double sum = 0;
        for (long i = 0; i < window.size(); i++) {
            double weight = 1;
            for (int d = 0; d < n; d++) {
                double floor = taps == 1 ? Math.rint(place[d]) : Math.floor(place[d]);
                int offset = taps == 4 ? tap[d] - 1 : tap[d];
                double t = Math.abs(place[d] - floor - offset);
                weight *= taps == 1 ? 1 : taps == 2 ? 1 - t : Resampler.cubic(t, CUBIC);
                places[d] = (int) Math.clamp(floor + offset, -1e9, 1e9);
            }
            int element = weight == 0 ? -1 : image.element(places);
            sum += element < 0 ? 0 : weight * pixels[from + element];
            Loops.next(tap, window);
        }
        return sum;
    }

    /// Where matrices `[n, d, d + 1]` move the points of an image.
    private static Tensor affine(Call call) {
        Tensor theta = call.tensor(0);
        int[] size = call.ints(1);
        int n = size.length - 2;
        boolean corners = call.flag("align_corners");
        int[] lengths = Arrays.copyOfRange(size, 2, size.length);
        Shape shape = Shape.of(lengths);
        Tensor[] columns = new Tensor[n + 1];
        for (int i = 0; i < n; i++) {
            int axis = n - 1 - i;
            double[] places = new double[lengths[axis]];
            for (int p = 0; p < places.length; p++) {
                places[p] =
                        corners
                                ? places.length > 1 ? -1 + 2.0 * p / (places.length - 1) : -1
                                : (2 * p + 1.0) / places.length - 1;
            }
            int[] dims = Windows.filled(n, 1);
            dims[axis] = places.length;
            columns[i] = Loops.of(places, Shape.of(dims), DType.FLOAT64).expand(shape);
        }
        columns[n] = Tensor.full(shape, 1, DType.FLOAT64);
        Tensor points = Tensors.stack(-1, columns).reshape(Loops.product(lengths), n + 1);
        Tensor moved = points.matmul(theta.to(DType.FLOAT64).t());
        return moved.reshape(Shape.of(size[0]).concat(shape).concat(Shape.of(n)));
    }
}
