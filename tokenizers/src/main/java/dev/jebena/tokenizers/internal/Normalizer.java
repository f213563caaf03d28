package dev.jebena.tokenizers.internal;

/// Rewrites text before it is split into words.
@FunctionalInterface
interface Normalizer {
    /// The normalized form of `text[from, to)`, which is valid UTF-8 and not empty.
    byte[] normalize(byte[] text, int from, int to);
}
