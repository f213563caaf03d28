package dev.jebena.tokenizers.internal;

/// The text of SentencePiece's tokens: [MarkedText], but for the unknown token.
///
/// @param surface what stands for unknown text
/// @param beginsWithText whether all spaces at the beginning go, and not just the first
record SentencePieceText(MarkedText text, int unknown, byte[] surface, boolean beginsWithText)
        implements TokenText {
    @Override
    public byte[] bytes(int id) {
        return id == unknown ? surface.clone() : text.bytes(id);
    }

    @Override
    public byte[] first(int id) {
        return id == unknown ? surface.clone() : text.first(id);
    }
}
