package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.base.Suggestions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a model is loaded for, under the names of transformers' pipelines.
///
/// @param <P> the pipeline that does it
public final class Task<P extends Pipeline> {
    private static final Map<String, Task<?>> BY_NAME = new LinkedHashMap<>();
    private static final Map<String, String> ALIASES =
            Map.of(
                    "sentiment-analysis", "text-classification",
                    "ner", "token-classification",
                    "masked-lm", "fill-mask");

    public static final Task<TextGeneration> TEXT_GENERATION =
            new Task<>("text-generation", TextGeneration.class);
    public static final Task<FeatureExtraction> FEATURE_EXTRACTION =
            new Task<>("feature-extraction", FeatureExtraction.class);
    public static final Task<TextClassification> TEXT_CLASSIFICATION =
            new Task<>("text-classification", TextClassification.class);
    public static final Task<TokenClassification> TOKEN_CLASSIFICATION =
            new Task<>("token-classification", TokenClassification.class);
    public static final Task<FillMask> FILL_MASK = new Task<>("fill-mask", FillMask.class);
    public static final Task<QuestionAnswering> QUESTION_ANSWERING =
            new Task<>("question-answering", QuestionAnswering.class);
    public static final Task<ZeroShotClassification> ZERO_SHOT_CLASSIFICATION =
            new Task<>("zero-shot-classification", ZeroShotClassification.class);
    public static final Task<TextToText> SUMMARIZATION =
            new Task<>("summarization", TextToText.class);
    public static final Task<TextToText> TRANSLATION = new Task<>("translation", TextToText.class);
    public static final Task<TextToText> TEXT_TO_TEXT =
            new Task<>("text2text-generation", TextToText.class);
    public static final Task<SentenceSimilarity> SENTENCE_SIMILARITY =
            new Task<>("sentence-similarity", SentenceSimilarity.class);

    private final String name;
    private final Class<P> pipeline;

    private Task(String name, Class<P> pipeline) {
        this.name = name;
        this.pipeline = pipeline;
        BY_NAME.put(name, this);
    }

    /// The task of this name, or of another one that transformers has for it (`ner`,
    /// `sentiment-analysis`, `translation_en_to_de`). Throws BAD_REQUEST that lists all.
    public static Task<?> of(String name) {
        String own = name.startsWith("translation_") ? "translation" : name;
        Task<?> task = BY_NAME.get(ALIASES.getOrDefault(own, own));
        if (task == null) {
            String near = Suggestions.nearest(name, names());
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "there is no task '%s'%s"
                            .formatted(name, near == null ? "" : "; did you mean " + near + "?"),
                    "tasks are " + String.join(", ", names()));
        }
        return task;
    }

    /// Whether [#of] knows it.
    static boolean isKnown(String name) {
        return name.startsWith("translation_")
                || BY_NAME.containsKey(ALIASES.getOrDefault(name, name));
    }

    /// The names of all tasks.
    public static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    /// Its name in transformers.
    public String id() {
        return name;
    }

    P cast(Pipeline made) {
        return pipeline.cast(made);
    }

    @Override
    public String toString() {
        return name;
    }
}
