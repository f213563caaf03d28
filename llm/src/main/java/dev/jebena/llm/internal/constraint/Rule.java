package dev.jebena.llm.internal.constraint;

import org.jspecify.annotations.Nullable;

/// A part of a grammar that others call by reference: the automaton from `start` to `end`.
final class Rule {
    final Node start = new Node(false);
    final Node end = new Node(true);

    /// What errors call it; null for rules that nobody named.
    @Nullable String name;

    /// Whether a call is one level of nesting in the JSON text.
    final boolean nests;

    Rule(boolean nests) {
        this.nests = nests;
    }
}
