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
    private @Nullable Situation @Nullable [] next;
    private final boolean complete;
    private int shortest;
    private int wayOut = -1;
    private int wayToken = -1;
    private final boolean hasTokens;

    /// Where [#wayOut] leads; null while [WayOut] has not asked.
    @Nullable Situation rest;

    /// Tokens that complete the text from here, or -1 while [WayOut] has not counted them.
    int tokens = -1;

    /// The largest such number on the way out; known when [#tokens] is.
    int mostTokens = Node.NEVER;

    Situation(Set<Place> places, boolean complete) {
        this.places = places;
        this.complete = complete;
        this.shortest = complete ? 0 : Node.NEVER;
        boolean tokens = false;
        for (Place place : places) {
            tokens |= look(place);
        }
        this.hasTokens = tokens;
    }

    /// Finds the way out that leads over the place. Returns whether it has tokens to read.
    private boolean look(Place place) {
        boolean tokens = false;
        int then = CallStack.shortestOf(place.stack());
        for (Edge edge : place.node().edges) {
            tokens |= edge instanceof Edge.Token;
            if (complete || edge instanceof Edge.Jump || edge instanceof Edge.Call) {
                continue;
            }
            int length = Node.sum(1, Node.sum(edge.to().shortest, then));
            if (length == Node.NEVER) {
                continue;
            }
            switch (edge) {
                case Edge.Bytes bytes -> {
                    boolean first = length == shortest && bytes.low() < wayOut;
                    if (length < shortest || first || (length == shortest && wayOut < 0)) {
                        shortest = length;
                        wayOut = bytes.low();
                    }
                }
                case Edge.Token token when length < shortest && !token.negated() -> {
                    shortest = length;
                    wayOut = -1;
                    wayToken = token.id();
                }
                default -> {}
            }
        }
        return tokens;
    }

    /// Where a byte leads, as far as that is known.
    @Nullable Situation next(int read) {
        return next == null ? null : next[read];
    }

    /// Notes where a byte leads.
    void next(int read, Situation to) {
        if (next == null) {
            next = new @Nullable Situation[256];
        }
        next[read] = to;
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

    /// The token of that completion where it does not begin with a byte, or -1.
    int wayToken() {
        return wayOut >= 0 ? -1 : wayToken;
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
