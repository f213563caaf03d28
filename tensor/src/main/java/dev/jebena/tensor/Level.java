package dev.jebena.tensor;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A transformation under way: what is done when an op meets one of its values. Transformations
/// nest by depth; an op goes to the deepest one of its inputs, which applies ops to values of those
/// outside it.
abstract sealed class Level permits GradLevel, BatchLevel, TraceLevel {
    private static final AtomicLong NEXT = new AtomicLong(2);

    private final long depth;
    private @Nullable GradLevel variables;

    Level(long depth) {
        this.depth = depth;
    }

    /// A depth within all that were begun before; the one above it is for variables.
    static long newDepth() {
        return NEXT.getAndAdd(2);
    }

    final long depth() {
        return depth;
    }

    /// Where variables live that are made of this level's values.
    final synchronized GradLevel variables() {
        if (variables == null) {
            variables = new GradLevel(depth + 1);
        }
        return variables;
    }

    abstract Tensor[] run(Op op, Tensor[] inputs);
}
