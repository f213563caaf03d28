package dev.jebena.compute;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.jebena.compute.Panels.Place;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// [FloatRows] with the Vector API: row by row, some loops over a row that stays in the first-level
/// cache.
enum VectorFloatRows implements FloatRows {
    INSTANCE;

    private static final int N = Lanes.COUNT;

    static int whole(int n) {
        return n - n % N;
    }

    /// The address of `count` numbers.
    static long address(Place place, long count) {
        return Native.range(place.memory(), place.at(), 4 * count);
    }

    static void keep(Place... places) {
        for (Place place : places) {
            Native.keep(place.memory(), place.memory());
        }
    }

    @Override
    public void softmax(boolean log, Place x, Place y, int n, int rows) {
        long from = address(x, (long) n * rows);
        long to = address(y, (long) n * rows);
        long sums = Scratch.own().sums();
        for (long at = 0; at < 4L * n * rows; at += 4L * n) {
            float largest = VectorSums.most(from + at, n);
            long exponentials = log ? Scratch.own().row(4L * n) : to + at;
            VectorMath.exp(from + at, 1, largest, exponentials, n);
            float sum = (float) VectorSums.sum(exponentials, n, sums);
            if (log) {
                subtract(from + at, largest + (float) StrictMath.log(sum), to + at, n);
            } else {
                multiply(to + at, 1 / sum, n);
            }
        }
        keep(x, y);
    }

    @Override
    public void softmaxOfSum(Place x, Place added, Place y, int n, int rows) {
        for (int i = 0; i < rows; i++) {
            long at = 4L * i * n;
            VectorFloatArrays.INSTANCE.combine(
                    FloatArrays.Combination.ADD,
                    x.memory(),
                    x.at() + at,
                    added.memory(),
                    added.at(),
                    y.memory(),
                    y.at() + at,
                    n);
        }
        softmax(false, y, y, n, rows);
    }

