package dev.jebena.compute;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LT;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// [FloatArrays] with the Vector API.
enum VectorFloatArrays implements FloatArrays {
    INSTANCE;

    private static final int N = Lanes.COUNT;

    /// Numbers of a block, whose intermediate results stay in the first-level cache.
    private static final int BLOCK = 1024;

    private static int whole(int n) {
        return n - n % Kernels.LANES;
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(Lanes.F, value);
    }

    @Override
    public void apply(
            Function function, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        long from = Native.range(x, xAt, 4L * n);
        long to = Native.range(y, yAt, 4L * n);
        int whole = whole(n);
        for (int at = 0; at < whole; at += BLOCK) {
            block(function, from + 4L * at, to + 4L * at, Math.min(BLOCK, whole - at));
        }
        for (int i = whole; i < n; i++) {
            float value = Native.getFloat(from + 4L * i);
            Native.putFloat(to + 4L * i, FloatFunctions.apply(function, value));
        }
        Native.keep(x, y);
    }

    private static void block(Function function, long x, long y, int n) {
        switch (function) {
            case NEG, ABS, SQUARE, RECIPROCAL, SQRT, RSQRT, RELU -> simple(function, x, y, n);
            case EXP -> VectorMath.exp(x, 1, 0, y, n);
            case LOG -> VectorFunctions.log(x, y, n);
            case GELU -> VectorFunctions.gelu(x, y, n);
            case TANH, SIGMOID, SILU, ERF, GELU_TANH -> {
                long room = Scratch.own().row(4L * BLOCK);
                exponential(function, x, y, room, n);
            }
        }
    }

