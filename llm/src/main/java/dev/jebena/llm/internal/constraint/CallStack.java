package dev.jebena.llm.internal.constraint;

import org.jspecify.annotations.Nullable;

/// Where to go on when the current rule ends. Equal stacks of an [Automaton] are the same object.
///
/// @param depth levels of nesting among the calls
record CallStack(Node returnTo, @Nullable CallStack below, int depth) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CallStack stack
                && stack.returnTo == returnTo
                && stack.below == below;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(returnTo) * 31 + System.identityHashCode(below);
    }
}