    static void subtract(long x, float shift, long y, int n) {
        for (int i = 0; i < whole(n); i += N) {
            fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE)
                    .sub(shift)
                    .intoMemorySegment(Native.ALL, y + 4L * i, Lanes.LE);
        }
        for (int i = whole(n); i < n; i++) {
            Native.putFloat(y + 4L * i, Native.getFloat(x + 4L * i) - shift);
        }
    }

    static void multiply(long x, float factor, int n) {
        for (int i = 0; i < whole(n); i += N) {
            fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE)
                    .mul(factor)
                    .intoMemorySegment(Native.ALL, x + 4L * i, Lanes.LE);
        }
        for (int i = whole(n); i < n; i++) {
            Native.putFloat(x + 4L * i, Native.getFloat(x + 4L * i) * factor);
        }
    }

    /// `to = a b`.
    static void product(long a, long b, long to, int n) {
        for (int i = 0; i < whole(n); i += N) {
            fromMemorySegment(Lanes.F, Native.ALL, a + 4L * i, Lanes.LE)
                    .mul(fromMemorySegment(Lanes.F, Native.ALL, b + 4L * i, Lanes.LE))
                    .intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
        }
        for (int i = whole(n); i < n; i++) {
            float value = Native.getFloat(a + 4L * i) * Native.getFloat(b + 4L * i);
            Native.putFloat(to + 4L * i, value);
        }
    }

    @Override
    public void softmaxGradient(boolean log, Place y, Place slopes, Place to, int n, int rows) {
        long values = address(y, (long) n * rows);
        long from = address(slopes, (long) n * rows);
        long results = address(to, (long) n * rows);
        long room = Scratch.own().row(4L * n);
        long sums = Scratch.own().sums();
        for (long at = 0; at < 4L * n * rows; at += 4L * n) {
            if (log) {
                float sum = (float) VectorSums.sum(from + at, n, sums);
                VectorMath.exp(values + at, 1, 0, room, n);
                logSlopes(room, from + at, sum, results + at, n);
            } else {
                product(from + at, values + at, room, n);
                float sum = (float) VectorSums.sum(room, n, sums);
                slopes(values + at, from + at, sum, results + at, n);
            }
        }
        keep(y, slopes, to);
    }

    /// `to = y (g - sum)`.
    private static void slopes(long y, long g, float sum, long to, int n) {
        for (int i = 0; i < whole(n); i += N) {
            FloatVector slope =
                    fromMemorySegment(Lanes.F, Native.ALL, g + 4L * i, Lanes.LE).sub(sum);
            fromMemorySegment(Lanes.F, Native.ALL, y + 4L * i, Lanes.LE)
                    .mul(slope)
                    .intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
        }
        for (int i = whole(n); i < n; i++) {
            float slope = Native.getFloat(g + 4L * i) - sum;
            Native.putFloat(to + 4L * i, Native.getFloat(y + 4L * i) * slope);
        }
    }

    /// `to = g - y sum`.
    private static void logSlopes(long y, long g, float sum, long to, int n) {
        for (int i = 0; i < whole(n); i += N) {
            FloatVector part =
                    fromMemorySegment(Lanes.F, Native.ALL, y + 4L * i, Lanes.LE).mul(sum);
            fromMemorySegment(Lanes.F, Native.ALL, g + 4L * i, Lanes.LE)
                    .sub(part)
                    .intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
        }
        for (int i = whole(n); i < n; i++) {
            float part = Native.getFloat(y + 4L * i) * sum;
            Native.putFloat(to + 4L * i, Native.getFloat(g + 4L * i) - part);
        }
    }

    @Override
    public void standardize(
            double epsilon,
            Place x,
            Place y,
            @Nullable Place factors,
            @Nullable Affine affine,
            int n,
            int rows) {
        long from = address(x, (long) n * rows);
        long to = address(y, (long) n * rows);
        long factorsAt = factors == null ? 0 : address(factors, rows);
        Place bias = affine == null ? null : affine.bias();
        long weightAt = affine == null ? 0 : address(affine.weight(), n);
        long biasAt = bias == null ? 0 : address(bias, n);
        long sums = Scratch.own().sums();
        for (int row = 0; row < rows; row++) {
            long at = 4L * row * n;
            float mean = (float) (VectorSums.sum(from + at, n, sums) / n);
            double squares = VectorSums.squares(from + at, mean, n, sums);
            float factor = (float) (1 / Math.sqrt(squares / n + epsilon));
            if (biasAt != 0) {
                affine(from + at, mean, factor, weightAt, biasAt, to + at, n);
            } else if (weightAt != 0) {
                weighted(from + at, mean, factor, weightAt, to + at, n);
            } else {
                scale(from + at, mean, factor, to + at, n);
            }
            if (factorsAt != 0) {
                Native.putFloat(factorsAt + 4L * row, factor);
            }
        }
        keep(x, y);
        keep(factors == null ? y : factors, affine == null ? y : affine.weight());
        keep(bias == null ? y : bias);
    }

    static void scale(long x, float shift, float factor, long y, int n) {
        for (int i = 0; i < whole(n); i += N) {
            fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE)
                    .sub(shift)
                    .mul(factor)
                    .intoMemorySegment(Native.ALL, y + 4L * i, Lanes.LE);
        }
        for (int i = whole(n); i < n; i++) {
            Native.putFloat(y + 4L * i, (Native.getFloat(x + 4L * i) - shift) * factor);
        }
    }

    private static void weighted(long x, float shift, float factor, long weight, long y, int n) {
        for (int i = 0; i < whole(n); i += N) {
            FloatVector v =
                    fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE)
                            .sub(shift)
                            .mul(factor);
            v.mul(fromMemorySegment(Lanes.F, Native.ALL, weight + 4L * i, Lanes.LE))
                    .intoMemorySegment(Native.ALL, y + 4L * i, Lanes.LE);
        }
        for (int i = whole(n); i < n; i++) {
            float v = (Native.getFloat(x + 4L * i) - shift) * factor;
            Native.putFloat(y + 4L * i, v * Native.getFloat(weight + 4L * i));
        }
    }

    private static void affine(
            long x, float shift, float factor, long weight, long bias, long y, int n) {
        for (int i = 0; i < whole(n); i += N) {
            FloatVector v =
                    fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE)
                            .sub(shift)
                            .mul(factor);
            v =
                    v.mul(fromMemorySegment(Lanes.F, Native.ALL, weight + 4L * i, Lanes.LE))
                            .add(fromMemorySegment(Lanes.F, Native.ALL, bias + 4L * i, Lanes.LE));
            v.intoMemorySegment(Native.ALL, y + 4L * i, Lanes.LE);
        }
        for (int i = whole(n); i < n; i++) {
            float v = (Native.getFloat(x + 4L * i) - shift) * factor;
            v = v * Native.getFloat(weight + 4L * i) + Native.getFloat(bias + 4L * i);
            Native.putFloat(y + 4L * i, v);
        }
    }

    @Override
    public void standardizeGradient(
            Place y, Place factors, Place slopes, Place to, int n, int rows) {
        long values = address(y, (long) n * rows);
        long from = address(slopes, (long) n * rows);
        long results = address(to, (long) n * rows);
        long factorsAt = address(factors, rows);
        long room = Scratch.own().row(4L * n);
        long sums = Scratch.own().sums();
        for (int row = 0; row < rows; row++) {
            long at = 4L * row * n;
            product(from + at, values + at, room, n);
            float mean = (float) VectorSums.sum(from + at, n, sums) / n;
            float along = (float) VectorSums.sum(room, n, sums) / n;
            float factor = Native.getFloat(factorsAt + 4L * row);
            centre(values + at, from + at, mean, along, factor, results + at, n);
        }
        keep(y, factors, slopes, to);
    }

    /// `to = (g - mean - y along) factor`.
    private static void centre(
            long y, long g, float mean, float along, float factor, long to, int n) {
        for (int i = 0; i < whole(n); i += N) {
            FloatVector part =
                    fromMemorySegment(Lanes.F, Native.ALL, y + 4L * i, Lanes.LE).mul(along);
            FloatVector v =
                    fromMemorySegment(Lanes.F, Native.ALL, g + 4L * i, Lanes.LE)
                            .sub(mean)
                            .sub(part);
            v.mul(factor).intoMemorySegment(Native.ALL, to + 4L * i, Lanes.LE);
        }
        for (int i = whole(n); i < n; i++) {
            float part = Native.getFloat(y + 4L * i) * along;
            float v = Native.getFloat(g + 4L * i) - mean - part;
            Native.putFloat(to + 4L * i, v * factor);
        }
    }

    @Override
    public void crossEntropy(Classes classes, Place x, Place losses, Place sums, int n, int rows) {
        VectorClassRows.losses(classes, x, losses, sums, n, rows);
    }

    @Override
    public void crossEntropyGradient(
            Classes classes, Place x, Place sums, Place slopes, Place to, int n, int rows) {
        VectorClassRows.gradient(classes, x, sums, slopes, to, n, rows);
    }
}
