package dev.jebena.tensor.internal;

import dev.jebena.compute.FloatArrays;
import dev.jebena.compute.FloatArrays.Combination;
import dev.jebena.compute.FloatArrays.Function;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.BinaryKind;
import dev.jebena.tensor.Op.UnaryKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Float32 by the vector loops of [FloatArrays], for ops that have one. Each method tells whether
/// it did the work.
public final class FloatPath {
    public static final FloatArrays ARRAYS = FloatArrays.best();

    /// Numbers of a block, and of a tile of one thread.
    private static final int BLOCK = 2048;

    private static final int TILE = 16 * BLOCK;

    private static final ThreadLocal<MemorySegment> ROOMS =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(2 * 4L * BLOCK, 64));

    private FloatPath() {}

    /// An operand's elements from some place on: in its own memory if they are contiguous, else
    /// copied to a thread's room.
    private record Source(View view, Reader reader, boolean contiguous) {
        static Source of(View view) {
            return new Source(view, new Reader(view), view.isContiguous());
        }

        MemorySegment memory(MemorySegment room) {
            return contiguous ? view.memory() : room;
        }

        long place(long at, int n, MemorySegment room, int slot) {
            if (contiguous) {
                return 4 * (view.offset() + at);
            }
            reader.read(at, n, room, (long) slot * BLOCK);
            return 4L * slot * BLOCK;
        }
    }

    private interface Block {
        void run(long at, int n, MemorySegment room);
    }

    private static void blocks(long size, Block block) {
        Parallel.run(
                size,
                TILE,
                (begin, end) -> {
                    MemorySegment room = ROOMS.get();
                    for (long at = begin; at < end; at += BLOCK) {
                        block.run(at, (int) Math.min(BLOCK, end - at), room);
                    }
                });
    }

    static boolean unary(UnaryKind kind, View x, View y) {
        Function function = function(kind);
        if (x.dtype() != DType.FLOAT32 || function == null) {
            return false;
        }
        Source source = Source.of(x);
        blocks(
                y.size(),
                (at, n, room) -> {
                    long from = source.place(at, n, room, 0);
                    ARRAYS.apply(function, source.memory(room), from, y.memory(), 4 * at, n);
                });
        return true;
    }

    public static @Nullable Function function(UnaryKind kind) {
        return switch (kind) {
            case NEG -> Function.NEG;
            case ABS -> Function.ABS;
            case SQUARE -> Function.SQUARE;
            case RECIPROCAL -> Function.RECIPROCAL;
            case SQRT -> Function.SQRT;
            case RSQRT -> Function.RSQRT;
            case RELU -> Function.RELU;
            case EXP -> Function.EXP;
            case LOG -> Function.LOG;
            case TANH -> Function.TANH;
            case SIGMOID -> Function.SIGMOID;
            case SILU -> Function.SILU;
            case ERF -> Function.ERF;
            case GELU -> Function.GELU;
            case GELU_TANH -> Function.GELU_TANH;
            default -> null;
        };
    }

    static boolean binary(BinaryKind kind, View a, View b, View y) {
        Combination combination =
                switch (kind) {
                    case ADD -> Combination.ADD;
                    case SUB -> Combination.SUB;
                    case MUL -> Combination.MUL;
                    case DIV -> Combination.DIV;
                    case MAXIMUM -> Combination.MAXIMUM;
                    case MINIMUM -> Combination.MINIMUM;
                    default -> null;
                };
        if (a.dtype() != DType.FLOAT32 || combination == null) {
            return false;
        }
        Source first = Source.of(a);
        Source second = Source.of(b);
        blocks(
                y.size(),
                (at, n, room) -> {
                    long left = first.place(at, n, room, 0);
                    long right = second.place(at, n, room, 1);
                    ARRAYS.combine(
                            combination,
                            first.memory(room),
                            left,
                            second.memory(room),
                            right,
                            y.memory(),
                            4 * at,
                            n);
                });
        return true;
    }

    /// Between float32 and bfloat16.
    static boolean cast(View x, View y) {
        boolean narrow = isCast(x, DType.FLOAT32, y, DType.BFLOAT16);
        if (!narrow && !isCast(x, DType.BFLOAT16, y, DType.FLOAT32)) {
            return false;
        }
        View in = x.contiguous();
        blocks(
                y.size(),
                (at, n, room) -> {
                    long from = (in.offset() + at) * in.dtype().bytes();
                    if (narrow) {
                        ARRAYS.toBrain(in.memory(), from, y.memory(), 2 * at, n);
                    } else {
                        ARRAYS.fromBrain(in.memory(), from, y.memory(), 4 * at, n);
                    }
                });
        return true;
    }

    private static boolean isCast(View x, DType from, View y, DType to) {
        return x.dtype() == from && y.dtype() == to;
    }

    /// Adds `n` elements of x from `from` on to those of y from `to` on.
    static boolean addTo(View y, long to, View x, long from, long n) {
        if (y.dtype() != DType.FLOAT32 || n > Integer.MAX_VALUE) {
            return false;
        }
        ARRAYS.combine(
                Combination.ADD,
                y.memory(),
                4 * to,
                x.memory(),
                4 * from,
                y.memory(),
                4 * to,
                (int) n);
        return true;
    }

    private static long rowsOfTile(long length) {
        return Math.max(1, TILE / Math.max(1, length));
    }

    static boolean softmax(boolean log, int axis, View x, View y) {
        if (x.dtype() != DType.FLOAT32 || axis != x.shape().rank() - 1 || x.size() == 0) {
            return false;
        }
        View in = x.contiguous();
        int n = x.shape().dim(axis);
        Parallel.run(
                x.size() / n,
                rowsOfTile(n),
                (begin, end) -> {
                    for (long row = begin; row < end; row++) {
                        softmax(
                                log,
                                in.memory(),
                                4 * (in.offset() + row * n),
                                y.memory(),
                                4 * row * n,
                                n);
                    }
                });
        return true;
    }

    public static void softmax(
            boolean log, MemorySegment x, long from, MemorySegment y, long to, int n) {
        float largest = ARRAYS.max(x, from, n);
        ARRAYS.exp(x, from, largest, y, to, n);
        float sum = ARRAYS.sum(y, to, n);
        if (log) {
            ARRAYS.scale(x, from, largest + (float) StrictMath.log(sum), 1, y, to, n);
        } else {
            ARRAYS.scale(y, to, 0, 1 / sum, y, to, n);
        }
    }

    /// One row at mean 0 and variance 1; returns the factor.
    public static float standardize(
            double epsilon, MemorySegment x, long from, MemorySegment y, long to, int n) {
        float mean = (float) (FloatReduce.sum(x, from, n) / n);
        double squares = FloatReduce.squares(x, from, mean, n);
        float factor = (float) (1 / Math.sqrt(squares / n + epsilon));
        ARRAYS.scale(x, from, mean, factor, y, to, n);
        return factor;
    }

    static boolean standardize(int axes, double epsilon, View x, View y, View factors) {
        int rank = x.shape().rank();
        long length = x.shape().slice(rank - axes, rank).size();
        if (x.dtype() != DType.FLOAT32 || x.size() == 0 || length > Integer.MAX_VALUE) {
            return false;
        }
        View in = x.contiguous();
        int n = (int) length;
        Parallel.run(
                x.size() / n,
                rowsOfTile(n),
                (begin, end) -> {
                    for (long row = begin; row < end; row++) {
                        long from = 4 * (in.offset() + row * n);
                        float factor =
                                standardize(epsilon, in.memory(), from, y.memory(), 4 * row * n, n);
                        Elements.set(DType.FLOAT32, factors.memory(), row, (double) factor);
                    }
                });
        return true;
    }
}
