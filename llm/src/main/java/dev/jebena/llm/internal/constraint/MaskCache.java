package dev.jebena.llm.internal.constraint;

import java.util.ArrayDeque;
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

    /// Masks at most that keep where their tokens lead, a number for each.
    private static final int MOST_LANDINGS = 32;

    private final Map<Situation, TokenMask> masks;
    private final Map<Shape, SharedMask> shared;
    private final ArrayDeque<SharedMask> landed = new ArrayDeque<>();
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
            SharedMask found = shared.get(shape(situation));
            if (found != null) {
                known = new TokenMask(found, longest(found.beyond, situation));
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

    /// Keeps a mask.
    ///
    /// @param longest bytes that complete the text after any of the tokens; [Node#NEVER] where not
    ///   known
    TokenMask put(Situation situation, long[] bits, int longest) {
        boolean known = longest != Node.NEVER && situation.shortest() != Node.NEVER;
        int beyond = known ? longest - situation.shortest() : Node.NEVER;
        TokenMask mask = new TokenMask(new SharedMask(bits, beyond), longest);
        masks.put(situation, mask);
        if (isCounted(situation)) {
            shared.put(shape(situation), mask.shared);
        }
        return mask;
    }

    /// Keeps where the tokens of a mask lead.
    void put(SharedMask mask, Landings landings) {
        mask.landings = landings;
        landed.add(mask);
        if (landed.size() > MOST_LANDINGS) {
            landed.remove().landings = null;
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
