package dev.jebena.tensor.internal;

import static dev.jebena.tensor.internal.FloatPath.ARRAYS;

import dev.jebena.compute.FloatArrays.Combination;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Ints;
import dev.jebena.tensor.Op.ReduceKind;
import dev.jebena.tensor.Shape;
import java.lang.foreign.MemorySegment;

/// Sums and maxima of float32 over neighbouring axes, by vector loops: along the last axes as rows,
/// else slice by slice. Pieces are added in double, in an order that depends on shapes only.
public final class FloatReduce {
    /// Slices that are added in float32.
    private static final int PIECE = 1024;

    private FloatReduce() {}

    static boolean reduce(ReduceKind kind, View x, Ints axes, View y) {
        boolean has = kind == ReduceKind.SUM || kind == ReduceKind.MAX || kind == ReduceKind.MIN;
        int count = axes.size();
        boolean neighbours = count > 0 && axes.get(count - 1) - axes.get(0) == count - 1;
        if (x.dtype() != DType.FLOAT32 || !has || !neighbours || x.size() == 0) {
            return false;
        }
        Shape shape = x.shape();
        long outer = shape.slice(0, axes.get(0)).size();
        long length = shape.slice(axes.get(0), axes.get(count - 1) + 1).size();
        long inner = shape.slice(axes.get(count - 1) + 1, shape.rank()).size();
        if (inner == 1 && kind != ReduceKind.MIN) {
            rows(kind, x.contiguous(), outer, length, y);
            return true;
        }
        if (inner < 8) {
            return false;
        }
        slices(kind, x.contiguous(), outer, length, inner, y);
        return true;
    }

    private static void rows(ReduceKind kind, View x, long count, long length, View y) {
        // A long row is cut into parts, whose results are put together in order.
        long parts = Math.clamp(length >> 16, 1, 1024);
        double[] results = new double[Math.toIntExact(count * parts)];
        long tile = Math.max(1, (32 << 10) / Math.max(1, length / parts));
        Parallel.run(
                count * parts,
                tile,
                (begin, end) -> {
                    for (long i = begin; i < end; i++) {
                        long part = i % parts;
                        long from = length * part / parts;
                        long n = length * (part + 1) / parts - from;
                        long at = 4 * (x.offset() + i / parts * length + from);
                        results[(int) i] =
                                kind == ReduceKind.SUM
                                        ? ARRAYS.sum(x.memory(), at, Math.toIntExact(n))
                                        : ARRAYS.max(x.memory(), at, Math.toIntExact(n));
                    }
                });
        for (int row = 0; row < count; row++) {
            double result = results[(int) (row * parts)];
            for (int part = 1; part < parts; part++) {
                double next = results[(int) (row * parts + part)];
                result = kind == ReduceKind.SUM ? result + next : Math.max(result, next);
            }
            Elements.set(DType.FLOAT32, y.memory(), row, result);
        }
    }

    /// Combines slices of `inner` numbers; threads take other parts of a slice.
    private static void slices(
            ReduceKind kind, View x, long outer, long length, long inner, View y) {
        Combination combination =
                switch (kind) {
                    case MAX -> Combination.MAXIMUM;
                    case MIN -> Combination.MINIMUM;
                    default -> Combination.ADD;
                };
        long width = Math.clamp((64 << 10) / Math.max(1, length) / 16 * 16, 64, 4096);
        long columns = (inner + width - 1) / width;
        Parallel.run(
                outer * columns,
                1,
                (begin, end) -> {
                    for (long i = begin; i < end; i++) {
                        long left = i % columns * width;
                        int n = (int) Math.min(width, inner - left);
                        long from = 4 * (x.offset() + i / columns * length * inner + left);
                        long to = 4 * (i / columns * inner + left);
                        column(combination, x.memory(), from, 4 * inner, length, y.memory(), to, n);
                    }
                });
    }

    private static void column(
            Combination combination,
            MemorySegment x,
            long from,
            long step,
            long length,
            MemorySegment y,
            long to,
            int n) {
        MemorySegment.copy(x, from, y, to, 4L * n);
        if (combination != Combination.ADD || length <= PIECE) {
            for (long i = 1; i < length; i++) {
                ARRAYS.combine(combination, y, to, x, from + i * step, y, to, n);
            }
            return;
        }
        double[] totals = new double[n];
        for (long piece = 0; piece < length; piece += PIECE) {
            MemorySegment.copy(x, from + piece * step, y, to, 4L * n);
            for (long i = piece + 1; i < Math.min(length, piece + PIECE); i++) {
                ARRAYS.combine(combination, y, to, x, from + i * step, y, to, n);
            }
            for (int j = 0; j < n; j++) {
                totals[j] += Elements.real(DType.FLOAT32, y, to / 4 + j);
            }
        }
        Elements.store(DType.FLOAT32, totals, 0, y, to / 4, n);
    }
}
