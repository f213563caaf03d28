package dev.jebena.llm.internal.constraint;

/// Says at each step of one answer which tokens may come next. For one thread at a time.
public interface TokenFilter {
    /// The tokens allowed next: bit `id % 64` of word `id / 64` for each token id of the
    /// vocabulary, tokens that end the answer included (set exactly where the text is complete).
    /// Valid until the next [#accept]; the caller does not change it.
    ///
    /// Close to the limit only tokens are allowed that let the text be completed within it, and its
    /// end be said if there is room for that as well. Where the limit is too small for any
    /// completion it changes nothing.
    ///
    /// @param remaining tokens that the answer may still get, the one that ends it included
    long[] allowed(int remaining);

    /// Takes note of the token that was chosen, one of the allowed ones. Not called for a token
    /// that ends the answer.
    void accept(int id);

    /// Begins to compute what the next [#allowed] will say, on another thread, while the model
    /// computes. To be called when no more tokens are to be accepted for now.
    ///
    /// @param remaining what it will be asked for
    default void prepare(int remaining) {}
}
