package dev.jebena.tensor.internal;

/// Adds single elements to memory, in the elements' own type.
final class Accumulate {
    private Accumulate() {}

    static void add(View y, long to, View x, long from) {
        if (y.dtype().isFloat()) {
            double sum =
                    Elements.real(y.dtype(), y.memory(), to)
                            + Elements.real(x.dtype(), x.memory(), from);
            Elements.set(y.dtype(), y.memory(), to, sum);
        } else {
            long sum =
                    Elements.integer(y.dtype(), y.memory(), to)
                            + Elements.integer(x.dtype(), x.memory(), from);
            Elements.set(y.dtype(), y.memory(), to, sum);
        }
    }
}
