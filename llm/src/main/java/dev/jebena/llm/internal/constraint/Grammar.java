package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.LlmException;
import dev.jebena.llm.internal.constraint.Node.Edge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A grammar of byte strings while it is built: rules that call each other, each an automaton with
/// nondeterministic edges. Bounded in size, as they come from strangers.
final class Grammar {
    private static final int MAX_NODES = 200_000;

    private final String subject;
    private final String result;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();

    /// @param subject what the grammar is made from, for errors
    /// @param result what its texts are
    Grammar(String subject, String result) {
        this.subject = subject;
        this.result = result;
    }

    Node node() {
        if (nodes.size() >= MAX_NODES) {
            throw refused(
                    "the %s is too large: it has more than %d states"
                            .formatted(subject, MAX_NODES));
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

    void token(Node from, int id, boolean negated, Node to) {
        from.edges.add(new Edge.Token(id, negated, to));
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

    /// Whether there is any text at all. Finds the completions of each node.
    boolean isPossible(Rule root) {
        if (root.start.shortest == Node.NEVER) {
            new Completions(nodes).find();
        }
        return root.start.shortest != Node.NEVER;
    }

    /// Finds the shortest and the flattest completion of each node, takes away what can never be
    /// completed, and checks that `root` still can.
    void prune(Rule root) {
        if (!isPossible(root)) {
            throw refused("no " + result + " can satisfy the " + subject);
        }
        if (root.start.nesting > Automaton.MAX_NESTING) {
            throw refused(
                    "the %s demands %d levels of nesting; at most %d are supported"
                            .formatted(subject, root.start.nesting, Automaton.MAX_NESTING));
        }
        for (Node node : nodes) {
            node.edges.removeIf(edge -> Completions.length(edge) == Node.NEVER);
        }
        Rule circle = LeftRecursion.find(rules);
        if (circle != null) {
            throw refused(
                    circle.name == null
                            ? "the schema contains a $ref that leads back to itself"
                            : "the grammar's rule '%s' calls itself before it reads anything (left recursion); put the recursion after something, or use a repetition"
                                    .formatted(circle.name));
        }
    }
}
