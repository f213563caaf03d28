package dev.jebena.tensor.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.BinaryKind;
import dev.jebena.tensor.Op.CompareKind;
import dev.jebena.tensor.Op.UnaryKind;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/// Ops on one element after the other. The result is contiguous; operands have any strides and are
/// brought block by block into arrays.
public final class Elementwise {
    /// Elements of a block, which stays in the first-level cache.
    static final int BLOCK = 1024;

    /// Elements of a tile of one thread.
    private static final int TILE = 32 * BLOCK;

    private Elementwise() {}

    /// Work on elements `at` to `at + n` of the result.
    private interface Block {
        void run(long at, int n, Buffers buffers);
    }

    /// Arrays of a thread.
    private static final class Buffers {
        private static final ThreadLocal<Buffers> OWN = ThreadLocal.withInitial(Buffers::new);

        final double[] a = new double[BLOCK];
        final double[] b = new double[BLOCK];
        final long[] c = new long[BLOCK];
        final long[] d = new long[BLOCK];
    }

    private static void blocks(long size, Block block) {
        Parallel.run(
                size,
                TILE,
                (begin, end) -> {
                    Buffers buffers = Buffers.OWN.get();
                    for (long at = begin; at < end; at += BLOCK) {
                        block.run(at, (int) Math.min(BLOCK, end - at), buffers);
                    }
                });
    }

    public static void unary(UnaryKind kind, View x, View y) {
        if (FloatPath.unary(kind, x, y) || FloatLoops.test(kind, x, y)) {
            return;
        }
        Reader reader = new Reader(x);
        if (x.dtype().isFloat() || x.dtype() == DType.BOOL) {
            DoubleUnaryOperator function = FunctionTables.real(kind);
            blocks(
                    y.size(),
                    (at, n, buffers) -> {
                        reader.read(at, n, buffers.a);
                        for (int i = 0; i < n; i++) {
                            buffers.a[i] = function.applyAsDouble(buffers.a[i]);
                        }
                        Elements.store(y.dtype(), buffers.a, 0, y.memory(), at, n);
                    });
        } else {
            LongUnaryOperator function = FunctionTables.integer(kind);
            blocks(
                    y.size(),
                    (at, n, buffers) -> {
                        reader.read(at, n, buffers.c);
                        for (int i = 0; i < n; i++) {
                            buffers.c[i] = function.applyAsLong(buffers.c[i]);
                        }
                        Elements.store(y.dtype(), buffers.c, 0, y.memory(), at, n);
                    });
        }
    }

    public static void binary(BinaryKind kind, View a, View b, View y) {
        if (FloatPath.binary(kind, a, b, y)
                || FloatLoops.logic(kind, a, b, y)
                || IntLoops.binary(kind, a, b, y)) {
            return;
        }
        Reader first = new Reader(a);
        Reader second = new Reader(b);
        if (a.dtype().isFloat()) {
            DoubleBinaryOperator function = FunctionTables.real(kind);
            blocks(
                    y.size(),
                    (at, n, buffers) -> {
                        first.read(at, n, buffers.a);
                        second.read(at, n, buffers.b);
                        for (int i = 0; i < n; i++) {
                            buffers.a[i] = function.applyAsDouble(buffers.a[i], buffers.b[i]);
                        }
                        Elements.store(y.dtype(), buffers.a, 0, y.memory(), at, n);
                    });
        } else {
            LongBinaryOperator function = FunctionTables.integer(kind);
            blocks(
                    y.size(),
                    (at, n, buffers) -> {
                        first.read(at, n, buffers.c);
                        second.read(at, n, buffers.d);
                        for (int i = 0; i < n; i++) {
                            buffers.c[i] = function.applyAsLong(buffers.c[i], buffers.d[i]);
                        }
                        Elements.store(y.dtype(), buffers.c, 0, y.memory(), at, n);
                    });
        }
    }

