package dev.jebena.tokenizers.internal;

/// Turns one word, as a pre-tokenizer cut it, into ids. Safe for use by many threads.
interface WordModel {
    /// Appends the ids of `text[from, to)` to `out`.
    ///
    /// @param work memory that the caller reuses from word to word
    void encode(byte[] text, int from, int to, Symbols work, Ids out);
}
