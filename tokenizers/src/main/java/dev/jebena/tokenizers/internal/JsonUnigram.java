package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.EncodedStrings;
import dev.jebena.tokenizers.TokenizerException;
import java.util.ArrayList;
import java.util.List;

/// The Unigram `model` of a `tokenizer.json`, whose `vocab` is a list of tokens with scores.
final class JsonUnigram {
    private JsonUnigram() {}

    static JsonModels read(Fields fields) {
        List<?> entries = fields.list("vocab");
        if (entries.isEmpty() || entries.size() >= Vocabulary.MAX_SIZE) {
            throw new TokenizerException(
                    fields.place()
                            + ".vocab has "
                            + entries.size()
                            + " tokens, expected 1 to "
                            + (Vocabulary.MAX_SIZE - 1));
        }
        List<String> tokens = new ArrayList<>(entries.size());
        double[] scores = new double[entries.size()];
        double lowest = Double.POSITIVE_INFINITY;
        for (Object entry : entries) {
            int id = tokens.size();
            if (!(entry instanceof List<?> pair)
                    || pair.size() != 2
                    || !(pair.getFirst() instanceof String token)
                    || !(pair.getLast() instanceof Number score)
                    || !Double.isFinite(score.doubleValue())) {
                throw fields.wrong("vocab[" + id + "]", "a token and its score", entry);
            }
            tokens.add(token);
            scores[id] = score.doubleValue();
            lowest = Math.min(lowest, scores[id]);
        }
        Vocabulary vocabulary = Vocabulary.of(EncodedStrings.of(tokens), false);
        return new JsonModels(
                vocabulary,
                new UnigramModel(
                        vocabulary,
                        scores,
                        id -> true,
                        new UnigramModel.Options(
                                unknown(fields, tokens.size()),
                                fields.flag("byte_fallback", false),
                                false,
                                lowest - UnigramModel.UNKNOWN_PENALTY)),
                false);
    }

    private static int unknown(Fields fields, int size) {
        int id = fields.integer("unk_id", -1);
        if (id >= size) {
            throw new TokenizerException(
                    fields.place() + ".unk_id is " + id + ", but there are " + size + " tokens");
        }
        return id;
    }
}