    public static void compare(CompareKind kind, View a, View b, View y) {
        if (FloatLoops.compare(kind, a, b, y)) {
            return;
        }
        Reader first = new Reader(a);
        Reader second = new Reader(b);
        if (a.dtype().isFloat()) {
            FunctionTables.RealTest test = FunctionTables.real(kind);
            blocks(
                    y.size(),
                    (at, n, buffers) -> {
                        first.read(at, n, buffers.a);
                        second.read(at, n, buffers.b);
                        for (int i = 0; i < n; i++) {
                            buffers.c[i] = test.test(buffers.a[i], buffers.b[i]) ? 1 : 0;
                        }
                        Elements.store(DType.BOOL, buffers.c, 0, y.memory(), at, n);
                    });
        } else {
            FunctionTables.IntegerTest test = FunctionTables.integer(kind);
            blocks(
                    y.size(),
                    (at, n, buffers) -> {
                        first.read(at, n, buffers.c);
                        second.read(at, n, buffers.d);
                        for (int i = 0; i < n; i++) {
                            buffers.c[i] = test.test(buffers.c[i], buffers.d[i]) ? 1 : 0;
                        }
                        Elements.store(DType.BOOL, buffers.c, 0, y.memory(), at, n);
                    });
        }
    }

    public static void where(View condition, View a, View b, View y) {
        if (FloatLoops.where(condition, a, b, y)) {
            return;
        }
        Reader choice = new Reader(condition);
        Reader first = new Reader(a);
        Reader second = new Reader(b);
        boolean real = a.dtype().isFloat();
        blocks(
                y.size(),
                (at, n, buffers) -> {
                    choice.read(at, n, buffers.c);
                    if (real) {
                        first.read(at, n, buffers.a);
                        second.read(at, n, buffers.b);
                        for (int i = 0; i < n; i++) {
                            buffers.a[i] = buffers.c[i] != 0 ? buffers.a[i] : buffers.b[i];
                        }
                        Elements.store(y.dtype(), buffers.a, 0, y.memory(), at, n);
                    } else {
                        long[] kept = buffers.c.clone();
                        first.read(at, n, buffers.c);
                        second.read(at, n, buffers.d);
                        for (int i = 0; i < n; i++) {
                            buffers.c[i] = kept[i] != 0 ? buffers.c[i] : buffers.d[i];
                        }
                        Elements.store(y.dtype(), buffers.c, 0, y.memory(), at, n);
                    }
                });
    }

    public static void clamp(double low, double high, View x, View y) {
        if (FloatLoops.clamp(low, high, x, y)) {
            return;
        }
        Reader reader = new Reader(x);
        if (x.dtype().isFloat()) {
            blocks(
                    y.size(),
                    (at, n, buffers) -> {
                        reader.read(at, n, buffers.a);
                        for (int i = 0; i < n; i++) {
                            buffers.a[i] = Math.min(Math.max(buffers.a[i], low), high);
                        }
                        Elements.store(y.dtype(), buffers.a, 0, y.memory(), at, n);
                    });
        } else {
            long least = low == Double.NEGATIVE_INFINITY ? Long.MIN_VALUE : (long) Math.ceil(low);
            long most = high == Double.POSITIVE_INFINITY ? Long.MAX_VALUE : (long) Math.floor(high);
            blocks(
                    y.size(),
                    (at, n, buffers) -> {
                        reader.read(at, n, buffers.c);
                        for (int i = 0; i < n; i++) {
                            buffers.c[i] = Math.min(Math.max(buffers.c[i], least), most);
                        }
                        Elements.store(y.dtype(), buffers.c, 0, y.memory(), at, n);
                    });
        }
    }

    public static void cast(View x, View y) {
        if (FloatPath.cast(x, y) || FloatLoops.cast(x, y)) {
            return;
        }
        Reader reader = new Reader(x);
        if (x.dtype().isFloat()) {
            blocks(
                    y.size(),
                    (at, n, buffers) -> {
                        reader.read(at, n, buffers.a);
                        Elements.store(y.dtype(), buffers.a, 0, y.memory(), at, n);
                    });
        } else {
            blocks(
                    y.size(),
                    (at, n, buffers) -> {
                        reader.read(at, n, buffers.c);
                        Elements.store(y.dtype(), buffers.c, 0, y.memory(), at, n);
                    });
        }
    }
}
