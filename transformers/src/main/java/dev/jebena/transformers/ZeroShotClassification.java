package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Truncation;
import dev.jebena.transformers.internal.model.ModelConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Puts texts into classes that the model was not trained for: it says whether the text entails
/// that it belongs to a class.
public final class ZeroShotClassification implements Pipeline {
    private static final Set<String> PARAMETERS =
            Set.of("candidate_labels", "hypothesis_template", "multi_label");

    private final TextScorer scorer;
    private final int entailment;
    private final int contradiction;

    /// @param hypothesisTemplate a sentence with `{}` for the class
    /// @param multiLabel whether several classes may be true, so that each has a score of its own
    public record Options(String hypothesisTemplate, boolean multiLabel) {
        public static Options defaults() {
            return new Options("This example is {}.", false);
        }

        public Options withHypothesisTemplate(String value) {
            return new Options(value, multiLabel);
        }

        public Options withMultiLabel(boolean value) {
            return new Options(hypothesisTemplate, value);
        }
    }

    /// Throws BAD_FILE for a model that has no class for entailment.
    ZeroShotClassification(TextScorer scorer, ModelConfig config) {
        this.scorer = scorer;
        List<String> labels = config.labels();
        int found = -1;
        for (int i = 0; i < labels.size() && found < 0; i++) {
            found = labels.get(i).toLowerCase(Locale.ROOT).startsWith("entail") ? i : -1;
        }
        // What the library does with labels that do not tell: the last one.
        this.entailment = found < 0 ? labels.size() - 1 : found;
        this.contradiction = entailment == 0 ? labels.size() - 1 : 0;
        if (labels.size() < 2) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "zero-shot-classification: the model knows one class, entailment and contradiction are two",
                    "take a model for natural language inference");
        }
    }

    @Override
    public Task<ZeroShotClassification> task() {
        return Task.ZERO_SHOT_CLASSIFICATION;
    }

    /// The classes, the likeliest first.
    public List<Classification> classify(String text, List<String> labels) {
        return classify(text, labels, Options.defaults());
    }

    /// The classes, the likeliest first.
    public List<Classification> classify(String text, List<String> labels, Options options) {
        if (labels.isEmpty()) {
            throw Problem.badRequest("zero-shot-classification: candidate_labels is empty");
        }
        if (!options.hypothesisTemplate.contains("{}")) {
            throw Problem.badRequest(
                    "zero-shot-classification: hypothesis_template has no {} for the label: '%s'"
                            .formatted(options.hypothesisTemplate));
        }
        float[][] logits = new float[labels.size()][];
        for (int i = 0; i < logits.length; i++) {
            String hypothesis = options.hypothesisTemplate.replace("{}", labels.get(i));
            Encoding encoding =
                    scorer.encode(text, hypothesis, true, Truncation.Strategy.ONLY_FIRST);
            logits[i] = scorer.row(encoding);
        }
        float[] scores = scores(logits, options.multiLabel || labels.size() == 1);
        return Scores.ranking(scores).stream()
                .map(i -> new Classification(labels.get(i), scores[i]))
                .toList();
    }

    private float[] scores(float[][] logits, boolean each) {
        float[] scores = new float[logits.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] =
                    each
                            ? Scores.softmax(
                                    new float[] {logits[i][contradiction], logits[i][entailment]})[
                                    1]
                            : logits[i][entailment];
        }
        return each ? scores : Scores.softmax(scores);
    }

    @Override
    public Object run(@Nullable Object inputs, Map<String, ? extends @Nullable Object> parameters) {
        Parameters given = new Parameters(task(), parameters, PARAMETERS);
        List<String> labels =
                given.value("candidate_labels") instanceof String text
                        ? Arrays.stream(text.split(","))
                                .map(String::strip)
                                .filter(label -> !label.isEmpty())
                                .toList()
                        : given.texts("candidate_labels");
        if (labels == null) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "zero-shot-classification needs candidate_labels",
                    "a list of classes, or one string with commas between");
        }
        Options defaults = Options.defaults();
        Options options =
                new Options(
                        given.text("hypothesis_template", defaults.hypothesisTemplate),
                        given.flag("multi_label", defaults.multiLabel));
        return Inputs.each(task(), inputs, text -> json(text, classify(text, labels, options)));
    }

    private static Map<String, Object> json(String text, List<Classification> found) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("sequence", text);
        fields.put("labels", found.stream().map(Classification::label).toList());
        fields.put("scores", found.stream().map(each -> (double) each.score()).toList());
        return fields;
    }
}
