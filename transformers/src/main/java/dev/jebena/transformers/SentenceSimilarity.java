package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.tensor.Tensor;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Truncation;
import dev.jebena.transformers.internal.model.EncoderModel;
import dev.jebena.transformers.internal.model.ModelConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How near sentences are to each other: the cosine of one vector for each, as
/// sentence-transformers makes it.
public final class SentenceSimilarity implements Pipeline {
    private final TextReader reader;
    private final EncoderModel model;
    private final String pooling;
    private final int longest;

    /// @param folder whose `1_Pooling/config.json` says how states become a vector: their mean
    ///   where there is none
    SentenceSimilarity(TextReader reader, EncoderModel model, Path folder) {
        this.reader = reader;
        this.model = model;
        ModelConfig config = ModelConfig.optional(folder.resolve("1_Pooling/config.json"));
        this.pooling =
                config.flag("pooling_mode_cls_token", false)
                        ? "cls"
                        : config.flag("pooling_mode_max_tokens", false)
                                ? "max"
                                : config.flag("pooling_mode_lasttoken", false) ? "last" : "mean";
        ModelConfig sentences = ModelConfig.optional(folder.resolve("sentence_bert_config.json"));
        this.longest =
                Math.min(
                        reader.limit(model.longest()),
                        sentences.size("max_seq_length", model.longest()));
    }

    @Override
    public Task<SentenceSimilarity> task() {
        return Task.SENTENCE_SIMILARITY;
    }

    /// A sentence's vector, of length 1. Too long a sentence is cut.
    public float[] vector(String sentence) {
        Encoding encoding = reader.encode(sentence, null, Truncation.to(longest));
        Tensor states = model.states(encoding.ids(), encoding.typeIds());
        Tensor pooled =
                switch (pooling) {
                    case "cls" -> states.select(0, 0);
                    case "last" -> states.select(0, states.dim(0) - 1);
                    case "max" -> states.max(0);
                    default -> states.mean(0);
                };
        return pooled.div(pooled.norm().clampMin(1e-12)).toFloats();
    }

    /// From -1 to 1, one number for each of the sentences.
    public List<Double> compare(String source, List<String> sentences) {
        float[] one = vector(source);
        List<Double> scores = new ArrayList<>();
        for (String sentence : sentences) {
            float[] other = vector(sentence);
            double sum = 0;
            for (int i = 0; i < one.length; i++) {
                sum += (double) one[i] * other[i];
            }
            scores.add(Math.clamp(sum, -1, 1));
        }
        return scores;
    }

    /// @param inputs an object of `source_sentence` and `sentences`
    @Override
    public Object run(@Nullable Object inputs, Map<String, ? extends @Nullable Object> parameters) {
        Parameters given = new Parameters(task(), parameters, Set.of());
        if (inputs instanceof Map<?, ?> both
                && both.get("source_sentence") instanceof String source
                && both.get("sentences") instanceof List<?> list) {
            List<String> sentences = new ArrayList<>();
            for (Object each : list) {
                if (!(each instanceof String sentence)) {
                    throw given.wrong("sentences", "a list of strings", each);
                }
                sentences.add(sentence);
            }
            return compare(source, sentences);
        }
        throw Problem.badRequest(
                "sentence-similarity: inputs must be an object of source_sentence and sentences");
    }
}
