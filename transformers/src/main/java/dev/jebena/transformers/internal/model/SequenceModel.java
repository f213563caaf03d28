package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;

/// A network that reads a text and writes another one. Safe for use by many threads.
public interface SequenceModel {
    /// The states of the text that is read, `[n, width]`.
    Tensor read(int[] ids);

    /// The start of some answers to it, nothing written yet.
    ///
    /// @param read what [#read] gave
    DecoderState begin(Tensor read, int answers);

    /// Writes one more token of each answer, and tells the logits of the next: `[answers,
    /// vocabulary]`.
    Tensor next(DecoderState state, int[] tokens);

    int vocabulary();

    /// How many tokens it can read, and write, at most.
    int longest();
}
