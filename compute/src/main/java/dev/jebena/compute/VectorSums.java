package dev.jebena.compute;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Sums and maxima of float32 numbers by address, in the order of [FloatArrays]: four registers at
/// a time, since each addition waits for the one before.
///
/// Outside of loops vectors are made and stored by the Vector API's own methods, which the compiler
/// always inlines; with methods like [Lanes#store] in such places it sometimes does not, and then
/// puts vectors on the heap.
final class VectorSums {
    private static final int N = Lanes.COUNT;
    private static final int SUMS = FloatArrays.SUMS;

    /// Whether four registers hold all partial sums.
    private static final boolean WIDE = 4 * N == SUMS;

    private VectorSums() {}

    private static int whole(int n) {
        return n - n % SUMS;
    }

    static double sum(long x, int n) {
        return sum(x, n, Scratch.own().sums());
    }

    /// @param sums room for [FloatArrays#SUMS] numbers
    static double sum(long x, int n, long sums) {
        if (n <= FloatArrays.PIECE) {
            return piece(x, n, sums);
        }
        double sum = 0;
        for (int i = 0; i < n; i += FloatArrays.PIECE) {
            sum += piece(x + 4L * i, Math.min(FloatArrays.PIECE, n - i), sums);
        }
        return sum;
    }

