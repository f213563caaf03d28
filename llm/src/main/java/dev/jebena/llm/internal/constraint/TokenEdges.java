package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.internal.constraint.Node.Edge;
import dev.jebena.llm.internal.constraint.Situation.Place;
import java.util.ArrayList;
import java.util.List;

/// The edges of a situation that are read as one token, whatever its bytes.
final class TokenEdges {
    private TokenEdges() {}

    /// Sets the bits of the tokens over which such edges lead to where no more than `most` tokens
    /// complete the text, each byte counted as one.
    static void mark(Situation situation, int most, Vocabulary vocabulary, long[] mask) {
        for (Place place : situation.places) {
            for (Edge edge : place.node().edges) {
                if (edge instanceof Edge.Token token
                        && Node.sum(token.to().shortest, CallStack.shortestOf(place.stack()))
                                <= most) {
                    mark(token, vocabulary, mask);
                }
            }
        }
    }

    private static void mark(Edge.Token edge, Vocabulary vocabulary, long[] mask) {
        int count = vocabulary.bytes().length;
        if (!edge.negated()) {
            if (edge.id() < count) {
                mask[edge.id() >> 6] |= 1L << edge.id();
            }
            return;
        }
        boolean[] ends = new boolean[count];
        for (int end : vocabulary.ends()) {
            ends[end] = true;
        }
        for (int id = 0; id < count; id++) {
            if (id != edge.id() && !ends[id]) {
                mask[id >> 6] |= 1L << id;
            }
        }
    }

    /// Where such edges lead over `token`.
    static List<Place> after(Situation situation, int token) {
        List<Place> after = new ArrayList<>();
        if (!situation.hasTokens()) {
            return after;
        }
        for (Place place : situation.places) {
            for (Edge edge : place.node().edges) {
                if (edge instanceof Edge.Token one && (one.id() == token) != one.negated()) {
                    after.add(new Place(one.to(), place.stack()));
                }
            }
        }
        return after;
    }
}
