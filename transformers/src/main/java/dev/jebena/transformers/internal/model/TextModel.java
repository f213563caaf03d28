package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;

/// A model that answers for a text, or for each of its tokens.
public interface TextModel {
    /// Rows of numbers: one for the text, or one for each token.
    ///
    /// @param types which part of a pair a token belongs to
    Tensor logits(int[] ids, int[] types);

    /// How many tokens it can read at most.
    int longest();
}
