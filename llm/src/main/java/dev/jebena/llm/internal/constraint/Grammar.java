package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.LlmException;
import dev.jebena.llm.internal.constraint.Node.Edge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A grammar of byte strings while it is built: rules that call each other, each an automaton with
/// nondeterministic edges. Bounded in size, as schemas come from strangers.
final class Grammar {
    private static final int MAX_NODES = 400_000;

    private final List<Node> nodes = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();

    Node node() {
        if (nodes.size() >= MAX_NODES) {
            throw refused(
                    "the schema is too large: its grammar has more than %d states"
                            .formatted(MAX_NODES));
        }
        Node node = new Node(false);
        nodes.add(node);
        return node;
    }

    Rule rule(boolean nests) {
        Rule rule = new Rule(nests);
        rules.add(rule);
        nodes.add(rule.end);
        nodes.add(rule.start);
        return rule;
    }

    static LlmException refused(String message) {
        return new LlmException(LlmException.Code.BAD_REQUEST, message);
    }

    void bytes(Node from, int low, int high, Node to) {
        from.edges.add(new Edge.Bytes(low, high, to));
    }

    void jump(Node from, Node to) {
        from.edges.add(new Edge.Jump(to));
    }

    void call(Node from, Rule rule, Node to) {
        from.edges.add(new Edge.Call(rule, to));
    }

    /// A node that is reached from `from` over a text of `rule`.
    Node after(Node from, Rule rule) {
        Node to = node();
        call(from, rule, to);
        return to;
    }

    /// A node that is reached from `from` over exactly `text`.
    Node after(Node from, String text) {
        Node at = from;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            Node to = node();
            bytes(at, b & 0xff, b & 0xff, to);
            at = to;
        }
        return at;
    }

    /// Finds the shortest and the flattest completion of each node, takes away what can never be
    /// completed, and checks that `root` still can.
    void prune(Rule root) {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = nodes.size() - 1; i >= 0; i--) {
                Node node = nodes.get(i);
                int shortest = shortest(node);
                int nesting = nesting(node);
                if (shortest < node.shortest || nesting < node.nesting) {
                    node.shortest = shortest;
                    node.nesting = nesting;
                    changed = true;
                }
            }
        }
        if (root.start.shortest == Node.NEVER) {
            throw refused("no JSON value can satisfy the schema");
        }
        if (root.start.nesting > Automaton.MAX_NESTING) {
            throw refused(
                    "the schema demands %d levels of nesting; at most %d are supported"
                            .formatted(root.start.nesting, Automaton.MAX_NESTING));
        }
        for (Node node : nodes) {
            node.edges.removeIf(edge -> shortest(edge) == Node.NEVER);
        }
        for (Rule rule : rules) {
            checkLeftRecursion(rule, new HashSet<>());
        }
    }

    private static int shortest(Node node) {
        int shortest = node.returns ? 0 : Node.NEVER;
        for (Edge edge : node.edges) {
            shortest = Math.min(shortest, shortest(edge));
        }
        return shortest;
    }

    private static int shortest(Edge edge) {
        int read =
                switch (edge) {
                    case Edge.Bytes bytes -> 1;
                    case Edge.Jump jump -> 0;
                    case Edge.Call call -> call.rule().start.shortest;
                };
        return Node.sum(read, edge.to().shortest);
    }

    private static int nesting(Node node) {
        int nesting = node.returns ? 0 : Node.NEVER;
        for (Edge edge : node.edges) {
            int needed = edge.to().nesting;
            if (edge instanceof Edge.Call(Rule rule, Node to)) {
                needed = Math.max(needed, Node.sum(rule.nests ? 1 : 0, rule.start.nesting));
            }
            nesting = Math.min(nesting, needed);
        }
        return nesting;
    }

    /// A rule that calls itself before it has read anything could be entered without end.
    private void checkLeftRecursion(Rule rule, Set<Rule> seen) {
        List<Node> open = new ArrayList<>(List.of(rule.start));
        Set<Node> visited = new HashSet<>(open);
        while (!open.isEmpty()) {
            Node node = open.removeLast();
            for (Edge edge : node.edges) {
                if (edge instanceof Edge.Call call && call.rule() == rule) {
                    throw refused("the schema contains a $ref that leads back to itself");
                }
                if (edge instanceof Edge.Call call && seen.add(call.rule())) {
                    open.add(call.rule().start);
                }
                if (edge instanceof Edge.Jump && visited.add(edge.to())) {
                    open.add(edge.to());
                }
            }
        }
    }
}
