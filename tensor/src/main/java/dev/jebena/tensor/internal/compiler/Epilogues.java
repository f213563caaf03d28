package dev.jebena.tensor.internal.compiler;

import dev.jebena.tensor.Graph;
import dev.jebena.tensor.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Products and convolutions whose results only one nest uses: the nest does each part right after
/// it, while they lie in a cache, and no thread waits for others between the two.
final class Epilogues {
    private final Graph graph;
    private final Map<Integer, Set<Group>> users = new HashMap<>();

    /// The product that runs together with a nest.
    private final Map<Group, Group> products = new HashMap<>();

    private List<Group> order;

    private Epilogues(Graph graph, List<Group> groups) {
        this.graph = graph;
        order = groups;
        for (Group group : groups) {
            for (Graph.Node node : group.nodes) {
                node.inputs()
                        .forEach(
                                id -> users.computeIfAbsent(id, key -> new HashSet<>()).add(group));
            }
        }
    }

    /// @param tiled whether a product is done tile by tile
    static Epilogues of(Graph graph, List<Group> groups, Predicate<Graph.Node> tiled) {
        Epilogues epilogues = new Epilogues(graph, groups);
        for (Group group : groups) {
            if (!group.isNest() && tiled.test(group.nodes.getFirst())) {
                epilogues.join(group);
            }
        }
        return epilogues;
    }

    /// The groups in an order in which a product and the views of its result come right before
    /// their nest.
    List<Group> groups() {
        return order;
    }

    /// The product that a nest runs with; null for none.
    @Nullable Group product(Group nest) {
        return products.get(nest);
    }

    /// Whether a group is a product that waits for a nest.
    boolean waits(Group group) {
        return products.containsValue(group);
    }

    private void join(Group product) {
        List<Group> moved = new ArrayList<>(List.of(product));
        int value = product.nodes.getFirst().first();
        Group user = user(value);
        while (user != null && isReshape(user)) {
            moved.add(user);
            value = user.nodes.getFirst().first();
            user = user(value);
        }
        if (user == null || !user.isNest() || products.containsKey(user)) {
            return;
        }
        int result = product.nodes.getFirst().first();
        if (graph.specs().get(result).shape().size() == user.size) {
            products.put(user, product);
            order = new ArrayList<>(order);
            order.removeAll(moved);
            order.addAll(order.indexOf(user), moved);
        }
    }

    /// The one group that uses a value; null if there are more, or the caller does.
    private @Nullable Group user(int value) {
        Set<Group> all = users.getOrDefault(value, Set.of());
        return all.size() == 1 && !graph.outputs().contains(value) ? all.iterator().next() : null;
    }

    private static boolean isReshape(Group group) {
        return !group.isNest()
                && group.nodes.size() == 1
                && group.nodes.getFirst().op() instanceof Op.Reshape;
    }
}
