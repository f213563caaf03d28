package dev.jebena.llm.internal.constraint;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The masks computed lately. Situations that differ only in how many more characters a string may
/// have share one while that is more than any token has.
final class MaskCache {
    /// A situation without the counts of characters that no token can reach.
    private record Shape(Set<Spot> spots, boolean complete) {}

    /// @param node a node, or the start of the count that it belongs to
    /// @param returnTo the same of where the current rule ends
    private record Spot(Node node, @Nullable Node returnTo, @Nullable CallStack below) {}

    private final Map<Object, TokenMask> masks;
    private final int longestToken;

    /// @param kept masks kept at most
    /// @param longestToken bytes of the longest token
    MaskCache(long kept, int longestToken) {
        this.longestToken = longestToken;
        this.masks =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Object, TokenMask> eldest) {
                        return size() > kept;
                    }
                };
    }

    @Nullable TokenMask get(Situation situation) {
        TokenMask known = masks.get(situation);
        if (known == null && isCounted(situation)) {
            known = masks.get(shape(situation));
            if (known != null) {
                masks.put(situation, known);
            }
        }
        return known;
    }

    void put(Situation situation, TokenMask mask) {
        masks.put(situation, mask);
        if (isCounted(situation)) {
            masks.put(shape(situation), mask);
        }
    }

    private boolean isCounted(Situation situation) {
        for (Situation.Place place : situation.places) {
            CallStack stack = place.stack();
            if (alike(place.node()) != place.node()
                    || (stack != null && alike(stack.returnTo()) != stack.returnTo())) {
                return true;
            }
        }
        return false;
    }

    private Shape shape(Situation situation) {
        Set<Spot> spots = new HashSet<>();
        for (Situation.Place place : situation.places) {
            CallStack stack = place.stack();
            spots.add(
                    stack == null
                            ? new Spot(alike(place.node()), null, null)
                            : new Spot(
                                    alike(place.node()), alike(stack.returnTo()), stack.below()));
        }
        return new Shape(spots, situation.complete());
    }

    private Node alike(Node node) {
        return node.counted != null && node.room >= longestToken ? node.counted : node;
    }
}
