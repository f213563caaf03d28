package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Ints;
import dev.jebena.tensor.Op.ReduceKind;
import dev.jebena.tensor.Shape;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/// Reductions. Elements are combined in pieces of [#PIECE] in order, then the pieces in order: the
/// result depends on shapes only.
public final class ReduceLoops {
    private static final int PIECE = 4096;

    private ReduceLoops() {}

    /// The view with the reduced axes last, as rows.
    record Rows(View view, long count, long length) {
        static Rows of(View x, Ints axes) {
            int rank = x.shape().rank();
            int[] order = new int[rank];
            int next = 0;
            long count = 1;
            for (int i = 0; i < rank; i++) {
                if (!axes.contains(i)) {
                    order[next++] = i;
                    count *= x.shape().dim(i);
                }
            }
            long length = 1;
            for (int i = 0; i < axes.size(); i++) {
                order[next++] = axes.get(i);
                length *= x.shape().dim(axes.get(i));
            }
            return new Rows(x.permute(order), count, length);
        }
    }

    public static void reduce(ReduceKind kind, View x, Ints axes, View y) {
        Rows rows = Rows.of(x, axes);
        if (FloatReduce.reduce(kind, x, axes, y)) {
            return;
        }
        boolean real = x.dtype().isFloat() && kind != ReduceKind.ANY && kind != ReduceKind.ALL;
        long pieces = Math.max(1, (rows.length + PIECE - 1) / PIECE);
        Reader reader = new Reader(rows.view);
        if (real) {
            double[] parts = new double[Math.toIntExact(rows.count * pieces)];
            DoubleBinaryOperator function = real(kind);
            double start = start(kind);
            parts(
                    rows,
                    pieces,
                    (piece, from, n) -> {
                        double[] values = new double[n];
                        reader.read(from, n, values);
                        double sum = start;
                        for (double value : values) {
                            sum = function.applyAsDouble(sum, value);
                        }
                        parts[piece] = sum;
                    });
            for (int row = 0; row < rows.count; row++) {
                double sum = start;
                for (int i = 0; i < pieces; i++) {
                    sum = function.applyAsDouble(sum, parts[(int) (row * pieces + i)]);
                }
                Elements.set(y.dtype(), y.memory(), row, sum);
            }
        } else {
            integers(kind, rows, pieces, reader, x.dtype(), y);
        }
    }

    private static void integers(
            ReduceKind kind, Rows rows, long pieces, Reader reader, DType from, View y) {
        long[] parts = new long[Math.toIntExact(rows.count * pieces)];
        LongBinaryOperator function = integer(kind);
        long start = integerStart(kind);
        parts(
                rows,
                pieces,
                (piece, at, n) -> {
                    long[] values = new long[n];
                    if (from.isFloat()) {
                        double[] reals = new double[n];
                        reader.read(at, n, reals);
                        for (int i = 0; i < n; i++) {
                            values[i] = reals[i] != 0 ? 1 : 0;
                        }
                    } else {
                        reader.read(at, n, values);
                    }
                    long sum = start;
                    for (long value : values) {
                        sum = function.applyAsLong(sum, value);
                    }
                    parts[piece] = sum;
                });
        for (int row = 0; row < rows.count; row++) {
            long sum = start;
            for (int i = 0; i < pieces; i++) {
                sum = function.applyAsLong(sum, parts[(int) (row * pieces + i)]);
            }
            Elements.set(y.dtype(), y.memory(), row, sum);
        }
    }

    /// Combines `n` elements from `from` on to partial result `piece`.
    private interface Part {
        void run(int piece, long from, int n);
    }

    private static void parts(Rows rows, long pieces, Part part) {
        long perTile = Math.max(1, 32768 / Math.max(1, Math.min(PIECE, rows.length)));
        Parallel.run(
                rows.count * pieces,
                perTile,
                (begin, end) -> {
                    for (long i = begin; i < end; i++) {
                        long at = i % pieces * PIECE;
                        int n = (int) Math.min(PIECE, rows.length - at);
                        part.run((int) i, i / pieces * rows.length + at, n);
                    }
                });
    }

    private static double start(ReduceKind kind) {
        return switch (kind) {
            case SUM -> 0;
            case PROD -> 1;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
            case ANY, ALL -> throw new IllegalStateException(kind + " is of booleans");
        };
    }

    private static DoubleBinaryOperator real(ReduceKind kind) {
        return switch (kind) {
            case SUM -> Double::sum;
            case PROD -> (a, b) -> a * b;
            case MAX -> Math::max;
            case MIN -> Math::min;
            case ANY, ALL -> throw new IllegalStateException(kind + " is of booleans");
        };
    }

    private static long integerStart(ReduceKind kind) {
        return switch (kind) {
            case SUM, ANY -> 0;
            case PROD, ALL -> 1;
            case MAX -> Long.MIN_VALUE;
            case MIN -> Long.MAX_VALUE;
        };
    }

    private static LongBinaryOperator integer(ReduceKind kind) {
        return switch (kind) {
            case SUM -> Long::sum;
            case PROD -> (a, b) -> a * b;
            case MAX -> Math::max;
            case MIN -> Math::min;
            case ANY -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
            case ALL -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
        };
    }

    /// The first index of the largest or smallest element; NaN wins.
    public static void argument(boolean largest, View x, int axis, View y) {
        Rows rows = Rows.of(x, Ints.of(axis));
        int length = Shape.of((int) rows.length).dim(0);
        boolean real = x.dtype().isFloat();
        Reader reader = new Reader(rows.view);
        Parallel.run(
                rows.count,
                Math.max(1, 32768 / Math.max(1, length)),
                (begin, end) -> {
                    double[] reals = new double[real ? length : 0];
                    long[] integers = new long[real ? 0 : length];
                    for (long row = begin; row < end; row++) {
                        int best;
                        if (real) {
                            reader.read(row * length, length, reals);
                            best = best(reals, largest);
                        } else {
                            reader.read(row * length, length, integers);
                            best = best(integers, largest);
                        }
                        Elements.set(DType.INT64, y.memory(), row, (long) best);
                    }
                });
    }

    private static int best(double[] values, boolean largest) {
        int best = 0;
        for (int i = 1; i < values.length && !Double.isNaN(values[best]); i++) {
            boolean better = largest ? values[i] > values[best] : values[i] < values[best];
            if (better || Double.isNaN(values[i])) {
                best = i;
            }
        }
        return best;
    }

    private static int best(long[] values, boolean largest) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (largest ? values[i] > values[best] : values[i] < values[best]) {
                best = i;
            }
        }
        return best;
    }
}
