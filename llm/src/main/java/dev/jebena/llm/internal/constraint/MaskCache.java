package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The masks computed lately. Situations that differ only in counts whose bounds no token can reach
/// share one.
final class MaskCache {
    /// A situation without those counts.
    private record Shape(Set<Spot> spots, boolean complete) {}

    /// @param way the node, and where the current rule and those that called it go on
    /// @param detour bytes that its shortest completion is longer than the situation's
    private record Spot(List<Node> way, int detour) {}

    /// @param beyond bytes that the longest of the shortest completions after a token is longer
    ///   than the shortest one before it; [Node#NEVER] where not known
    private record Shared(long[] bits, int beyond) {}

    private final Map<Situation, TokenMask> masks;
    private final Map<Shape, Shared> shared;
    private final int longestToken;

    /// @param kept masks kept at most
    /// @param longestToken bytes of the longest token
    MaskCache(long kept, int longestToken) {
        this.longestToken = longestToken;
        this.masks = recent(kept);
        this.shared = recent(kept);
    }

    private static <K, V> Map<K, V> recent(long kept) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > kept;
            }
        };
    }

    @Nullable TokenMask get(Situation situation) {
        TokenMask known = masks.get(situation);
        if (known == null && isCounted(situation)) {
            Shared found = shared.get(shape(situation));
            if (found != null) {
                known = new TokenMask(found.bits(), longest(found.beyond(), situation));
                masks.put(situation, known);
            }
        }
        return known;
    }

    private static int longest(int beyond, Situation situation) {
        return beyond == Node.NEVER || situation.shortest() == Node.NEVER
                ? Node.NEVER
                : situation.shortest() + beyond;
    }

    void put(Situation situation, TokenMask mask) {
        masks.put(situation, mask);
        if (isCounted(situation)) {
            boolean known = mask.longest != Node.NEVER && situation.shortest() != Node.NEVER;
            int beyond = known ? mask.longest - situation.shortest() : Node.NEVER;
            shared.put(shape(situation), new Shared(mask.bits, beyond));
        }
    }

    private boolean isCounted(Situation situation) {
        for (Situation.Place place : situation.places) {
            if (alike(place.node()) != place.node()) {
                return true;
            }
            for (CallStack at = place.stack(); at != null; at = at.below()) {
                if (alike(at.returnTo()) != at.returnTo()) {
                    return true;
                }
            }
        }
        return false;
    }

    private Shape shape(Situation situation) {
        Set<Spot> spots = new HashSet<>();
        for (Situation.Place place : situation.places) {
            List<Node> way = new ArrayList<>();
            way.add(alike(place.node()));
            for (CallStack at = place.stack(); at != null; at = at.below()) {
                way.add(alike(at.returnTo()));
            }
            int shortest = Node.sum(place.node().shortest, CallStack.shortestOf(place.stack()));
            spots.add(new Spot(way, shortest - situation.shortest()));
        }
        return new Shape(spots, situation.complete());
    }

    private Node alike(Node node) {
        return node.counted != null && node.room >= longestToken ? node.counted : node;
    }
}
