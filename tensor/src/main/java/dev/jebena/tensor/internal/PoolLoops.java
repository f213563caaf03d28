package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.Pooling;
import dev.jebena.tensor.Shape;

/// Pooling over windows of the last axes.
public final class PoolLoops {
    private PoolLoops() {}

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
    }

    /// The windows of one plane after the other, by one thread.
    private static final class Walker {
        private final Walk walk;
        private final int[] at;
        private double[] values = {};

        /// The sum of a window.
        private double sum;

        /// The place of a window's largest element, the first among equals; -1 if there is none.
        private int best;

        Walker(Walk walk) {
            this.walk = walk;
            at = new int[walk.counts.length];
        }

        private void find(long window) {
            long rest = window;
            for (int i = at.length - 1; i >= 0; i--) {
                at[i] = (int) (rest % walk.counts[i]);
                rest /= walk.counts[i];
            }
        }

        private int begin(int axis) {
            return walk.windows.begins().get(axis).get(at[axis]);
        }

        private int end(int axis) {
            return walk.windows.ends().get(axis).get(at[axis]);
        }

        double sum(long window, double... plane) {
            find(window);
            values = plane;
            sum = 0;
            sum(0, 0);
            return sum;
        }

        private void sum(int axis, int place) {
            int step = walk.windows.dilation().get(axis);
            int first = place * walk.lengths[axis];
            int end = end(axis);
            for (int i = begin(axis); i < end; i += step) {
                if (axis == at.length - 1) {
                    sum += values[first + i];
                } else {
                    sum(axis + 1, first + i);
                }
            }
        }

        int best(long window, double... plane) {
            find(window);
            values = plane;
            best = -1;
            best(0, 0);
            return best;
        }

        private void best(int axis, int place) {
            int step = walk.windows.dilation().get(axis);
            int first = place * walk.lengths[axis];
            int end = end(axis);
            for (int i = begin(axis); i < end; i += step) {
                if (axis < at.length - 1) {
                    best(axis + 1, first + i);
                    continue;
                }
                double value = values[first + i];
                if (best < 0 || value > values[best] || Double.isNaN(value)) {
                    best = first + i;
                }
            }
        }

        /// Adds a value to all places of a window.
        void spread(long window, double value, double[] sums) {
            find(window);
            spread(0, 0, value, sums);
        }

        private void spread(int axis, int place, double value, double[] sums) {
            int step = walk.windows.dilation().get(axis);
            int first = place * walk.lengths[axis];
            int end = end(axis);
            for (int i = begin(axis); i < end; i += step) {
                if (axis == at.length - 1) {
                    sums[first + i] += value;
                } else {
                    spread(axis + 1, first + i, value, sums);
                }
            }
        }
    }

    /// Runs `window` windows of each of the leading places.
    private interface Plane {
        void run(Walker walker, long plane, double[] values);
    }

    private static void planes(Walk walk, View x, long size, Plane body) {
        long planes = size == 0 ? 0 : x.size() / Math.max(1, size);
        Reader reader = new Reader(x);
        Parallel.run(
                planes,
                Math.max(1, 8192 / Math.max(1, walk.inSize)),
                (begin, end) -> {
                    double[] values = new double[Math.toIntExact(size)];
                    Walker walker = new Walker(walk);
                    for (long plane = begin; plane < end; plane++) {
                        reader.read(plane * size, (int) size, values);
                        body.run(walker, plane, values);
                    }
                });
    }

    public static void index(Pooling windows, View x, View y) {
        Walk walk = new Walk(windows, x.shape());
        planes(
                walk,
                x,
                walk.inSize,
                (walker, plane, values) -> {
                    for (long window = 0; window < walk.outSize; window++) {
                        int best = walker.best(window, values);
                        long to = plane * walk.outSize + window;
                        Elements.set(DType.INT64, y.memory(), to, best);
                    }
                });
    }

    public static void sum(Pooling windows, View x, View y) {
        Walk walk = new Walk(windows, x.shape());
        planes(
                walk,
                x,
                walk.inSize,
                (walker, plane, values) -> {
                    for (long window = 0; window < walk.outSize; window++) {
                        double sum = walker.sum(window, values);
                        Elements.set(y.dtype(), y.memory(), plane * walk.outSize + window, sum);
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
                (walker, plane, values) -> {
                    double[] sums = new double[n];
                    for (int window = 0; window < walk.outSize; window++) {
                        walker.spread(window, values[window], sums);
                    }
                    Elements.store(y.dtype(), sums, 0, y.memory(), plane * walk.inSize, n);
                });
    }
}
