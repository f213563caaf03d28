package dev.jebena.llm.internal.constraint;

/// Finds tokens by their text.
interface TokenNames {
    /// The id of the token that is this text, or -1.
    int id(String text);

    /// The same, where the token is not said by its bytes.
    default int special(String text) {
        return id(text);
    }

    /// What a token that is not said by its bytes is called.
    default String text(int id) {
        return "";
    }
}
