package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.Pooling;
import dev.jebena.tensor.Shape;

/// Pooling over windows of the last axes.
public final class PoolLoops {
    private PoolLoops() {}

    /// What happens to an element of a window.
    private interface Visitor {
        void visit(long place);
    }

    /// Goes through windows in order.
    private static final class Walk {
        private final Pooling windows;
        private final int[] lengths;
        private final int[] counts;
        private final long inSize;
        private final long outSize;

        Walk(Pooling windows, Shape in) {
            this.windows = windows;
            int rank = windows.rank();
            lengths = new int[rank];
            counts = new int[rank];
            long total = 1;
            long results = 1;
            for (int i = 0; i < rank; i++) {
                lengths[i] = in.dim(i - rank);
                counts[i] = windows.begins().get(i).size();
                total *= lengths[i];
                results *= counts[i];
            }
            inSize = total;
            outSize = results;
        }

        /// Visits the elements of window `window`, as places within the pooled axes.
        void elements(long window, Visitor visitor) {
            long[] at = new long[counts.length];
            long rest = window;
            for (int i = counts.length - 1; i >= 0; i--) {
                at[i] = rest % counts[i];
                rest /= counts[i];
            }
            elements(0, at, 0, visitor);
        }

        private void elements(int axis, long[] at, long place, Visitor visitor) {
            if (axis == counts.length) {
                visitor.visit(place);
                return;
            }
            int from = windows.begins().get(axis).get((int) at[axis]);
            int to = windows.ends().get(axis).get((int) at[axis]);
            for (int i = from; i < to; i += windows.dilation().get(axis)) {
                elements(axis + 1, at, place * lengths[axis] + i, visitor);
            }
        }
    }

    /// Runs `window` windows of each of the leading places.
    private interface Plane {
        void run(long plane, double[] values);
    }

    private static void planes(Walk walk, View x, long size, Plane body) {
        long planes = size == 0 ? 0 : x.size() / Math.max(1, size);
        Reader reader = new Reader(x);
        Parallel.run(
                planes,
                Math.max(1, 8192 / Math.max(1, walk.inSize)),
                (begin, end) -> {
                    double[] values = new double[Math.toIntExact(size)];
                    for (long plane = begin; plane < end; plane++) {
                        reader.read(plane * size, (int) size, values);
                        body.run(plane, values);
                    }
                });
    }

    public static void index(Pooling windows, View x, View y) {
        Walk walk = new Walk(windows, x.shape());
        planes(
                walk,
                x,
                walk.inSize,
                (plane, values) -> {
                    for (long window = 0; window < walk.outSize; window++) {
                        long[] best = {-1};
                        walk.elements(
                                window,
                                place -> {
                                    double value = values[(int) place];
                                    if (best[0] < 0
                                            || value > values[(int) best[0]]
                                            || Double.isNaN(value)) {
                                        best[0] = place;
                                    }
                                });
                        long to = plane * walk.outSize + window;
                        Elements.set(DType.INT64, y.memory(), to, best[0]);
                    }
                });
    }

    public static void sum(Pooling windows, View x, View y) {
        Walk walk = new Walk(windows, x.shape());
        planes(
                walk,
                x,
                walk.inSize,
                (plane, values) -> {
                    for (long window = 0; window < walk.outSize; window++) {
                        double[] sum = {0};
                        walk.elements(window, place -> sum[0] += values[(int) place]);
                        Elements.set(y.dtype(), y.memory(), plane * walk.outSize + window, sum[0]);
                    }
                });
    }

    public static void spread(Pooling windows, View x, View y) {
        Walk walk = new Walk(windows, y.shape());
        int n = Math.toIntExact(walk.inSize);
        if (x.size() == 0) {
            y.memory().fill((byte) 0);
            return;
        }
        planes(
                walk,
                x,
                walk.outSize,
                (plane, values) -> {
                    double[] sums = new double[n];
                    for (int window = 0; window < walk.outSize; window++) {
                        double value = values[window];
                        walk.elements(window, place -> sums[(int) place] += value);
                    }
                    Elements.store(y.dtype(), sums, 0, y.memory(), plane * walk.inSize, n);
                });
    }
}
