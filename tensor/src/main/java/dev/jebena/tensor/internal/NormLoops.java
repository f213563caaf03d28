package dev.jebena.tensor.internal;

import dev.jebena.tensor.Shape;

/// Softmax and standardization of lines.
public final class NormLoops {
    private NormLoops() {}

    public static void softmax(boolean log, int axis, View x, View y) {
        if (FloatPath.softmax(log, axis, x, y)) {
            return;
        }
        Lines lines = new Lines(x, axis);
        Reader reader = lines.reader();
        int n = lines.length();
        Parallel.run(
                lines.count(),
                lines.tile(),
                (begin, end) -> {
                    double[] values = new double[n];
                    for (long line = begin; line < end; line++) {
                        reader.read(line * n, n, values);
                        softmax(values, log);
                        long to = lines.start(line, n);
                        for (int i = 0; i < n; i++) {
                            Elements.set(y.dtype(), y.memory(), to + i * lines.step(), values[i]);
                        }
                    }
                });
    }

    private static void softmax(double[] values, boolean log) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            largest = Math.max(largest, value);
        }
        double sum = 0;
        for (double value : values) {
            sum += Math.exp(value - largest);
        }
        double shift = largest + Math.log(sum);
        for (int i = 0; i < values.length; i++) {
            values[i] = log ? values[i] - shift : Math.exp(values[i] - largest) / sum;
        }
    }

    public static void standardize(int axes, double epsilon, View x, View y, View factors) {
        if (FloatPath.standardize(axes, epsilon, x, y, factors)) {
            return;
        }
        Shape shape = x.shape();
        long length = shape.slice(shape.rank() - axes, shape.rank()).size();
        long count = length == 0 ? 0 : x.size() / length;
        int n = Math.toIntExact(length);
        Reader reader = new Reader(x);
        Parallel.run(
                count,
                Math.max(1, 16384 / Math.max(1, n)),
                (begin, end) -> {
                    double[] values = new double[n];
                    for (long row = begin; row < end; row++) {
                        reader.read(row * n, n, values);
                        double sum = 0;
                        for (double value : values) {
                            sum += value;
                        }
                        double mean = sum / n;
                        double squares = 0;
                        for (double value : values) {
                            squares += (value - mean) * (value - mean);
                        }
                        double factor = 1 / Math.sqrt(squares / n + epsilon);
                        for (int i = 0; i < n; i++) {
                            values[i] = (values[i] - mean) * factor;
                        }
                        Elements.store(y.dtype(), values, 0, y.memory(), row * n, n);
                        Elements.set(factors.dtype(), factors.memory(), row, factor);
                    }
                });
    }
}
