package dev.jebena.onnx.internal;

import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;

/// Convolution whose window is moved at every place (Zhu et al. 2019).
final class DeformOperators {
    private DeformOperators() {}

    static void addTo(Operators all) {
        all.like("DeformConv", DeformOperators::conv);
    }

    /// Reads the moved windows into columns, which are multiplied with the weight.
    private static Tensor conv(Call call) {
        Tensor x = call.tensor(0);
        Tensor weight = call.tensor(1);
        if (x.rank() != 4 || weight.rank() != 4) {
            throw call.unsupported("images of two axes are supported, not %s", x.shape());
        }
        int groups = call.number("group", 1);
        int offsetGroups = call.number("offset_group", 1);
        Windows windows = Windows.of(call, Windows.spatial(x), Windows.spatial(weight));
        int n = x.dim(0);
        int channels = x.dim(1);
        int taps = windows.size()[0] * windows.size()[1];
        int rows = windows.counts()[0];
        int columns = windows.counts()[1];
        double[] pixels = x.toDoubles();
        double[] offsets = call.tensor(2).toDoubles();
        double[] mask = call.has(4) ? call.tensor(4).toDoubles() : new double[0];
        int places = rows * columns;
        if (offsets.length != n * offsetGroups * taps * 2 * places
                || (mask.length != 0 && mask.length != offsets.length / 2)) {
            throw call.problem(
                    "offsets %s for %d windows of %d", call.tensor(2).shape(), places, taps);
        }
        double[] all = new double[n * channels * taps * places];
        for (int b = 0; b < n; b++) {
            for (int c = 0; c < channels; c++) {
                int group = b * offsetGroups + c / (channels / offsetGroups);
                int plane = (b * channels + c) * x.dim(2) * x.dim(3);
                for (int k = 0; k < taps; k++) {
                    int ki = k / windows.size()[1];
                    int kj = k % windows.size()[1];
                    for (int p = 0; p < places; p++) {
                        int at = (group * taps + k) * 2 * places + p;
                        double row =
                                p / columns * windows.stride()[0]
                                        - windows.low()[0]
                                        + ki * windows.dilation()[0]
                                        + offsets[at];
                        double column =
                                p % columns * windows.stride()[1]
                                        - windows.low()[1]
                                        + kj * windows.dilation()[1]
                                        + offsets[at + places];
                        double value = between(pixels, plane, x.dim(2), x.dim(3), row, column);
                        if (mask.length > 0) {
                            value *= mask[(group * taps + k) * places + p];
                        }
                        all[((b * channels + c) * taps + k) * places + p] = value;
                    }
                }
            }
        }
        int out = weight.dim(0);
        Tensor patches =
                Loops.of(all, Shape.of(n, groups, channels / groups * taps, places), x.dtype());
        Tensor matrix = weight.reshape(Shape.of(1, groups, out / groups, channels / groups * taps));
        Tensor y = matrix.matmul(patches).reshape(Shape.of(n, out, rows, columns));
        return ConvOperators.bias(y, call.optional(3));
    }

    /// Between four pixels; those outside are 0.
    private static double between(
            double[] pixels, int plane, int h, int w, double row, double column) {
        int top = (int) Math.floor(row);
        int left = (int) Math.floor(column);
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            int y = top + i / 2;
            int x = left + i % 2;
            if (y >= 0 && y < h && x >= 0 && x < w) {
                sum +=
                        (1 - Math.abs(row - y))
                                * (1 - Math.abs(column - x))
                                * pixels[plane + y * w + x];
            }
        }
        return sum;
    }
}
