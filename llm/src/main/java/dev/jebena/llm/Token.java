package dev.jebena.llm;

import java.util.List;

/// One piece of an answer.
///
/// @param id the token's id; [#NONE] for a piece that is only text, held back until it was known
///   not to begin a stop string
/// @param text the text that became complete with it: often the token's own, empty while a
///   character is incomplete or a stop string may be beginning, longer when held-back text is
///   released. The texts of all tokens joined are the answer
/// @param logprob natural logarithm of its probability; NaN when not asked for
/// @param top the likeliest tokens at this place, the likeliest first; empty when not asked for
public record Token(int id, String text, float logprob, List<TokenLogprob> top) {
    /// The id of a piece that is only text.
    public static final int NONE = -1;

    /// A piece that is only text.
    public static Token ofText(String text) {
        return new Token(NONE, text, Float.NaN, List.of());
    }

    public boolean isText() {
        return id == NONE;
    }
}
