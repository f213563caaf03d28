package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.TokenizerException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Scores of tokens as SentencePiece has them, from a list of merges: the earlier a token's first
/// merge, the better its score. That gives the same tokens only if the merges of each token follow
/// each other, as those do that were made from scores.
final class MergeScores {
    private static final float NONE = -1e9f;

    private MergeScores() {}

    /// Of tokens that nothing merges into.
    static float[] none(int size) {
        float[] scores = new float[size];
        Arrays.fill(scores, NONE);
        return scores;
    }

    /// @param scores by id
    static void fill(Fields model, Map<String, Integer> ids, float[] scores) {
        int last = -1;
        int rank = 0;
        for (Object merge : model.list("merges")) {
            String both = joined(merge);
            int space = both.indexOf(' ', 1);
            Integer product =
                    space < 0
                            ? null
                            : ids.get(both.substring(0, space) + both.substring(space + 1));
            if (product == null || product == last) {
                continue;
            }
            if (scores[product] > NONE) {
                throw new TokenizerException(
                        "%s.merges: those of \"%s\" do not follow each other, so that no scores give the same tokens; put the tokenizer.model beside tokenizer.json"
                                .formatted(model.place(), both));
            }
            scores[product] = -rank++;
            last = product;
        }
    }

    /// `left right` of a merge in either form.
    static String joined(@Nullable Object merge) {
        return merge instanceof List<?> pair && !pair.isEmpty()
                ? pair.getFirst() + " " + pair.getLast()
                : String.valueOf(merge);
    }
}
