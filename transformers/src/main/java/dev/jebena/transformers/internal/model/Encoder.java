package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;

/// A network that reads one text in both directions. Safe for use by many threads.
public interface Encoder {
    /// What a model reads at most whose places have no end: memory grows with the square.
    int MOST_TOKENS = 4096;

    /// The last hidden states, `[n, width]`.
    ///
    /// @param types which part of a pair a token belongs to
    Tensor states(int[] ids, int[] types);

    int width();

    /// How many tokens it can read at most.
    int longest();

    /// The table of token embeddings, which language models share with their last layer.
    Tensor words();
}
