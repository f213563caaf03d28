package dev.jebena.compute;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Element by element work and reductions on rows of native memory. Whole registers first, the rest
/// one by one.
final class VectorRows {
    private static final int N = Lanes.COUNT;

    private VectorRows() {}

    private static int whole(int n) {
        return n - n % Kernels.LANES;
    }

    static float sumOfSquares(long x, int n) {
        float[] sums = Scratch.own().array(Kernels.LANES);
        for (int part = 0; part < Kernels.LANES; part += N) {
            FloatVector sum = FloatVector.zero(Lanes.F);
            for (int i = part; i < whole(n); i += Kernels.LANES) {
                FloatVector v = Lanes.load(x + 4L * i);
                sum = v.fma(v, sum);
            }
            sum.intoArray(sums, part);
        }
        for (int i = whole(n); i < n; i++) {
            float v = Native.getFloat(x + 4L * i);
            sums[i % Kernels.LANES] = Math.fma(v, v, sums[i % Kernels.LANES]);
        }
        return Sums.tree(sums, 0);
    }

    static float sum(long x, int n) {
        float[] sums = Scratch.own().array(Kernels.LANES);
        for (int part = 0; part < Kernels.LANES; part += N) {
            FloatVector sum = FloatVector.zero(Lanes.F);
            for (int i = part; i < whole(n); i += Kernels.LANES) {
                sum = sum.add(Lanes.load(x + 4L * i));
            }
            sum.intoArray(sums, part);
        }
        for (int i = whole(n); i < n; i++) {
            sums[i % Kernels.LANES] += Native.getFloat(x + 4L * i);
        }
        return Sums.tree(sums, 0);
    }

    /// `out = x * factor * weight`.
    static void scale(long x, float factor, long weight, long out, int n) {
        for (int i = 0; i < whole(n); i += N) {
            long at = 4L * i;
            FloatVector v = Lanes.load(x + at).mul(factor).mul(Lanes.load(weight + at));
            Lanes.store(v, out + at);
        }
        for (int i = whole(n); i < n; i++) {
            long at = 4L * i;
            float v = Native.getFloat(x + at) * factor * Native.getFloat(weight + at);
            Native.putFloat(out + at, v);
        }
    }

    /// `out = x - mean`.
    static void centre(long x, float mean, long out, int n) {
        for (int i = 0; i < whole(n); i += N) {
            Lanes.store(Lanes.load(x + 4L * i).sub(mean), out + 4L * i);
        }
        for (int i = whole(n); i < n; i++) {
            Native.putFloat(out + 4L * i, Native.getFloat(x + 4L * i) - mean);
        }
    }

    /// `x = x * factor * weight + bias`.
    static void scaleAndShift(long x, float factor, long weight, long bias, int n) {
        for (int i = 0; i < whole(n); i += N) {
            long at = 4L * i;
            FloatVector v = Lanes.load(x + at).mul(factor);
            Lanes.store(v.fma(Lanes.load(weight + at), Lanes.load(bias + at)), x + at);
        }
        for (int i = whole(n); i < n; i++) {
            long at = 4L * i;
            float v = Native.getFloat(x + at) * factor;
            float shifted = Math.fma(v, Native.getFloat(weight + at), Native.getFloat(bias + at));
            Native.putFloat(x + at, shifted);
        }
    }

    static void add(long x, long y, int n) {
        for (int i = 0; i < whole(n); i += N) {
            Lanes.store(Lanes.load(x + 4L * i).add(Lanes.load(y + 4L * i)), x + 4L * i);
        }
        for (int i = whole(n); i < n; i++) {
            Native.putFloat(x + 4L * i, Native.getFloat(x + 4L * i) + Native.getFloat(y + 4L * i));
        }
    }

