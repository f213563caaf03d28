package dev.jebena.tensor.internal;

import dev.jebena.tensor.Ints;
import dev.jebena.tensor.Op.ReduceKind;

final class FloatReduce {
    private FloatReduce() {}

    static boolean reduce(ReduceKind kind, View x, Ints axes, View y) {
        return false;
    }
}
