package dev.jebena.llm.internal.model;

/// A family of models with the same graph.
@FunctionalInterface
public interface Architecture {
    /// The graph over these weights. Throws BAD_MODEL when a tensor is missing or has another
    /// shape, or when a hyper-parameter makes no sense.
    Graph build(Weights weights);
}
