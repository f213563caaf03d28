package dev.jebena.tokenizers.internal;

/// What tokens stand for in text.
interface TokenText {
    /// The bytes of `id` inside of a text.
    byte[] bytes(int id);

    /// The bytes of `id` as the first token of a text.
    default byte[] first(int id) {
        return bytes(id);
    }

    /// Whether a space at the end of a token belongs to the next one, and is none at the end of a
    /// text.
    default boolean lastSpaceIsProvisional() {
        return false;
    }
}
