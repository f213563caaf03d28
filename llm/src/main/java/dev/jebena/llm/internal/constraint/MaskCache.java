package dev.jebena.llm.internal.constraint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The masks computed lately. Situations that differ only in counts share one where no token
/// reaches the counts' bounds; else they share what it says of the tokens that do not reach them.
final class MaskCache {
    /// A situation without its counts.
    private record Shape(Set<Spot> spots, boolean complete) {}

    /// @param way the node, and where the current rule and those that called it go on
    /// @param detour bytes that its shortest completion is longer than the situation's
    private record Spot(List<Node> way, int detour) {}

    /// A mask of a situation that differs only in counts.
    ///
    /// @param length bytes of the longest tokens of which it tells the truth for both
    record Like(SharedMask mask, int length) {}

    /// Masks at most that keep where their tokens lead, a number for each.
    private static final int MOST_LANDINGS = 4;

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
        Like like = known == null ? like(situation) : null;
        if (like != null && like.length >= longestToken) {
            known = new TokenMask(like.mask, longest(like.mask, situation));
            masks.put(situation, known);
        }
        return known;
    }

    /// What is known of a situation that differs only in counts; null where nothing is.
    @Nullable Like like(Situation situation) {
        int room = room(situation);
        SharedMask found = room == Node.NEVER ? null : shared.get(shape(situation));
        return found == null ? null : new Like(found, Math.min(found.room, room));
    }

    /// Bytes that complete the text after any of the tokens; [Node#NEVER] where not known.
    static int longest(SharedMask mask, Situation situation) {
        return mask.beyond == Node.NEVER || situation.shortest() == Node.NEVER
                ? Node.NEVER
                : situation.shortest() + mask.beyond;
    }

    /// Keeps a mask.
    ///
    /// @param longest bytes that complete the text after any of the tokens; [Node#NEVER] where not
    ///   known
    TokenMask put(Situation situation, long[] bits, int longest) {
        boolean known = longest != Node.NEVER && situation.shortest() != Node.NEVER;
        int beyond = known ? longest - situation.shortest() : Node.NEVER;
        int room = room(situation);
        TokenMask mask = new TokenMask(new SharedMask(bits, beyond, room), longest);
        masks.put(situation, mask);
        if (room != Node.NEVER) {
            shared.merge(shape(situation), mask.shared, (a, b) -> a.room >= b.room ? a : b);
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

    /// Bytes at least before the bound of any count is felt; [Node#NEVER] where nothing is counted.
    private static int room(Situation situation) {
        int least = Node.NEVER;
        for (Situation.Place place : situation.places) {
            least = Math.min(least, room(place.node()));
            for (CallStack at = place.stack(); at != null; at = at.below()) {
                least = Math.min(least, room(at.returnTo()));
            }
        }
        return least;
    }

    private static int room(Node node) {
        return node.counted == null ? Node.NEVER : node.room;
    }

    private static Shape shape(Situation situation) {
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

    private static Node alike(Node node) {
        return node.counted == null ? node : node.counted;
    }
}
