package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.internal.constraint.Node.Edge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Finds the shortest and the flattest completion of each node.
///
/// A way over a call needs two numbers, that of the called rule and that of where it goes on, so
/// this is Knuth's generalization of Dijkstra's algorithm ("A generalization of Dijkstra's
/// algorithm", 1977): the smallest number not yet settled is right, since none that depends on it
/// can be smaller. The effort grows with the number of edges.
final class Completions {
    private record Open(Node node, int value) {}

    /// An edge that waits for numbers.
    private static final class Way {
        private final Node from;
        private final Edge edge;
        private int missing;

        Way(Node from, Edge edge) {
            this.from = from;
            this.edge = edge;
            this.missing = edge instanceof Edge.Call call && call.rule().start != call.to() ? 2 : 1;
        }
    }

    private final Map<Node, List<Way>> waiting = new HashMap<>();
    private final List<Node> nodes;

    Completions(List<Node> nodes) {
        this.nodes = nodes;
    }

    /// Sets [Node#shortest] and [Node#nesting] of all nodes.
    void find() {
        settle(Completions::length, node -> node.shortest, (node, v) -> node.shortest = v);
        settle(Completions::levels, node -> node.nesting, (node, v) -> node.nesting = v);
    }

    @FunctionalInterface
    private interface Setter {
        void set(Node node, int value);
    }

    private void settle(ToIntFunction<Edge> cost, ToIntFunction<Node> known, Setter setter) {
        waiting.clear();
        PriorityQueue<Open> open =
                new PriorityQueue<>((a, b) -> Integer.compare(a.value(), b.value()));
        for (Node node : nodes) {
            if (node.returns) {
                open.add(new Open(node, 0));
            }
            for (Edge edge : node.edges) {
                Way way = new Way(node, edge);
                waiting.computeIfAbsent(edge.to(), key -> new ArrayList<>(2)).add(way);
                if (way.missing == 2 && edge instanceof Edge.Call call) {
                    waiting.computeIfAbsent(call.rule().start, key -> new ArrayList<>(2)).add(way);
                }
            }
        }
        while (!open.isEmpty()) {
            Open next = open.remove();
            if (known.applyAsInt(next.node()) != Node.NEVER) {
                continue;
            }
            setter.set(next.node(), next.value());
            @Nullable List<Way> ways = waiting.remove(next.node());
            for (Way way : ways == null ? List.<Way>of() : ways) {
                if (--way.missing == 0 && known.applyAsInt(way.from) == Node.NEVER) {
                    open.add(new Open(way.from, cost.applyAsInt(way.edge)));
                }
            }
        }
    }

    /// Bytes of the shortest completion over `edge`. A token counts as one.
    static int length(Edge edge) {
        int read =
                switch (edge) {
                    case Edge.Bytes bytes -> 1;
                    case Edge.Token token -> 1;
                    case Edge.Jump jump -> 0;
                    case Edge.Call call -> call.rule().start.shortest;
                };
        return Node.sum(read, edge.to().shortest);
    }

    private static int levels(Edge edge) {
        int needed = edge.to().nesting;
        if (edge instanceof Edge.Call(Rule rule, Node to)) {
            needed = Math.max(needed, Node.sum(rule.nests ? 1 : 0, rule.start.nesting));
        }
        return needed;
    }
}
