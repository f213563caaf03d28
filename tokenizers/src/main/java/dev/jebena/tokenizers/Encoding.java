package dev.jebena.tokenizers;

import java.util.List;

/// The tokens of a text or of a pair of texts, and where they lie in it. All arrays have one entry
/// for each token.
///
/// @param ids the tokens
/// @param typeIds what part of a pair a token belongs to, for models that are told
/// @param starts index of the first `char` that a token stands for, in its text; 0 for tokens that
///   stand for none
/// @param ends index behind the last `char` that a token stands for. Tokens of the bytes of one
///   character all stand for that character
/// @param words index of the word, as the vocabulary splits text, that a token belongs to, -1 for
///   none
/// @param specialTokensMask 1 for tokens that were added around the text or as padding
/// @param attentionMask 0 for padding
/// @param overflow the parts that were cut off, the same way framed and padded
public record Encoding(
        int[] ids,
        int[] typeIds,
        int[] starts,
        int[] ends,
        int[] words,
        int[] specialTokensMask,
        int[] attentionMask,
        List<Encoding> overflow) {
    /// How many tokens there are.
    public int size() {
        return ids.length;
    }
}
