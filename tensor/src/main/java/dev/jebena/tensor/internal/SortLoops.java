package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import java.util.Arrays;

/// Orders of lines. Each element becomes a 64-bit key that sorts as it should, beside its place.
public final class SortLoops {
    private SortLoops() {}

    public static void sort(int axis, boolean descending, View x, View y) {
        each(axis, x, y, x.shape().rank() == 0 ? 1 : x.shape().dim(axis), descending);
    }

    public static void topk(int axis, boolean largest, View x, View y) {
        each(axis, x, y, y.shape().dim(axis), largest);
    }

    private static void each(int axis, View x, View y, int kept, boolean descending) {
        Lines lines = new Lines(x, axis);
        Reader reader = lines.reader();
        int n = lines.length();
        boolean real = x.dtype().isFloat();
        Parallel.run(
                lines.count(),
                lines.tile(),
                (begin, end) -> {
                    double[] reals = new double[real ? n : 0];
                    long[] keys = new long[n];
                    for (long line = begin; line < end; line++) {
                        if (real) {
                            reader.read(line * n, n, reals);
                            for (int i = 0; i < n; i++) {
                                keys[i] = key(reals[i]);
                            }
                        } else {
                            reader.read(line * n, n, keys);
                        }
                        int[] order = order(keys, descending);
                        long to = lines.start(line, kept);
                        for (int i = 0; i < kept; i++) {
                            long at = to + i * lines.step();
                            Elements.set(DType.INT64, y.memory(), at, (long) order[i]);
                        }
                    }
                });
    }

    /// Orders like the numbers, with -0 as 0 and NaN above all.
    private static long key(double value) {
        if (Double.isNaN(value)) {
            return Long.MAX_VALUE;
        }
        long bits = Double.doubleToRawLongBits(value + 0.0);
        return bits < 0 ? bits ^ Long.MAX_VALUE : bits;
    }

    /// A stable order of the keys: the place of each among the sorted ones and its index fit into
    /// one long, and those sort fast.
    private static int[] order(long[] keys, boolean descending) {
        int n = keys.length;
        long[] sorted = keys.clone();
        Arrays.sort(sorted);
        int[] first = new int[n];
        for (int i = 1; i < n; i++) {
            first[i] = sorted[i] == sorted[i - 1] ? first[i - 1] : i;
        }
        long[] pairs = new long[n];
        for (int i = 0; i < n; i++) {
            long rank = first[Arrays.binarySearch(sorted, keys[i])];
            pairs[i] = (descending ? n - 1 - rank : rank) << 32 | i;
        }
        Arrays.sort(pairs);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = (int) pairs[i];
        }
        return order;
    }
}
