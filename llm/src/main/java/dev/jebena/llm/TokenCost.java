package dev.jebena.llm;

/// What a model's weights cost at least, whatever the kernels; attention comes on top.
///
/// @param weightBytes that a step reads, however many tokens it computes
/// @param multiplyAdds of one token
public record TokenCost(long weightBytes, long multiplyAdds) {}
