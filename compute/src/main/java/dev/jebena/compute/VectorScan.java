package dev.jebena.compute;

import jdk.incubator.vector.FloatVector;

/// [Kernels#scan] in vector registers: a channel's states beside each other. Only their products
/// with the outputs are added one by one, in the order of the reference.
final class VectorScan {
    private static final int N = Lanes.COUNT;

    private VectorScan() {}

    static void scan(
            FloatMatrix x,
            FloatMatrix step,
            FloatMatrix b,
            FloatMatrix c,
            int row,
            FloatMatrix decay,
            FloatMatrix skip,
            FloatMatrix states,
            int begin,
            int end) {
        int count = states.columns();
        check(x, step, b, c, row, decay, states, end);
        long factors = Scratch.own().row(4L * count);
        long inputs = Native.row(b, row);
        long outputs = Native.row(c, row);
        for (int d = begin; d < end; d++) {
            float in = x.get(row, d);
            float s = FloatMath.softplus(step.get(row, d));
            multiply(Native.row(decay, d), s, factors, count);
            VectorMath.exp(factors, 1, 0, factors, count);
            long state = Native.row(states, d);
            change(state, factors, inputs, s * in, count);
            float sum = 0;
            for (int n = 0; n < count; n++) {
                sum =
                        Math.fma(
                                Native.getFloat(state + 4L * n),
                                Native.getFloat(outputs + 4L * n),
                                sum);
            }
            x.set(row, d, Math.fma(skip.get(0, d), in, sum));
        }
    }

    private static void check(
            FloatMatrix x,
            FloatMatrix step,
            FloatMatrix b,
            FloatMatrix c,
            int row,
            FloatMatrix decay,
            FloatMatrix states,
            int end) {
        int count = states.columns();
        Shapes.row("scan: inputs", x, row, end);
        Shapes.row("scan: steps", step, row, end);
        Shapes.row("scan: inputs of states", b, row, count);
        Shapes.row("scan: outputs of states", c, row, count);
        Shapes.row("scan: decay", decay, Math.max(0, end - 1), count);
        Shapes.row("scan: states", states, Math.max(0, end - 1), count);
    }

    private static void multiply(long from, float factor, long to, int count) {
        int i = 0;
        for (; i + N <= count; i += N) {
            Lanes.store(Lanes.load(from + 4L * i).mul(factor), to + 4L * i);
        }
        for (; i < count; i++) {
            Native.putFloat(to + 4L * i, factor * Native.getFloat(from + 4L * i));
        }
    }

    /// `state = state * factors + scale * inputs`.
    private static void change(long state, long factors, long inputs, float scale, int count) {
        FloatVector scales = FloatVector.broadcast(Lanes.F, scale);
        int i = 0;
        for (; i + N <= count; i += N) {
            FloatVector kept = Lanes.load(state + 4L * i).mul(Lanes.load(factors + 4L * i));
            Lanes.store(scales.fma(Lanes.load(inputs + 4L * i), kept), state + 4L * i);
        }
        for (; i < count; i++) {
            float kept = Native.getFloat(state + 4L * i) * Native.getFloat(factors + 4L * i);
            float changed = Math.fma(scale, Native.getFloat(inputs + 4L * i), kept);
            Native.putFloat(state + 4L * i, changed);
        }
    }
}
