package dev.jebena.llm.internal.constraint;

/// The tokens that may follow in a situation when no limit is near.
final class TokenMask {
    final long[] bits;

    /// Tokens at most that complete the text after any of them; the smallest such bound known.
    int longest;

    TokenMask(long[] bits, int longest) {
        this.bits = bits;
        this.longest = longest;
    }
}