    /// Of a multiple of [#SUMS], where four registers hold the partial sums.
    private static float wide(long x, int n, long sums) {
        FloatVector a = FloatVector.zero(Lanes.F);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int i = 0; i < n; i += SUMS) {
            long at = x + 4L * i;
            a = a.add(fromMemorySegment(Lanes.F, Native.ALL, at, Lanes.LE));
            b = b.add(fromMemorySegment(Lanes.F, Native.ALL, at + Lanes.BYTES, Lanes.LE));
            c = c.add(fromMemorySegment(Lanes.F, Native.ALL, at + 2L * Lanes.BYTES, Lanes.LE));
            d = d.add(fromMemorySegment(Lanes.F, Native.ALL, at + 3L * Lanes.BYTES, Lanes.LE));
        }
        a.add(c).add(b.add(d)).intoMemorySegment(Native.ALL, sums, Lanes.LE);
        return sixteen(sums);
    }

    /// The same for squares.
    private static float wide(long x, float shift, int n, long sums) {
        FloatVector a = FloatVector.zero(Lanes.F);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int i = 0; i < n; i += SUMS) {
            long at = x + 4L * i;
            FloatVector p = fromMemorySegment(Lanes.F, Native.ALL, at, Lanes.LE).sub(shift);
            FloatVector q =
                    fromMemorySegment(Lanes.F, Native.ALL, at + Lanes.BYTES, Lanes.LE).sub(shift);
            FloatVector r =
                    fromMemorySegment(Lanes.F, Native.ALL, at + 2L * Lanes.BYTES, Lanes.LE)
                            .sub(shift);
            FloatVector t =
                    fromMemorySegment(Lanes.F, Native.ALL, at + 3L * Lanes.BYTES, Lanes.LE)
                            .sub(shift);
            a = p.fma(p, a);
            b = q.fma(q, b);
            c = r.fma(r, c);
            d = t.fma(t, d);
        }
        a.add(c).add(b.add(d)).intoMemorySegment(Native.ALL, sums, Lanes.LE);
        return sixteen(sums);
    }

    private static float piece(long x, int n, long sums) {
        int whole = whole(n);
        if (WIDE && whole == n) {
            return wide(x, n, sums);
        }
        for (int part = 0; part < SUMS; part += 4 * N) {
            FloatVector a = FloatVector.zero(Lanes.F);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            for (int i = part; i < whole + part; i += SUMS) {
                long at = x + 4L * i;
                a = a.add(fromMemorySegment(Lanes.F, Native.ALL, at, Lanes.LE));
                b = b.add(fromMemorySegment(Lanes.F, Native.ALL, at + Lanes.BYTES, Lanes.LE));
                c = c.add(fromMemorySegment(Lanes.F, Native.ALL, at + 2L * Lanes.BYTES, Lanes.LE));
                d = d.add(fromMemorySegment(Lanes.F, Native.ALL, at + 3L * Lanes.BYTES, Lanes.LE));
            }
            long to = sums + 4L * part;
            a.intoMemorySegment(Native.ALL, to, Lanes.LE);
            b.intoMemorySegment(Native.ALL, to + Lanes.BYTES, Lanes.LE);
            c.intoMemorySegment(Native.ALL, to + 2L * Lanes.BYTES, Lanes.LE);
            d.intoMemorySegment(Native.ALL, to + 3L * Lanes.BYTES, Lanes.LE);
        }
        int i = whole;
        for (; i + N <= n; i += N) {
            long to = sums + 4L * (i - whole);
            fromMemorySegment(Lanes.F, Native.ALL, to, Lanes.LE)
                    .add(fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE))
                    .intoMemorySegment(Native.ALL, to, Lanes.LE);
        }
        for (; i < n; i++) {
            long to = sums + 4L * (i - whole);
            Native.putFloat(to, Native.getFloat(to) + Native.getFloat(x + 4L * i));
        }
        return tree(sums);
    }

    /// The sum of `(x - shift)^2`.
    static double squares(long x, float shift, int n, long sums) {
        double sum = 0;
        for (int i = 0; i < n; i += FloatArrays.PIECE) {
            sum += squaresOfPiece(x + 4L * i, shift, Math.min(FloatArrays.PIECE, n - i), sums);
        }
        return sum;
    }

    private static float squaresOfPiece(long x, float shift, int n, long sums) {
        int whole = whole(n);
        if (WIDE && whole == n) {
            return wide(x, shift, n, sums);
        }
        FloatVector s = FloatVector.broadcast(Lanes.F, shift);
        for (int part = 0; part < SUMS; part += 4 * N) {
            FloatVector a = FloatVector.zero(Lanes.F);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            for (int i = part; i < whole + part; i += SUMS) {
                long at = x + 4L * i;
                FloatVector p = fromMemorySegment(Lanes.F, Native.ALL, at, Lanes.LE).sub(s);
                FloatVector q =
                        fromMemorySegment(Lanes.F, Native.ALL, at + Lanes.BYTES, Lanes.LE).sub(s);
                FloatVector r =
                        fromMemorySegment(Lanes.F, Native.ALL, at + 2L * Lanes.BYTES, Lanes.LE)
                                .sub(s);
                FloatVector t =
                        fromMemorySegment(Lanes.F, Native.ALL, at + 3L * Lanes.BYTES, Lanes.LE)
                                .sub(s);
                a = p.fma(p, a);
                b = q.fma(q, b);
                c = r.fma(r, c);
                d = t.fma(t, d);
            }
            long to = sums + 4L * part;
            a.intoMemorySegment(Native.ALL, to, Lanes.LE);
            b.intoMemorySegment(Native.ALL, to + Lanes.BYTES, Lanes.LE);
            c.intoMemorySegment(Native.ALL, to + 2L * Lanes.BYTES, Lanes.LE);
            d.intoMemorySegment(Native.ALL, to + 3L * Lanes.BYTES, Lanes.LE);
        }
        int i = whole;
        for (; i + N <= n; i += N) {
            long to = sums + 4L * (i - whole);
            FloatVector v = fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE).sub(s);
            v.fma(v, fromMemorySegment(Lanes.F, Native.ALL, to, Lanes.LE))
                    .intoMemorySegment(Native.ALL, to, Lanes.LE);
        }
        for (; i < n; i++) {
            long to = sums + 4L * (i - whole);
            float v = Native.getFloat(x + 4L * i) - shift;
            Native.putFloat(to, Math.fma(v, v, Native.getFloat(to)));
        }
        return tree(sums);
    }

    /// Down to 16 sums by registers; the rest as numbers, which is faster than moving lanes.
    private static float tree(long sums) {
        for (int half = SUMS / 2; half >= 16; half /= 2) {
            for (int j = 0; j < half; j += N) {
                long at = sums + 4L * j;
                fromMemorySegment(Lanes.F, Native.ALL, at, Lanes.LE)
                        .add(fromMemorySegment(Lanes.F, Native.ALL, at + 4L * half, Lanes.LE))
                        .intoMemorySegment(Native.ALL, at, Lanes.LE);
            }
        }
        return sixteen(sums);
    }

    private static float sixteen(long sums) {
        float even = quarter(sums, 0) + quarter(sums, 2);
        float odd = quarter(sums, 1) + quarter(sums, 3);
        return even + odd;
    }

    private static float quarter(long sums, int i) {
        return (number(sums, i) + number(sums, i + 8))
                + (number(sums, i + 4) + number(sums, i + 12));
    }

    private static float number(long sums, int i) {
        return Native.getFloat(sums + 4L * i);
    }

    /// The largest; NaN if one is.
    static float max(long x, int n) {
        FloatVector a = FloatVector.broadcast(Lanes.F, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int i = 0;
        for (; i + 4 * N <= n; i += 4 * N) {
            long at = x + 4L * i;
            a = a.max(fromMemorySegment(Lanes.F, Native.ALL, at, Lanes.LE));
            b = b.max(fromMemorySegment(Lanes.F, Native.ALL, at + Lanes.BYTES, Lanes.LE));
            c = c.max(fromMemorySegment(Lanes.F, Native.ALL, at + 2L * Lanes.BYTES, Lanes.LE));
            d = d.max(fromMemorySegment(Lanes.F, Native.ALL, at + 3L * Lanes.BYTES, Lanes.LE));
        }
        for (; i + N <= n; i += N) {
            a = a.max(fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE));
        }
        float largest = a.max(b).max(c.max(d)).reduceLanes(MAX);
        for (; i < n; i++) {
            largest = Math.max(largest, Native.getFloat(x + 4L * i));
        }
        return largest;
    }

    /// The largest of those that are not NaN.
    static float most(long x, int n) {
        FloatVector a = FloatVector.broadcast(Lanes.F, Float.NEGATIVE_INFINITY);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int i = 0;
        for (; i + 4 * N <= n; i += 4 * N) {
            long at = x + 4L * i;
            FloatVector p = fromMemorySegment(Lanes.F, Native.ALL, at, Lanes.LE);
            a = a.blend(p, p.compare(GT, a));
            FloatVector q = fromMemorySegment(Lanes.F, Native.ALL, at + Lanes.BYTES, Lanes.LE);
            b = b.blend(q, q.compare(GT, b));
            FloatVector r = fromMemorySegment(Lanes.F, Native.ALL, at + 2L * Lanes.BYTES, Lanes.LE);
            c = c.blend(r, r.compare(GT, c));
            FloatVector t = fromMemorySegment(Lanes.F, Native.ALL, at + 3L * Lanes.BYTES, Lanes.LE);
            d = d.blend(t, t.compare(GT, d));
        }
        for (; i + N <= n; i += N) {
            FloatVector p = fromMemorySegment(Lanes.F, Native.ALL, x + 4L * i, Lanes.LE);
            a = a.blend(p, p.compare(GT, a));
        }
        a = a.blend(b, b.compare(GT, a));
        c = c.blend(d, d.compare(GT, c));
        a = a.blend(c, c.compare(GT, a));
        // As integers in the order of the numbers: for numbers instructions would have to mind NaN.
        IntVector bits = a.reinterpretAsInts();
        IntVector order = bits.lanewise(ASHR, 31).and(Integer.MAX_VALUE);
        int most = bits.lanewise(XOR, order).reduceLanes(MAX);
        float largest = Float.intBitsToFloat(most ^ (most >> 31 & Integer.MAX_VALUE));
        for (; i < n; i++) {
            float v = Native.getFloat(x + 4L * i);
            largest = v > largest ? v : largest;
        }
        return largest;
    }
}
