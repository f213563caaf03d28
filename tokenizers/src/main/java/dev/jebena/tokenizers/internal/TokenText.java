package dev.jebena.tokenizers.internal;

import java.util.List;

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

    /// Whether a text begins only with its first token that is not empty.
    default boolean beginsWithText() {
        return false;
    }

    /// Whether a token that repeats the one before it stands for nothing.
    default boolean skipsRepeats() {
        return false;
    }

    /// Whether text is finished only when all of it is there, by [#whole].
    default boolean needsWholeText() {
        return false;
    }

    /// The text that the joined text of all tokens stands for.
    default String whole(String text) {
        return text;
    }

    /// The text of tokens by their spellings. As SentencePiece spells them, unless overridden.
    default String join(List<String> spellings) {
        String text = String.join("", spellings).replace('\u2581', ' ');
        return text.startsWith(" ") ? text.substring(1) : text;
    }
}
