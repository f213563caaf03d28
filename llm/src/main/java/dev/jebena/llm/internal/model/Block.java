package dev.jebena.llm.internal.model;

/// A step of a graph that changes the hidden states of all rows of a pass.
interface Block {
    /// Says how much scratch memory it needs.
    void reserve(Scratch.Plan plan);

    void run(Pass pass);
}
