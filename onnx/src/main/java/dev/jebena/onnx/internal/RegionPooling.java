package dev.jebena.onnx.internal;

import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;

/// Pooling of regions `[n, 4]` (or `[n, 5]` with the image first) of images to one size.
final class RegionPooling {
    private RegionPooling() {}

    /// Sampled between the pixels (He et al. 2017).
    static Tensor align(Call call) {
        Tensor x = call.tensor(0);
        double[] regions = call.tensor(1).toDoubles();
        long[] images = call.longs(2);
        int height = call.number("output_height", 1);
        int width = call.number("output_width", 1);
        double scale = call.real("spatial_scale", 1);
        int ratio = call.number("sampling_ratio", 0);
        boolean max = call.text("mode", "avg").equals("max");
        String shift = call.text("coordinate_transformation_mode", "half_pixel");
        boolean half = call.opset() >= 16 && shift.equals("half_pixel");
        int channels = x.dim(1);
        int h = x.dim(2);
        int w = x.dim(3);
        double[] pixels = x.toDoubles();
        double[] result = new double[images.length * channels * height * width];
        int at = 0;
        for (int r = 0; r < images.length; r++) {
            double offset = half ? 0.5 : 0;
            double left = regions[4 * r] * scale - offset;
            double top = regions[4 * r + 1] * scale - offset;
            double regionWidth = regions[4 * r + 2] * scale - offset - left;
            double regionHeight = regions[4 * r + 3] * scale - offset - top;
            if (!half) {
                regionWidth = Math.max(regionWidth, 1);
                regionHeight = Math.max(regionHeight, 1);
            }
            double binHeight = regionHeight / height;
            double binWidth = regionWidth / width;
            int rows = ratio > 0 ? ratio : (int) Math.ceil(regionHeight / height);
            int columns = ratio > 0 ? ratio : (int) Math.ceil(regionWidth / width);
            for (int c = 0; c < channels; c++) {
                int plane = Math.toIntExact((images[r] * channels + c) * h * w);
                for (int i = 0; i < height * width; i++) {
                    int row = i / width;
                    int column = i % width;
                    double y0 = top + row * binHeight;
                    double x0 = left + column * binWidth;
                    double sum = 0;
                    double largest = Double.NEGATIVE_INFINITY;
                    for (int s = 0; s < rows * columns; s++) {
                        int down = s / columns;
                        int right = s % columns;
                        double y = y0 + (down + 0.5) * binHeight / rows;
                        double z = x0 + (right + 0.5) * binWidth / columns;
                        double[] parts = between(pixels, plane, h, w, y, z);
                        sum += parts[0] + parts[1] + parts[2] + parts[3];
                        for (double part : parts) {
                            largest = Math.max(largest, part);
                        }
                    }
                    int count = Math.max(1, rows * columns);
                    result[at++] = max ? (rows * columns == 0 ? 0 : largest) : sum / count;
                }
            }
        }
        return Loops.of(result, Shape.of(images.length, channels, height, width), x.dtype());
    }

    /// The four neighbours of a place by their weights; zeros outside.
    private static double[] between(
            double[] pixels, int plane, int h, int w, double row, double column) {
        if (row < -1 || row > h || column < -1 || column > w) {
            return new double[4];
        }
        double y = Math.max(row, 0);
        double x = Math.max(column, 0);
        int top = (int) y;
        int left = (int) x;
        int bottom = top + 1;
        int right = left + 1;
        if (top >= h - 1) {
            top = h - 1;
            bottom = top;
            y = top;
        }
        if (left >= w - 1) {
            left = w - 1;
            right = left;
            x = left;
        }
        double down = y - top;
        double over = x - left;
        return new double[] {
            (1 - down) * (1 - over) * pixels[plane + top * w + left],
            (1 - down) * over * pixels[plane + top * w + right],
            down * (1 - over) * pixels[plane + bottom * w + left],
            down * over * pixels[plane + bottom * w + right]
        };
    }

    /// The largest pixel of each cell of a region, whose edges are rounded.
    static Tensor max(Call call) {
        Tensor x = call.tensor(0);
        int[] size = call.numbers("pooled_shape");
        double scale = call.real("spatial_scale", 1);
        Tensor regions = call.tensor(1);
        double[] boxes = regions.toDoubles();
        int count = regions.dim(0);
        int channels = x.dim(1);
        int h = x.dim(2);
        int w = x.dim(3);
        double[] pixels = x.toDoubles();
        double[] result = new double[count * channels * size[0] * size[1]];
        int at = 0;
        for (int r = 0; r < count; r++) {
            long left = Math.round(boxes[5 * r + 1] * scale);
            long top = Math.round(boxes[5 * r + 2] * scale);
            double width = Math.max(1, Math.round(boxes[5 * r + 3] * scale) - left + 1);
            double height = Math.max(1, Math.round(boxes[5 * r + 4] * scale) - top + 1);
            for (int c = 0; c < channels; c++) {
                int plane = (((int) boxes[5 * r]) * channels + c) * h * w;
                for (int i = 0; i < size[0] * size[1]; i++) {
                    int row = i / size[1];
                    int column = i % size[1];
                    int y0 = clip(Math.floor(row * height / size[0]) + top, h);
                    int y1 = clip(Math.ceil((row + 1) * height / size[0]) + top, h);
                    int x0 = clip(Math.floor(column * width / size[1]) + left, w);
                    int x1 = clip(Math.ceil((column + 1) * width / size[1]) + left, w);
                    double largest = y1 <= y0 || x1 <= x0 ? 0 : Double.NEGATIVE_INFINITY;
                    for (int y = y0; y < y1; y++) {
                        for (int z = x0; z < x1; z++) {
                            largest = Math.max(largest, pixels[plane + y * w + z]);
                        }
                    }
                    result[at++] = largest;
                }
            }
        }
        return Loops.of(result, Shape.of(count, channels, size[0], size[1]), x.dtype());
    }

    private static int clip(double place, int length) {
        return (int) Math.clamp(place, 0, length);
    }
}
