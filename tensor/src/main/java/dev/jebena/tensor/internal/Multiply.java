package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;

/// Batches of matrix products of any element type.
public final class Multiply {
    private static final int TILE = 64;

    private Multiply() {}

    public static void matmul(View a, View b, View y) {
        DType dtype = a.dtype();
        if (dtype == DType.FLOAT16 || dtype == DType.BFLOAT16) {
            View wide = View.allocate(DType.FLOAT32, y.shape());
            matmul(floats(a), floats(b), wide);
            Elementwise.cast(wide, y);
            return;
        }
        int rank = y.shape().rank();
        int m = y.shape().dim(-2);
        int n = y.shape().dim(-1);
        Shape batch = y.shape().slice(0, rank - 2);
        long count = batch.size();
        boolean together = count > 1;
        Parallel.Range body =
                (begin, end) -> {
                    for (long i = begin; i < end; i++) {
                        Operand left = operand(a, batch, i, -2, -1);
                        Operand right = operand(b, batch, i, -1, -2);
                        product(left, right, y, i * m * n, n, !together);
                    }
                };
        if (together) {
            Parallel.run(count, 1, body);
        } else {
            body.run(0, count);
        }
    }

    static View floats(View x) {
        View wide = View.allocate(DType.FLOAT32, x.shape());
        Elementwise.cast(x, wide);
        return wide;
    }

    private static Operand operand(View x, Shape batch, long index, int line, int inner) {
        int rank = x.shape().rank();
        long offset = x.offset();
        long rest = index;
        for (int i = batch.rank() - 1; i >= 0; i--) {
            offset += rest % batch.dim(i) * x.stride(i);
            rest /= batch.dim(i);
        }
        return Operand.strided(
                x,
                offset,
                x.shape().dim(line),
                x.stride(rank + line),
                x.shape().dim(inner),
                x.stride(rank + inner));
    }

    /// `y = a b` at `offset` of y, rows `stride` apart.
    static void product(Operand a, Operand b, View y, long offset, long stride, boolean threads) {
        switch (y.dtype()) {
            case FLOAT32 ->
                    Gemm.multiply(a, b, new Gemm.Result(y.memory(), offset, stride), threads);
            case FLOAT64 ->
                    rows(a, threads, (begin, end) -> reals(a, b, y, offset, stride, begin, end));
            default ->
                    rows(a, threads, (begin, end) -> integers(a, b, y, offset, stride, begin, end));
        }
    }

    private static void rows(Operand a, boolean threads, Parallel.Range body) {
        int m = a.lines().length;
        if (threads && (long) m * a.inner().length > 4096) {
            Parallel.run(m, TILE, body);
        } else {
            body.run(0, m);
        }
    }

    /// Float64 in tiles of rows, in the order of k.
    private static void reals(
            Operand a, Operand b, View y, long offset, long stride, long begin, long end) {
        int n = b.lines().length;
        int k = a.inner().length;
        double[] left = new double[k];
        double[][] right = new double[Math.min(TILE, n)][k];
        double[] sums = new double[TILE];
        for (int column = 0; column < n; column += TILE) {
            int columns = Math.min(TILE, n - column);
            for (int j = 0; j < columns; j++) {
                b.read(column + j, 0, k, right[j]);
            }
            for (long i = begin; i < end; i++) {
                a.read((int) i, 0, k, left);
                for (int j = 0; j < columns; j++) {
                    double sum = 0;
                    for (int x = 0; x < k; x++) {
                        sum = Math.fma(left[x], right[j][x], sum);
                    }
                    sums[j] = sum;
                }
                long to = offset + i * stride + column;
                Elements.store(DType.FLOAT64, sums, 0, y.memory(), to, columns);
            }
        }
    }

    private static void integers(
            Operand a, Operand b, View y, long offset, long stride, long begin, long end) {
        int n = b.lines().length;
        int k = a.inner().length;
        long[] left = new long[k];
        long[] right = new long[k];
        for (int j = 0; j < n; j++) {
            b.read(j, 0, k, right);
            for (long i = begin; i < end; i++) {
                a.read((int) i, 0, k, left);
                long sum = 0;
                for (int x = 0; x < k; x++) {
                    sum += left[x] * right[x];
                }
                Elements.set(y.dtype(), y.memory(), offset + i * stride + j, sum);
            }
        }
    }
}
