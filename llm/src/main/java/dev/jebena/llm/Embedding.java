package dev.jebena.llm;

/// The vector of one text.
///
/// @param vector L2-normalized
/// @param tokens tokens of the text, special ones included
public record Embedding(float[] vector, int tokens) {}
