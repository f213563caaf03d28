package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a thing came from, and what came of it.
///
/// @param start the thing that was asked for
/// @param items all things by their ids, the start first
/// @param edges all steps between them
/// @param whole false where there was more than is shown
public record LineageGraph(
        LineageItem start, Map<String, LineageItem> items, List<LineageEdge> edges, boolean whole) {
    /// So many steps are followed at most.
    private static final int MOST = 2000;

    /// Follows the steps from `start`, backward to all it came from and forward to all that came of
    /// it, but not back and forth: brothers are no ancestors.
    ///
    /// @param neighbours the steps that begin or end at an item
    /// @param depth how many steps far
    static LineageGraph around(
            LineageItem start,
            int depth,
            Function<LineageItem, ? extends Collection<LineageEdge>> neighbours) {
        Walk walk = new Walk(neighbours, new LinkedHashMap<>(), new LinkedHashMap<>());
        walk.items.put(start.id(), start);
        boolean past = walk.go(start, depth, true);
        boolean whole = walk.go(start, depth, false) && past;
        return new LineageGraph(
                walk.items.get(start.id()), walk.items, List.copyOf(walk.edges.values()), whole);
    }

    private record Walk(
            Function<LineageItem, ? extends Collection<LineageEdge>> neighbours,
            Map<String, LineageItem> items,
            Map<List<String>, LineageEdge> edges) {
        boolean go(LineageItem start, int depth, boolean backward) {
            Set<String> seen = new LinkedHashSet<>(Set.of(start.id()));
            List<LineageItem> level = List.of(start);
            for (int step = 0; step < depth && !level.isEmpty(); step++) {
                List<LineageItem> next = new ArrayList<>();
                for (LineageItem item : level) {
                    for (LineageEdge edge : neighbours.apply(item)) {
                        LineageItem here = backward ? edge.target() : edge.source();
                        LineageItem there = backward ? edge.source() : edge.target();
                        if (here.id().equals(item.id())) {
                            if (edges.size() >= MOST) {
                                return false;
                            }
                            edges.putIfAbsent(
                                    List.of(edge.source().id(), edge.target().id(), edge.job()),
                                    edge);
                            // An edge knows the name of what it leads to better than its other end.
                            items.merge(here.id(), here, LineageGraph::better);
                            items.merge(there.id(), there, LineageGraph::better);
                            if (seen.add(there.id())) {
                                next.add(there);
                            }
                        }
                    }
                }
                level = next;
            }
            return level.isEmpty();
        }
    }

    private static LineageItem better(LineageItem known, LineageItem found) {
        return known.name().isEmpty() ? found : known;
    }

    /// `{"start", "items", "edges", "whole"}`.
    public Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "start", start.id(),
                "items", items.values().stream().map(LineageItem::json).toList(),
                "edges", edges.stream().map(LineageEdge::json).toList(),
                "whole", whole);
    }
}
