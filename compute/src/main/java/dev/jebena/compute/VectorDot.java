package dev.jebena.compute;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Dot products of one row of activations with rows of the commonest types, decoded and multiplied
/// in registers: the same operations as [VectorDecode] and then a product, without the way through
/// memory. Two rows of weights at a time, so that two chains of sums run side by side.
final class VectorDot {
    private static final int N = Lanes.COUNT;

    /// Bytes of the partial sums of one dot product.
    private static final int SUMS = 4 * Kernels.LANES;

    private VectorDot() {}

    static boolean supports(DataType type) {
        return switch (type) {
            case Q4_0, Q4_1, Q5_0, Q8_0 -> N > 4;
            default -> VectorKDot.supports(type);
        };
    }

    /// Writes the partial sums of the rows at `v` and `w` times `x`, one after the other, to
    /// `sums`.
    static void two(DataType type, long v, long w, long x, int columns, long sums) {
        if (VectorKDot.supports(type)) {
            VectorKDot.one(type, v, x, columns, sums);
            VectorKDot.one(type, w, x, columns, sums + SUMS);
            return;
        }
        for (int p = 0; p < Kernels.LANES; p += N) {
            long to = sums + 4L * p;
            long from = x + 4L * p;
            switch (type) {
                case Q4_0 -> q40(v, w, p, from, columns / 32, to);
                case Q4_1 -> q41(v, w, p, from, columns / 32, to);
                case Q5_0 -> q50(v, w, p, from, columns / 32, to);
                case Q8_0 -> q80(v, w, p, from, columns / 32, to);
                default -> throw new IllegalArgumentException("no fused form: " + type);
            }
        }
    }

    private static void q40(long v, long w, int part, long x, int blocks, long sums) {
        FloatVector s = FloatVector.zero(Lanes.F);
        FloatVector t = s;
        for (int b = 0; b < blocks; b++) {
            long at = 18L * b;
            FloatVector x0 = Lanes.load(x + 128L * b);
            FloatVector x1 = Lanes.load(x + 128L * b + 64);
            float d = Native.getHalf(v + at);
            IntVector q = Lanes.bytes(v + at + 2 + part);
            s = Lanes.floats(low(q).sub(8)).mul(d).fma(x0, s);
            s = Lanes.floats(high(q).sub(8)).mul(d).fma(x1, s);
            d = Native.getHalf(w + at);
            q = Lanes.bytes(w + at + 2 + part);
            t = Lanes.floats(low(q).sub(8)).mul(d).fma(x0, t);
            t = Lanes.floats(high(q).sub(8)).mul(d).fma(x1, t);
        }
        Lanes.store(s, sums);
        Lanes.store(t, sums + SUMS);
    }

    private static void q41(long v, long w, int part, long x, int blocks, long sums) {
        FloatVector s = FloatVector.zero(Lanes.F);
        FloatVector t = s;
        for (int b = 0; b < blocks; b++) {
            long at = 20L * b;
            FloatVector x0 = Lanes.load(x + 128L * b);
            FloatVector x1 = Lanes.load(x + 128L * b + 64);
            FloatVector d = all(Native.getHalf(v + at));
            FloatVector m = all(Native.getHalf(v + at + 2));
            IntVector q = Lanes.bytes(v + at + 4 + part);
            s = Lanes.floats(low(q)).fma(d, m).fma(x0, s);
            s = Lanes.floats(high(q)).fma(d, m).fma(x1, s);
            d = all(Native.getHalf(w + at));
            m = all(Native.getHalf(w + at + 2));
            q = Lanes.bytes(w + at + 4 + part);
            t = Lanes.floats(low(q)).fma(d, m).fma(x0, t);
            t = Lanes.floats(high(q)).fma(d, m).fma(x1, t);
        }
        Lanes.store(s, sums);
        Lanes.store(t, sums + SUMS);
    }

    private static void q50(long v, long w, int part, long x, int blocks, long sums) {
        FloatVector s = FloatVector.zero(Lanes.F);
        FloatVector t = s;
        for (int b = 0; b < blocks; b++) {
            long at = 22L * b;
            FloatVector x0 = Lanes.load(x + 128L * b);
            FloatVector x1 = Lanes.load(x + 128L * b + 64);
            float d = Native.getHalf(v + at);
            long fifth = missing(v + at + 2, part);
            IntVector q = Lanes.bytes(v + at + 6 + part);
            s = Lanes.floats(minus16(low(q), fifth)).mul(d).fma(x0, s);
            s = Lanes.floats(minus16(high(q), fifth >>> 16)).mul(d).fma(x1, s);
            d = Native.getHalf(w + at);
            fifth = missing(w + at + 2, part);
            q = Lanes.bytes(w + at + 6 + part);
            t = Lanes.floats(minus16(low(q), fifth)).mul(d).fma(x0, t);
            t = Lanes.floats(minus16(high(q), fifth >>> 16)).mul(d).fma(x1, t);
        }
        Lanes.store(s, sums);
        Lanes.store(t, sums + SUMS);
    }

    private static void q80(long v, long w, int part, long x, int blocks, long sums) {
        FloatVector s = FloatVector.zero(Lanes.F);
        FloatVector t = s;
        for (int b = 0; b < blocks; b++) {
            long at = 34L * b + 2 + part;
            FloatVector x0 = Lanes.load(x + 128L * b);
            FloatVector x1 = Lanes.load(x + 128L * b + 64);
            float d = Native.getHalf(v + 34L * b);
            s = Lanes.signedBytes(v + at).mul(d).fma(x0, s);
            s = Lanes.signedBytes(v + at + 16).mul(d).fma(x1, s);
            d = Native.getHalf(w + 34L * b);
            t = Lanes.signedBytes(w + at).mul(d).fma(x0, t);
            t = Lanes.signedBytes(w + at + 16).mul(d).fma(x1, t);
        }
        Lanes.store(s, sums);
        Lanes.store(t, sums + SUMS);
    }

    private static IntVector low(IntVector bytes) {
        return bytes.and(15);
    }

    private static IntVector high(IntVector bytes) {
        return bytes.lanewise(VectorOperators.LSHR, 4);
    }

    /// Bit j is set where element `part + j` lacks its fifth bit.
    private static long missing(long address, int part) {
        return (long) ~Native.ALL.get(Stored.INT, address) >>> part;
    }

    private static IntVector minus16(IntVector q, long where) {
        return q.lanewise(VectorOperators.SUB, 16, VectorMask.fromLong(Lanes.I, where));
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(Lanes.F, value);
    }
}
