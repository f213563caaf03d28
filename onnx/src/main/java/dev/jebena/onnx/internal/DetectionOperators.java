package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Boxes and regions of images.
final class DetectionOperators {
    private DetectionOperators() {}

    static void addTo(Operators all) {
        all.one("NonMaxSuppression", DetectionOperators::suppress);
        all.like("RoiAlign", RegionPooling::align);
        all.like("MaxRoiPool", RegionPooling::max);
    }

    /// For each batch element and class the best boxes that do not overlap better ones.
    private static Datum suppress(Call call) {
        Tensor boxes = call.tensor(0);
        Tensor scores = call.tensor(1);
        long most = call.has(2) ? call.scalar(2) : 0;
        double overlap = call.has(3) ? call.realScalar(3) : 0;
        double least = call.has(4) ? call.realScalar(4) : Double.NEGATIVE_INFINITY;
        boolean centers = call.flag("center_point_box");
        int count = boxes.dim(1);
        double[] corners = boxes.toDoubles();
        double[] values = scores.toDoubles();
        List<Long> found = new ArrayList<>();
        for (int b = 0; b < scores.dim(0); b++) {
            for (int c = 0; c < scores.dim(1); c++) {
                int from = (b * scores.dim(1) + c) * count;
                List<Integer> order =
                        IntStream.range(0, count)
                                .filter(i -> values[from + i] > least)
                                .boxed()
                                .sorted(
                                        Comparator.comparingDouble(
                                                (Integer i) -> -values[from + i]))
                                .toList();
                List<double[]> kept = new ArrayList<>();
                for (int i : order) {
                    if (kept.size() >= most) {
                        break;
                    }
                    double[] box = box(corners, (b * count + i) * 4, centers);
                    if (kept.stream().noneMatch(other -> shared(box, other) > overlap)) {
                        kept.add(box);
                        found.add((long) b);
                        found.add((long) c);
                        found.add((long) i);
                    }
                }
            }
        }
        long[] rows = found.stream().mapToLong(Long::longValue).toArray();
        return Datum.of(Loops.of(rows, Shape.of(rows.length / 3, 3), DType.INT64));
    }

    /// Lower and upper corner.
    private static double[] box(double[] all, int at, boolean centers) {
        double a = all[at];
        double b = all[at + 1];
        double c = all[at + 2];
        double d = all[at + 3];
        return centers
                ? new double[] {a - c / 2, b - d / 2, a + c / 2, b + d / 2}
                : new double[] {Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)};
    }

    /// The area of the common part over that of both.
    private static double shared(double[] a, double[] b) {
        double height = Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0]));
        double width = Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
        double common = height * width;
        double all = area(a) + area(b) - common;
        return all <= 0 ? 0 : common / all;
    }

    private static double area(double[] box) {
        return (box[2] - box[0]) * (box[3] - box[1]);
    }
}
