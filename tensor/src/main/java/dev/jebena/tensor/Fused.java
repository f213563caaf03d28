package dev.jebena.tensor;

import dev.jebena.tensor.internal.FloatPath;
import dev.jebena.tensor.internal.View;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/// Chains of ops that eager execution does in one pass over memory, with the bits of op after op.
/// Only for plain numbers: transformations and traces see the ops. Each method gives null where
/// there is no such pass.
final class Fused {
    private Fused() {}

    private static @Nullable View plain(Tensor x) {
        return x.value() instanceof Value.Dense dense ? dense.view() : null;
    }

    static @Nullable Tensor layerNorm(
            Tensor x, Tensor weight, @Nullable Tensor bias, double epsilon) {
        View in = plain(x);
        View factors = plain(weight);
        View shifts = bias == null ? null : plain(bias);
        if (in == null || factors == null || (shifts == null) != (bias == null)) {
            return null;
        }
        try {
            View y = FloatPath.layerNorm(in, factors, shifts, epsilon);
            return y == null ? null : new Tensor(y);
        } finally {
            // Kernels see addresses only.
            Reference.reachabilityFence(x);
            Reference.reachabilityFence(weight);
            Reference.reachabilityFence(bias);
        }
    }
}
