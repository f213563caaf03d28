package dev.jebena.tensor;

import dev.jebena.tensor.Value.Lifted;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/// Gives an op to whoever has to see it: the innermost transformation of its inputs, else the
/// kernels.
final class Dispatch {
    private Dispatch() {}

    static Tensor[] run(Op op, Tensor... inputs) {
        Level level = innermost(inputs);
        if (level != null) {
            return level.run(op, inputs);
        }
        try {
            return Eager.run(op, inputs);
        } finally {
            // Kernels see addresses only.
            Reference.reachabilityFence(inputs);
        }
    }

    static Tensor one(Op op, Tensor... inputs) {
        return run(op, inputs)[0];
    }

    private static @Nullable Level innermost(Tensor[] inputs) {
        Level found = null;
        for (Tensor input : inputs) {
            if (input.value() instanceof Lifted lifted) {
                Level level = lifted.level();
                if (found == null || level.depth() > found.depth()) {
                    found = level;
                }
            }
        }
        return found;
    }
}
