package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.internal.constraint.Node.Edge;
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
    private int shortest;
    private int wayOut = -1;
    private final boolean hasTokens;

    /// Tokens that complete the text from here, or -1 while [WayOut] has not counted them.
    int tokens = -1;

    Situation(Set<Place> places, boolean complete) {
        this.places = places;
        this.complete = complete;
        this.shortest = complete ? 0 : Node.NEVER;
        this.hasTokens =
                places.stream()
                        .flatMap(place -> place.node().edges.stream())
                        .anyMatch(edge -> edge instanceof Edge.Token);
        if (!complete) {
            for (Place place : places) {
                findWayOut(place);
            }
        }
    }

    private void findWayOut(Place place) {
        int then = CallStack.shortestOf(place.stack());
        for (Edge edge : place.node().edges) {
            if (edge instanceof Edge.Bytes bytes) {
                int length = Node.sum(1, Node.sum(bytes.to().shortest, then));
                if (length < shortest || (length == shortest && bytes.low() < wayOut)) {
                    shortest = length;
                    wayOut = bytes.low();
                }
            }
        }
    }

    /// Bytes of a shortest completion, as far as nesting allows it; [Node#NEVER] where there is
    /// none.
    int shortest() {
        return shortest;
    }

    /// The first byte of that completion, or -1 where it has none.
    int wayOut() {
        return wayOut;
    }

    /// Whether there are edges that are read as one token.
    boolean hasTokens() {
        return hasTokens;
    }

    /// Whether the text may end here.
    boolean complete() {
        return complete;
    }
}
