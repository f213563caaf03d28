package dev.jebena.tokenizers;

/// Turns the ids of one growing answer into text. Holds back bytes that do not make a whole
/// character yet.
public interface Detokenizer {
    /// The text that is complete after `id`; may be empty.
    String add(int id);

    /// What was held back, with U+FFFD for incomplete characters; the detokenizer is fresh
    /// afterwards.
    String flush();
}