    static void addScaled(long x, long y, float factor, int n) {
        FloatVector all = FloatVector.broadcast(Lanes.F, factor);
        for (int i = 0; i < whole(n); i += N) {
            Lanes.store(all.fma(Lanes.load(y + 4L * i), Lanes.load(x + 4L * i)), x + 4L * i);
        }
        for (int i = whole(n); i < n; i++) {
            float old = Native.getFloat(x + 4L * i);
            Native.putFloat(x + 4L * i, Math.fma(factor, Native.getFloat(y + 4L * i), old));
        }
    }

    static void silu(long x, int n) {
        long room = Scratch.own().row(4L * n);
        VectorMath.exp(x, -1, 0, room, n);
        VectorMath.divide(x, room, n);
    }

    static void siluMultiply(long gate, long up, int n) {
        long room = Scratch.own().row(4L * n);
        VectorMath.exp(gate, -1, 0, room, n);
        VectorMath.gate(gate, room, up, n);
    }

    static void geluMultiply(long gate, long up, int n) {
        long room = Scratch.own().row(4L * n);
        VectorMath.geluArgument(gate, room, n);
        VectorMath.exp(room, -1, 0, room, n);
        VectorMath.gate(gate, room, up, n);
    }

    static void gelu(long x, int n) {
        long room = Scratch.own().row(4L * n);
        VectorMath.geluArgument(x, room, n);
        VectorMath.exp(room, -1, 0, room, n);
        VectorMath.divide(x, room, n);
    }

    /// Rotates the pairs `(a[i], b[i])` by the angles of `cos` and `sin`.
    static void rotate(long a, long b, long cos, long sin, int n) {
        for (int i = 0; i < whole(n); i += N) {
            long at = 4L * i;
            FloatVector c = Lanes.load(cos + at);
            FloatVector s = Lanes.load(sin + at);
            FloatVector u = Lanes.load(a + at);
            FloatVector v = Lanes.load(b + at);
            Lanes.store(u.fma(c, v.mul(s).neg()), a + at);
            Lanes.store(u.fma(s, v.mul(c)), b + at);
        }
        for (int i = whole(n); i < n; i++) {
            rotateOne(a + 4L * i, b + 4L * i, cos + 4L * i, sin + 4L * i);
        }
    }

    private static void rotateOne(long a, long b, long cos, long sin) {
        float c = Native.getFloat(cos);
        float s = Native.getFloat(sin);
        float u = Native.getFloat(a);
        float v = Native.getFloat(b);
        Native.putFloat(a, Math.fma(u, c, -(v * s)));
        Native.putFloat(b, Math.fma(u, s, v * c));
    }

    /// Largest element that is a number; negative infinity if there is none.
    static float largest(long x, int n) {
        FloatVector most = FloatVector.broadcast(Lanes.F, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < whole(n); i += N) {
            FloatVector v = Lanes.load(x + 4L * i);
            most = most.blend(v, v.compare(VectorOperators.GT, most));
        }
        float result = most.reduceLanes(VectorOperators.MAX);
        for (int i = whole(n); i < n; i++) {
            float v = Native.getFloat(x + 4L * i);
            result = v > result ? v : result;
        }
        return result;
    }

    /// Sum of `exp(x - shift)`.
    static float sumOfExponentials(long x, float shift, int n) {
        long room = Scratch.own().row(4L * n);
        VectorMath.exp(x, 1, shift, room, n);
        return sum(room, n);
    }

    /// First index of `value`, which may be -0 for 0; 0 if it does not occur.
    static int indexOf(long x, float value, int n) {
        for (int i = 0; i < whole(n); i += N) {
            if (Lanes.load(x + 4L * i).compare(VectorOperators.EQ, value).anyTrue()) {
                return scan(x, value, i, n);
            }
        }
        return scan(x, value, whole(n), n);
    }

    private static int scan(long x, float value, int from, int n) {
        for (int i = from; i < n; i++) {
            if (Native.getFloat(x + 4L * i) == value) {
                return i;
            }
        }
        return 0;
    }
}
