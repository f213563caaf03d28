package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.EncodedStrings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The merges of a SentencePiece vocabulary, which keeps scores of tokens instead: each way to put
/// a token together from two others, the best tokens first.
final class ScoredMerges {
    private record Merge(int product, int left, int right) {}

    private final EncodedStrings tokens;
    private final float[] scores;
    private final GgufTokenTypes types;

    ScoredMerges(EncodedStrings tokens, float[] scores, GgufTokenTypes types) {
        this.tokens = tokens;
        this.scores = scores;
        this.types = types;
    }

    /// Pairs of tokens, the best first.
    List<List<String>> list() {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (merges(id)) {
                ids.putIfAbsent(tokens.get(id), id);
            }
        }
        List<Merge> merges = new ArrayList<>();
        ids.forEach((token, id) -> {
            for (int at = 1; at < token.length(); at++) {
                Integer left = ids.get(token.substring(0, at));
                Integer right = ids.get(token.substring(at));
                if (left != null && right != null) {
                    merges.add(new Merge(id, left, right));
                }
            }
        });
        merges.sort(
                Comparator.<Merge>comparingDouble(merge -> -scores[merge.product])
                        .thenComparingInt(Merge::product)
                        .thenComparingInt(Merge::left)
                        .thenComparingInt(Merge::right));
        List<List<String>> pairs = new ArrayList<>(merges.size());
        for (Merge merge : merges) {
            pairs.add(List.of(tokens.get(merge.left), tokens.get(merge.right)));
        }
        return pairs;
    }

    private boolean merges(int id) {
        return types.type(id) == GgufTokenTypes.NORMAL || types.type(id) == GgufTokenTypes.UNUSED;
    }
}
