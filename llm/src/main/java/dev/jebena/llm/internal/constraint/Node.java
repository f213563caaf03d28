package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A state of a [Rule]'s automaton.
final class Node {
    /// The length of a way that does not exist.
    static final int NEVER = Integer.MAX_VALUE;

    /// Where lengths stop growing: references can make the shortest text exponentially long.
    private static final int LONGEST = 1 << 28;

    final List<Edge> edges = new ArrayList<>(2);

    /// Whether the rule may end here.
    final boolean returns;

    /// Bytes of the shortest way from here to the rule's end, or [#NEVER]; set by [Completions].
    int shortest = NEVER;

    /// Levels of nesting without which no way leads there, or [#NEVER]; set by [Completions].
    int nesting = NEVER;

    /// Stands for all nodes of one repetition that differ only in [#room].
    @Nullable Node counted;

    /// Where `counted` is set: parts of the repetition, each of a byte or more, before a bound on
    /// their number is felt.
    int room;

    Node(boolean returns) {
        this.returns = returns;
    }

    /// Makes this one of the nodes for which `counted` stands.
    void count(Node counted, int room) {
        this.counted = counted;
        this.room = room;
    }

    /// The length of two ways, one after the other.
    static int sum(int a, int b) {
        return a == NEVER || b == NEVER ? NEVER : Math.min(LONGEST, a + b);
    }

    /// A way to another node of the same rule.
    sealed interface Edge {
        Node to();

        /// Over one byte of `low..high`.
        record Bytes(int low, int high, Node to) implements Edge {}

        /// Over the token `id` as a whole, or over any other that does not end the text.
        record Token(int id, boolean negated, Node to) implements Edge {}

        /// Without reading anything.
        record Jump(Node to) implements Edge {}

        /// Over a whole text of `rule`.
        record Call(Rule rule, Node to) implements Edge {}
    }
}
