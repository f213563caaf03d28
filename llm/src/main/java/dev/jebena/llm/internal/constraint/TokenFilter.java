package dev.jebena.llm.internal.constraint;

/// Says at each step of one answer which tokens may come next. For one thread at a time.
public interface TokenFilter {
    /// The tokens allowed next: bit `id % 64` of word `id / 64` for each token id of the
    /// vocabulary, tokens that end the answer included (set exactly where the text is complete).
    /// Valid until the next [#accept]; the caller does not change it.
    long[] allowed();

    /// Takes note of the token that was chosen, one of the allowed ones. Not called for a token
    /// that ends the answer.
    void accept(int id);
}
