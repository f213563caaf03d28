package dev.jebena.llm.internal.constraint;

/// A part of a grammar that can be written between two nodes, once.
@FunctionalInterface
interface Piece {
    void write(Node from, Node to);
}
