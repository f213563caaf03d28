package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;

/// What stands inside a residual connection: attention, a feed-forward network.
interface Body {
    /// Says how much scratch memory it needs.
    void reserve(Scratch.Plan plan);

    /// Computes all rows of the pass from `in`, which it leaves as it is, to `out`.
    void run(Pass pass, FloatMatrix in, FloatMatrix out);
}
