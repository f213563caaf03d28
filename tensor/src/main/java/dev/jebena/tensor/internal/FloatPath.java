package dev.jebena.tensor.internal;

import dev.jebena.compute.FloatArrays;
import dev.jebena.compute.FloatArrays.Combination;
import dev.jebena.compute.FloatArrays.Function;
import dev.jebena.compute.FloatRows;
import dev.jebena.compute.Panels.Place;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Op.BinaryKind;
import dev.jebena.tensor.Op.UnaryKind;
import dev.jebena.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Float32 by the vector loops of [FloatArrays], for ops that have one. Each method tells whether
/// it did the work.
public final class FloatPath {
    public static final FloatArrays ARRAYS = FloatArrays.best();
    public static final FloatRows ROWS = FloatRows.best();

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

    /// Casts for which there are loops: between float32 and bfloat16, from int32, and to 8 bits.
    static boolean cast(View x, View y) {
        if (!casts(x.dtype(), y.dtype())) {
            return false;
        }
        View in = x.contiguous();
        blocks(
                y.size(),
                (at, n, room) -> {
                    long from = (in.offset() + at) * in.dtype().bytes();
                    long to = at * y.dtype().bytes();
                    cast(in.dtype(), in.memory(), from, y.dtype(), y.memory(), to, n);
                });
        return true;
    }

    public static boolean casts(DType from, DType to) {
        return switch (from) {
            case FLOAT32 -> to == DType.BFLOAT16 || to == DType.UINT8 || to == DType.INT8;
            case BFLOAT16, INT32 -> to == DType.FLOAT32;
            default -> false;
        };
    }

    /// A cast of which [#casts] is true, of `n` numbers from byte `xAt` on.
    public static void cast(
            DType from, MemorySegment x, long xAt, DType to, MemorySegment y, long yAt, int n) {
        switch (from) {
            case INT32 -> ARRAYS.fromInts(x, xAt, y, yAt, n);
            case BFLOAT16 -> ARRAYS.fromBrain(x, xAt, y, yAt, n);
            default -> {
                if (to == DType.BFLOAT16) {
                    ARRAYS.toBrain(x, xAt, y, yAt, n);
                } else {
                    ARRAYS.toBytes(x, xAt, y, yAt, n);
                }
            }
        }
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

    /// Work on rows `begin` to `end`.
    private static void rows(long size, int n, Parallel.Range range) {
        Parallel.run(size / n, Math.max(1, TILE / n), range);
    }

    private static Place row(View view, long row, int n) {
        return new Place(view.memory(), 4 * (view.offset() + row * n));
    }

    static boolean softmax(boolean log, int axis, View x, View y) {
        if (x.dtype() != DType.FLOAT32 || axis != x.shape().rank() - 1 || x.size() == 0) {
            return false;
        }
        View in = x.contiguous();
        int n = x.shape().dim(axis);
        rows(
                x.size(),
                n,
                (begin, end) ->
                        ROWS.softmax(
                                log, row(in, begin, n), row(y, begin, n), n, (int) (end - begin)));
        return true;
    }

    /// @param factors the factor of each row
    static boolean standardize(int axes, double epsilon, View x, View y, View factors) {
        if (!isRows(x, axes)) {
            return false;
        }
        View in = x.contiguous();
        int n = rowLength(x, axes);
        rows(
                x.size(),
                n,
                (begin, end) ->
                        ROWS.standardize(
                                epsilon,
                                row(in, begin, n),
                                row(y, begin, n),
                                row(factors, begin, 1),
                                null,
                                n,
                                (int) (end - begin)));
        return true;
    }

    /// Standardization of the axes of a weight, which are the last ones, and an affine function in
    /// one pass, with the bits of op after op; null where only those can do it.
    public static @Nullable View layerNorm(
            View x, View weight, @Nullable View bias, double epsilon) {
        int axes = weight.shape().rank();
        if (!isRows(x, axes) || !isRow(weight, x) || (bias != null && !isRow(bias, x))) {
            return null;
        }
        View in = x.contiguous();
        View y = View.allocate(x.dtype(), x.shape());
        int n = rowLength(x, axes);
        View weights = weight.contiguous();
        View biases = bias == null ? null : bias.contiguous();
        FloatRows.Affine affine =
                new FloatRows.Affine(row(weights, 0, n), biases == null ? null : row(biases, 0, n));
        rows(
                x.size(),
                n,
                (begin, end) ->
                        ROWS.standardize(
                                epsilon,
                                row(in, begin, n),
                                row(y, begin, n),
                                null,
                                affine,
                                n,
                                (int) (end - begin)));
        return y;
    }

    /// The derivative of softmax, or of its logarithm, along the last axis; null where only ops can
    /// do it.
    public static @Nullable View softmaxGradient(boolean log, int axis, View y, View slopes) {
        if (axis != y.shape().rank() - 1 || !isRows(y, 1)) {
            return null;
        }
        int n = rowLength(y, 1);
        View values = y.contiguous();
        View given = slopes.contiguous();
        View to = View.allocate(y.dtype(), y.shape());
        rows(
                y.size(),
                n,
                (begin, end) ->
                        ROWS.softmaxGradient(
                                log,
                                row(values, begin, n),
                                row(given, begin, n),
                                row(to, begin, n),
                                n,
                                (int) (end - begin)));
        return to;
    }

    /// The derivative of standardization; null where only ops can do it.
    public static @Nullable View standardizeGradient(int axes, View y, View factors, View slopes) {
        if (!isRows(y, axes)) {
            return null;
        }
        int n = rowLength(y, axes);
        View values = y.contiguous();
        View given = slopes.contiguous();
        View all = factors.contiguous();
        View to = View.allocate(y.dtype(), y.shape());
        rows(
                y.size(),
                n,
                (begin, end) ->
                        ROWS.standardizeGradient(
                                row(values, begin, n),
                                row(all, begin, 1),
                                row(given, begin, n),
                                row(to, begin, n),
                                n,
                                (int) (end - begin)));
        return to;
    }

    private static boolean isRows(View x, int axes) {
        int rank = x.shape().rank();
        return x.dtype() == DType.FLOAT32
                && axes > 0
                && axes <= rank
                && x.size() > 0
                && x.shape().slice(rank - axes, rank).size() <= Integer.MAX_VALUE;
    }

    private static int rowLength(View x, int axes) {
        int rank = x.shape().rank();
        return Math.toIntExact(x.shape().slice(rank - axes, rank).size());
    }

    private static boolean isRow(View numbers, View x) {
        int rank = x.shape().rank();
        Shape row = x.shape().slice(rank - numbers.shape().rank(), rank);
        return numbers.dtype() == x.dtype() && numbers.shape().equals(row);
    }
}
