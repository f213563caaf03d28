package dev.jebena.llm.internal.constraint;

/// The tokens that may follow in a situation when no limit is near.
final class TokenMask {
    final SharedMask shared;

    /// Tokens at most that complete the text after any of them; the smallest such bound known.
    int longest;

    TokenMask(SharedMask shared, int longest) {
        this.shared = shared;
        this.longest = longest;
    }
}
