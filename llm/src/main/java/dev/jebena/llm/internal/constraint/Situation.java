package dev.jebena.llm.internal.constraint;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All the places in the grammar where a text may have led: a state of the deterministic automaton
/// that arises while texts are read.
final class Situation {
    /// Where texts lead that the grammar does not have.
    static final Situation DEAD = new Situation(Set.of(), false);

    /// A node with bytes to read, and where its rule was called.
    record Place(Node node, @Nullable CallStack stack) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Place place && place.node == node && place.stack == stack;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(node) * 31 + System.identityHashCode(stack);
        }
    }

    final Set<Place> places;
    final @Nullable Situation[] next = new @Nullable Situation[256];
    private final boolean complete;

    Situation(Set<Place> places, boolean complete) {
        this.places = places;
        this.complete = complete;
    }

    /// Whether the text may end here.
    boolean complete() {
        return complete;
    }
}
