package dev.jebena.llm.internal.constraint;

import org.jspecify.annotations.Nullable;

/// Where to go on when the current rule ends. Equal stacks of an [Automaton] are the same object.
///
/// @param depth levels of nesting among the calls
/// @param shortest bytes of the shortest way to the text's end from where the current rule ends
record CallStack(Node returnTo, @Nullable CallStack below, int depth, int shortest) {
    CallStack(Node returnTo, @Nullable CallStack below, int depth) {
        this(returnTo, below, depth, Node.sum(returnTo.shortest, shortestOf(below)));
    }

    /// The depth of a stack that may be empty.
    static int depthOf(@Nullable CallStack stack) {
        return stack == null ? 0 : stack.depth;
    }

    /// The shortest way out of a stack that may be empty.
    static int shortestOf(@Nullable CallStack stack) {
        return stack == null ? 0 : stack.shortest;
    }

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
