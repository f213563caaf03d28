package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.List;

/// A state of a [Rule]'s automaton.
final class Node {
    final List<Edge> edges = new ArrayList<>(2);

    /// Whether the rule may end here.
    final boolean returns;

    /// Whether some way leads from here to the rule's end; set by [Grammar#prune].
    boolean live;

    Node(boolean returns) {
        this.returns = returns;
    }

    /// A way to another node of the same rule.
    sealed interface Edge {
        Node to();

        /// Over one byte of `low..high`.
        record Bytes(int low, int high, Node to) implements Edge {}

        /// Without reading anything.
        record Jump(Node to) implements Edge {}

        /// Over a whole text of `rule`.
        record Call(Rule rule, Node to) implements Edge {}
    }
}
