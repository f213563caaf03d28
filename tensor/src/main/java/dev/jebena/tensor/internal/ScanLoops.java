package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op;

/// Running sums and extremes, and the sum of overlapping windows.
public final class ScanLoops {
    private ScanLoops() {}

    public static void cumulate(boolean product, View x, int axis, View y) {
        Lines lines = new Lines(x, axis);
        Reader reader = lines.reader();
        int n = lines.length();
        boolean real = x.dtype().isFloat();
        Parallel.run(
                lines.count(),
                lines.tile(),
                (begin, end) -> {
                    double[] reals = new double[real ? n : 0];
                    long[] integers = new long[real ? 0 : n];
                    for (long line = begin; line < end; line++) {
                        long to = lines.start(line, n);
                        if (real) {
                            reader.read(line * n, n, reals);
                            double sum = product ? 1 : 0;
                            for (int i = 0; i < n; i++) {
                                sum = product ? sum * reals[i] : sum + reals[i];
                                Elements.set(y.dtype(), y.memory(), to + i * lines.step(), sum);
                            }
                        } else {
                            reader.read(line * n, n, integers);
                            long sum = product ? 1 : 0;
                            for (int i = 0; i < n; i++) {
                                sum = product ? sum * integers[i] : sum + integers[i];
                                Elements.set(y.dtype(), y.memory(), to + i * lines.step(), sum);
                            }
                        }
                    }
                });
    }

    public static void index(boolean largest, View x, int axis, View y) {
        Lines lines = new Lines(x, axis);
        Reader reader = lines.reader();
        int n = lines.length();
        boolean real = x.dtype().isFloat();
        Parallel.run(
                lines.count(),
                lines.tile(),
                (begin, end) -> {
                    double[] reals = new double[real ? n : 0];
                    long[] integers = new long[real ? 0 : n];
                    for (long line = begin; line < end; line++) {
                        long to = lines.start(line, n);
                        if (real) {
                            reader.read(line * n, n, reals);
                        } else {
                            reader.read(line * n, n, integers);
                        }
                        int best = 0;
                        for (int i = 0; i < n; i++) {
                            boolean better =
                                    real
                                            ? atLeast(reals[i], reals[best], largest)
                                            : largest
                                                    ? integers[i] >= integers[best]
                                                    : integers[i] <= integers[best];
                            best = better ? i : best;
                            long at = to + i * lines.step();
                            Elements.set(DType.INT64, y.memory(), at, (long) best);
                        }
                    }
                });
    }

    /// NaN stays once it came.
    private static boolean atLeast(double value, double best, boolean largest) {
        return Double.isNaN(value)
                || (!Double.isNaN(best) && (largest ? value >= best : value <= best));
    }

    /// Adds windows up: element i of window w goes to `w * step + i`.
    public static void fold(Op.Fold f, View x, View y) {
        int last = x.shape().rank() - 1;
        int windows = x.shape().dim(f.axis());
        View front = x.contiguous();
        long inner = 1;
        for (int i = f.axis() + 1; i < last; i++) {
            inner *= x.shape().dim(i);
        }
        long outer = x.size() == 0 ? 0 : x.size() / (windows * inner * f.size());
        y.memory().fill((byte) 0);
        long behind = inner;
        Parallel.run(
                outer,
                1,
                (begin, end) -> {
                    for (long o = begin; o < end; o++) {
                        for (int w = 0; w < windows; w++) {
                            for (long k = 0; k < behind; k++) {
                                long from =
                                        front.offset()
                                                + ((o * windows + w) * behind + k) * f.size();
                                for (int i = 0; i < f.size(); i++) {
                                    long to =
                                            (o * f.length() + (long) w * f.step() + i) * behind + k;
                                    Accumulate.add(y, to, front, from + i);
                                }
                            }
                        }
                    }
                });
    }
}