    private static void simple(Function function, long x, long y, int n) {
        switch (function) {
            case NEG -> {
                for (int i = 0; i < n; i += N) {
                    fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE)
                            .neg()
                            .intoMemorySegment(Native.ALL, y + 4L * i, Lanes.LE);
                }
            }
            case ABS -> {
                for (int i = 0; i < n; i += N) {
                    fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE)
                            .lanewise(VectorOperators.ABS)
                            .intoMemorySegment(Native.ALL, y + 4L * i, Lanes.LE);
                }
            }
            case SQUARE -> {
                for (int i = 0; i < n; i += N) {
                    FloatVector v = fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE);
                    v.mul(v).intoMemorySegment(Native.ALL, y + 4L * i, Lanes.LE);
                }
            }
            case SQRT -> {
                for (int i = 0; i < n; i += N) {
                    fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE)
                            .sqrt()
                            .intoMemorySegment(Native.ALL, y + 4L * i, Lanes.LE);
                }
            }
            case RSQRT -> {
                for (int i = 0; i < n; i += N) {
                    all(1).div(fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE).sqrt())
                            .intoMemorySegment(Native.ALL, y + 4L * i, Lanes.LE);
                }
            }
            case RELU -> {
                for (int i = 0; i < n; i += N) {
                    FloatVector v = fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE);
                    v.blend(0, v.compare(LT, 0))
                            .intoMemorySegment(Native.ALL, y + 4L * i, Lanes.LE);
                }
            }
            default -> {
                for (int i = 0; i < n; i += N) {
                    all(1).div(fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE))
                            .intoMemorySegment(Native.ALL, y + 4L * i, Lanes.LE);
                }
            }
        }
    }

    private static void exponential(Function function, long x, long y, long room, int n) {
        switch (function) {
            case TANH -> {
                MemorySegment.copy(Native.ALL, x, Native.ALL, y, 4L * n);
                VectorMath.cap(y, 1, room, n);
            }
            case SIGMOID -> {
                VectorMath.exp(x, -1, 0, room, n);
                VectorFunctions.inverse(room, y, n);
            }
            case ERF -> {
                VectorFunctions.erfArgument(x, room, n);
                VectorMath.exp(room, 1, 0, room, n);
                VectorFunctions.erf(x, room, y, n);
            }
            case GELU_TANH -> {
                VectorMath.geluArgument(x, room, n);
                VectorMath.exp(room, -1, 0, room, n);
                VectorFunctions.quotient(x, room, y, n);
            }
            default -> {
                VectorMath.exp(x, -1, 0, room, n);
                VectorFunctions.quotient(x, room, y, n);
            }
        }
    }

    @Override
    public void combine(
            Combination combination,
            MemorySegment a,
            long aAt,
            MemorySegment b,
            long bAt,
            MemorySegment y,
            long yAt,
            int n) {
        long left = Native.range(a, aAt, 4L * n);
        long right = Native.range(b, bAt, 4L * n);
        long to = Native.range(y, yAt, 4L * n);
        switch (combination) {
            case ADD -> {
                for (int i = 0; i < whole(n); i += N) {
                    FloatVector v = fromMemorySegment(Lanes.F, Native.ALL, left + 4L * i, Lanes.LE);
                    v.add(fromMemorySegment(Lanes.F, Native.ALL, right + 4L * i, Lanes.LE))
                            .intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
                }
            }
            case SUB -> {
                for (int i = 0; i < whole(n); i += N) {
                    FloatVector v = fromMemorySegment(Lanes.F, Native.ALL, left + 4L * i, Lanes.LE);
                    v.sub(fromMemorySegment(Lanes.F, Native.ALL, right + 4L * i, Lanes.LE))
                            .intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
                }
            }
            case MUL -> {
                for (int i = 0; i < whole(n); i += N) {
                    FloatVector v = fromMemorySegment(Lanes.F, Native.ALL, left + 4L * i, Lanes.LE);
                    v.mul(fromMemorySegment(Lanes.F, Native.ALL, right + 4L * i, Lanes.LE))
                            .intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
                }
            }
            case DIV -> {
                for (int i = 0; i < whole(n); i += N) {
                    FloatVector v = fromMemorySegment(Lanes.F, Native.ALL, left + 4L * i, Lanes.LE);
                    v.div(fromMemorySegment(Lanes.F, Native.ALL, right + 4L * i, Lanes.LE))
                            .intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
                }
            }
            case MAXIMUM -> {
                for (int i = 0; i < whole(n); i += N) {
                    FloatVector v = fromMemorySegment(Lanes.F, Native.ALL, left + 4L * i, Lanes.LE);
                    v.max(fromMemorySegment(Lanes.F, Native.ALL, right + 4L * i, Lanes.LE))
                            .intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
                }
            }
            case MINIMUM -> {
                for (int i = 0; i < whole(n); i += N) {
                    FloatVector v = fromMemorySegment(Lanes.F, Native.ALL, left + 4L * i, Lanes.LE);
                    v.min(fromMemorySegment(Lanes.F, Native.ALL, right + 4L * i, Lanes.LE))
                            .intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
                }
            }
        }
        for (int i = whole(n); i < n; i++) {
            float first = Native.getFloat(left + 4L * i);
            float second = Native.getFloat(right + 4L * i);
            Native.putFloat(to + 4L * i, FloatFunctions.combine(combination, first, second));
        }
        Native.keep(a, b);
        Native.keep(y, y);
    }

    @Override
    public double sum(MemorySegment x, long xAt, int n) {
        double sum = VectorSums.sum(Native.range(x, xAt, 4L * n), n);
        Native.keep(x, x);
        return sum;
    }

    @Override
    public double squares(MemorySegment x, long xAt, float shift, int n) {
        long from = Native.range(x, xAt, 4L * n);
        double sum = VectorSums.squares(from, shift, n, Scratch.own().sums());
        Native.keep(x, x);
        return sum;
    }

    @Override
    public float max(MemorySegment x, long xAt, int n) {
        float largest = VectorSums.max(Native.range(x, xAt, 4L * n), n);
        Native.keep(x, x);
        return largest;
    }

    @Override
    public void scale(
            MemorySegment x,
            long xAt,
            float shift,
            float factor,
            MemorySegment y,
            long yAt,
            int n) {
        long from = Native.range(x, xAt, 4L * n);
        long to = Native.range(y, yAt, 4L * n);
        VectorFloatRows.scale(from, shift, factor, to, n);
        Native.keep(x, y);
    }

    @Override
    public void exp(MemorySegment x, long xAt, float shift, MemorySegment y, long yAt, int n) {
        long from = Native.range(x, xAt, 4L * n);
        VectorMath.exp(from, 1, shift, Native.range(y, yAt, 4L * n), n);
        Native.keep(x, y);
    }

    @Override
    public void toBrain(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        long from = Native.range(x, xAt, 4L * n);
        VectorBrain.narrow(from, Native.range(y, yAt, 2L * n), n);
        Native.keep(x, y);
    }

    @Override
    public void fromBrain(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        long from = Native.range(x, xAt, 2L * n);
        VectorBrain.widen(from, Native.range(y, yAt, 4L * n), n);
        Native.keep(x, y);
    }

    @Override
    public void fromInts(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        long from = Native.range(x, xAt, 4L * n);
        VectorIntegers.widen(from, Native.range(y, yAt, 4L * n), n);
        Native.keep(x, y);
    }

    @Override
    public void toBytes(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        long from = Native.range(x, xAt, 4L * n);
        VectorIntegers.narrow(from, Native.range(y, yAt, n), n);
        Native.keep(x, y);
    }
}
