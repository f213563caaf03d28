package dev.jebena.compute;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.jebena.compute.FloatRows.Classes;
import dev.jebena.compute.Panels.Place;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/// The cross entropy of [FloatRows] with the Vector API: each row is read from memory once.
final class VectorClassRows {
    private static final int N = Lanes.COUNT;

    private VectorClassRows() {}

    static void losses(Classes classes, Place x, Place losses, Place sums, int n, int rows) {
        long from = VectorFloatRows.address(x, (long) n * rows);
        long to = VectorFloatRows.address(losses, rows);
        long sumsAt = VectorFloatRows.address(sums, rows);
        long weights = weights(classes.weights(), n);
        long room = Scratch.own().row(4L * n);
        long partial = Scratch.own().sums();
        for (int row = 0; row < rows; row++) {
            long at = from + 4L * row * n;
            float largest = VectorSums.most(at, n);
            VectorMath.exp(at, 1, largest, room, n);
            float sum = largest + (float) StrictMath.log((float) VectorSums.sum(room, n, partial));
            Native.putFloat(sumsAt + 4L * row, sum);
            int own = classes.of(row);
            float loss = 0;
            if (own >= 0) {
                loss = -(Native.getFloat(at + 4L * own) - sum) * classes.own(own);
            }
            if (own >= 0 && classes.smoothing() != 0) {
                VectorFloatRows.subtract(at, sum, room, n);
                if (weights != 0) {
                    VectorFloatRows.product(room, weights, room, n);
                }
                float logs = (float) VectorSums.sum(room, n, partial);
                loss -= logs * (classes.smoothing() / n);
            }
            Native.putFloat(to + 4L * row, loss);
        }
        VectorFloatRows.keep(x, losses, sums, classes.numbers());
        keep(classes.weights());
    }

    static void gradient(
            Classes classes, Place x, Place sums, Place slopes, Place to, int n, int rows) {
        long from = VectorFloatRows.address(x, (long) n * rows);
        long results = VectorFloatRows.address(to, (long) n * rows);
        long sumsAt = VectorFloatRows.address(sums, rows);
        long slopesAt = VectorFloatRows.address(slopes, rows);
        long weights = weights(classes.weights(), n);
        float total = classes.total(n);
        for (int row = 0; row < rows; row++) {
            long at = results + 4L * row * n;
            int own = classes.of(row);
            if (own < 0) {
                Native.ALL.asSlice(at, 4L * n).fill((byte) 0);
                continue;
            }
            float slope = Native.getFloat(slopesAt + 4L * row);
            float mine = slope * classes.own(own);
            VectorMath.exp(from + 4L * row * n, 1, Native.getFloat(sumsAt + 4L * row), at, n);
            if (classes.smoothing() == 0) {
                VectorFloatRows.multiply(at, mine, n);
            } else {
                float spread = slope * (classes.smoothing() / n);
                move(at, mine + spread * total, spread, weights, n);
            }
            Native.putFloat(at + 4L * own, Native.getFloat(at + 4L * own) - mine);
        }
        VectorFloatRows.keep(x, sums, slopes, to, classes.numbers());
        keep(classes.weights());
    }

    private static long weights(@Nullable Place weights, int n) {
        return weights == null ? 0 : VectorFloatRows.address(weights, n);
    }

    private static void keep(@Nullable Place place) {
        if (place != null) {
            VectorFloatRows.keep(place);
        }
    }

    /// `x = x factor - spread weight`.
    ///
    /// @param weights 0 for weights of 1
    private static void move(long x, float factor, float spread, long weights, int n) {
        int whole = VectorFloatRows.whole(n);
        FloatVector same = FloatVector.broadcast(Lanes.F, spread);
        for (int i = 0; i < whole; i += N) {
            FloatVector less = same;
            if (weights != 0) {
                less = same.mul(fromMemorySegment(Lanes.F, Native.ALL, weights + 4L * i, Lanes.LE));
            }
            fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE)
                    .mul(factor)
                    .sub(less)
                    .intoMemorySegment(Native.ALL, x + 4L * i, Lanes.LE);
        }
        for (int i = whole; i < n; i++) {
            float less = weights == 0 ? spread : spread * Native.getFloat(weights + 4L * i);
            Native.putFloat(x + 4L * i, Native.getFloat(x + 4L * i) * factor - less);
        }
    }
}
