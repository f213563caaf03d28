package dev.jebena.tensor;

import dev.jebena.tensor.internal.View;

/// What stands behind a tensor: elements, or what a transformation puts in their place.
sealed interface Value {
    /// Elements in memory.
    record Dense(View view) implements Value {}

    /// A value of a transformation that is under way.
    sealed interface Lifted extends Value {
        Level level();
    }

    /// A value whose derivation is recorded. Without `node` it is a variable.
    record Tracked(
            GradLevel level,
            Tensor primal,
            GradLevel.@org.jspecify.annotations.Nullable Node node,
            int output)
            implements Lifted {
        // Identity: two variables with equal values are two.
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /// One element of a batch: axis 0 of `all` counts them.
    record Mapped(BatchLevel level, Tensor all) implements Lifted {}

    /// The result of a node of a graph that is being traced.
    record Traced(TraceLevel level, int id) implements Lifted {}
}
