package dev.jebena.llm;

/// A token and the natural logarithm of its probability in the unmodified distribution.
public record TokenLogprob(int id, float logprob) {}
