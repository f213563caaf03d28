package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op;
import dev.jebena.tensor.Shape;

/// Batches of matrix products of any element type.
public final class Multiply {
    private static final int TILE = 64;

    /// Constant matrices of 8-bit integers.
    private static final PackedConstants<PackedOperand> INTEGERS = new PackedConstants<>();

    private Multiply() {}

    public static void matmul(View a, View b, View y) {
        switch (a.dtype()) {
            case BFLOAT16 -> {
                if (Gemm.hasPairs() && y.isContiguous()) {
                    products(a, b, y, false);
                } else {
                    View wide = View.allocate(DType.FLOAT32, y.shape());
                    brain(a, b, wide, Gemm.hasPairs());
                    Elementwise.cast(wide, y);
                }
            }
            case FLOAT16 -> {
                View wide = View.allocate(DType.FLOAT32, y.shape());
                products(floats(a), floats(b), wide, false);
                Elementwise.cast(wide, y);
            }
            default -> products(a, b, y, false);
        }
    }

    /// Floats of 16 bits as float32, integers of 8 bits as int32; see [Op.MatMul].
    public static void wide(View[] in, View y) {
        switch (in[0].dtype()) {
            case BFLOAT16 -> brain(in[0], in[1], y, Gemm.hasPairs());
            case FLOAT16 -> products(floats(in[0]), floats(in[1]), y, false);
            default -> {
                if (PackedOperand.supports(in[1].dtype())) {
                    quads(in, y);
                } else {
                    products(in[0], in[1], y, false);
                    if (in.length > 2) {
                        long[] strides = in[2].strides().clone();
                        strides[strides.length - 2] = 0;
                        View start = in[2].as(y.shape(), strides);
                        Elementwise.binary(Op.BinaryKind.ADD, y, start, y);
                    }
                }
            }
        }
    }

    private static void quads(View[] in, View y) {
        Shape batch = y.shape().slice(0, y.shape().rank() - 2);
        for (long i = 0; i < batch.size(); i++) {
            View start = in.length > 2 ? matrix(in[2], batch, i) : null;
            INTEGERS.of(matrix(in[1], batch, i), PackedOperand::of)
                    .multiply(matrix(in[0], batch, i), start, matrix(y, batch, i));
        }
    }

    private static View matrix(View x, Shape batch, long index) {
        int rank = x.shape().rank();
        return x.at(
                start(x, batch, index),
                x.shape().slice(rank - 2, rank),
                x.stride(rank - 2),
                x.stride(rank - 1));
    }

    /// The product of bfloat16 numbers as float32, in both ways to the same bits, subnormal numbers
    /// aside.
    ///
    /// @param pairs by the CPU's instructions for it; else in float32 in their order
    static void brain(View a, View b, View y, boolean pairs) {
        if (pairs) {
            products(a, b, y, false);
        } else {
            products(floats(a), floats(b), y, true);
        }
    }

    private static void products(View a, View b, View y, boolean swapped) {
        int rank = y.shape().rank();
        int m = y.shape().dim(-2);
        int n = y.shape().dim(-1);
        Shape batch = y.shape().slice(0, rank - 2);
        long count = batch.size();
        boolean together = count > 1;
        Parallel.Range body =
                (begin, end) -> {
                    for (long i = begin; i < end; i++) {
                        Operand left = operand(a, batch, i, -2, -1, swapped);
                        Operand right = operand(b, batch, i, -1, -2, swapped);
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

    /// The first element of matrix `index` of a batch.
    private static long start(View x, Shape batch, long index) {
        long offset = x.offset();
        long rest = index;
        for (int i = batch.rank() - 1; i >= 0; i--) {
            offset += rest % batch.dim(i) * x.stride(i);
            rest /= batch.dim(i);
        }
        return offset;
    }

    private static Operand operand(
            View x, Shape batch, long index, int line, int inner, boolean swapped) {
        int rank = x.shape().rank();
        long offset = start(x, batch, index);
        int lines = x.shape().dim(line);
        int length = x.shape().dim(inner);
        long step = x.stride(rank + inner);
        if (!swapped) {
            return Operand.strided(x, offset, lines, x.stride(rank + line), length, step);
        }
        return new Operand(
                x,
                offset,
                Operand.Places.of(lines, x.stride(rank + line), x.dtype()),
                Operand.Places.swapped(length, step, x.dtype()));
    }

    /// `y = a b` at `offset` of y, rows `stride` apart.
    static void product(Operand a, Operand b, View y, long offset, long stride, boolean threads) {
        switch (y.dtype()) {
            case FLOAT32 ->
                    Gemm.multiply(a, b, new Gemm.Result(y.memory(), offset, stride), threads);
            case BFLOAT16 -> rounded(a, b, y, offset, stride, threads);
            case FLOAT64 ->
                    rows(a, threads, (begin, end) -> reals(a, b, y, offset, stride, begin, end));
            default ->
                    rows(a, threads, (begin, end) -> integers(a, b, y, offset, stride, begin, end));
        }
    }

    private static void rounded(
            Operand a, Operand b, View y, long offset, long stride, boolean threads) {
        int n = b.lines();
        try (Workspace wide = Workspace.take(4L * a.lines() * n)) {
            Gemm.Result room = new Gemm.Result(wide.memory(), 0, n);
            Gemm.narrow(a, b, room, new Gemm.Result(y.memory(), offset, stride), threads);
        }
    }

    private static void rows(Operand a, boolean threads, Parallel.Range body) {
        int m = a.lines();
        if (threads && (long) m * a.inner() > 4096) {
            Parallel.run(m, TILE, body);
        } else {
            body.run(0, m);
        }
    }

    /// Float64 in tiles of rows, in the order of k.
    private static void reals(
            Operand a, Operand b, View y, long offset, long stride, long begin, long end) {
        int n = b.lines();
        int k = a.inner();
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
        int n = b.lines();
        int k = a.inner();
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
