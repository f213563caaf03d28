package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Truncation;
import dev.jebena.transformers.internal.model.ModelConfig;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Puts texts, or pairs of texts, into classes.
public final class TextClassification implements Pipeline {
    private static final Set<String> PARAMETERS =
            Set.of("top_k", "function_to_apply", "return_all_scores", "truncation");

    private final TextScorer scorer;
    private final List<String> labels;
    private final Function standard;

    /// What makes scores of logits.
    public enum Function {
        SIGMOID,
        SOFTMAX,
        NONE
    }

    /// @param function null for what the model's configuration asks for: nothing for a regression,
    ///   the sigmoid for one class or several at once, softmax for one of several
    /// @param truncate whether too long a text is cut instead of refused
    public record Options(@Nullable Function function, boolean truncate) {
        public static Options defaults() {
            return new Options(null, false);
        }

        public Options withFunction(@Nullable Function value) {
            return new Options(value, truncate);
        }

        public Options withTruncate(boolean value) {
            return new Options(function, value);
        }
    }

    TextClassification(TextScorer scorer, ModelConfig config) {
        this.scorer = scorer;
        this.labels = config.labels();
        this.standard =
                switch (config.text("problem_type", "")) {
                    case "regression" -> Function.NONE;
                    case "multi_label_classification" -> Function.SIGMOID;
                    default -> labels.size() == 1 ? Function.SIGMOID : Function.SOFTMAX;
                };
    }

    @Override
    public Task<TextClassification> task() {
        return Task.TEXT_CLASSIFICATION;
    }

    /// All classes, the likeliest first.
    public List<Classification> classify(String text) {
        return classify(text, null, Options.defaults());
    }

    /// All classes, the likeliest first.
    ///
    /// @param pair the second text, or null
    public List<Classification> classify(String text, @Nullable String pair, Options options) {
        Encoding encoding =
                scorer.encode(text, pair, options.truncate, Truncation.Strategy.LONGEST_FIRST);
        float[] logits = scorer.row(encoding);
        float[] scores =
                switch (options.function == null ? standard : options.function) {
                    case SIGMOID -> Scores.sigmoid(logits);
                    case SOFTMAX -> Scores.softmax(logits);
                    case NONE -> logits;
                };
        return Scores.ranking(scores).stream()
                .map(i -> new Classification(labels.get(i), scores[i]))
                .toList();
    }

    @Override
    public Object run(@Nullable Object inputs, Map<String, ? extends @Nullable Object> parameters) {
        Parameters given = new Parameters(task(), parameters, PARAMETERS);
        Options options =
                Options.defaults()
                        .withFunction(function(given))
                        .withTruncate(given.truncates(false));
        boolean listed = parameters.containsKey("top_k");
        boolean all = listed ? !given.has("top_k") : given.flag("return_all_scores", false);
        int most = all ? labels.size() : given.count("top_k", 1);
        // Without top_k there is one answer for a text, in a list if the text is not in one.
        if (inputs instanceof List<?> list) {
            return list.stream()
                    .map(input -> one(input, options, most))
                    .map(answer -> listed || all ? answer : answer.getFirst())
                    .toList();
        }
        List<Map<String, Object>> answer = one(inputs, options, most);
        return !listed && inputs instanceof Map ? answer.getFirst() : answer;
    }

    private List<Map<String, Object>> one(@Nullable Object input, Options options, int most) {
        String text = null;
        String pair = null;
        if (input instanceof String alone) {
            text = alone;
        } else if (input instanceof Map<?, ?> both && both.get("text") instanceof String first) {
            text = first;
            pair = both.get("text_pair") instanceof String second ? second : null;
        }
        if (text == null) {
            throw Inputs.wrong(
                    task(), "a text, an object of text and text_pair, or a list of either");
        }
        return classify(text, pair, options).stream()
                .limit(most)
                .map(Classification::json)
                .toList();
    }

    private @Nullable Function function(Parameters given) {
        String name = given.text("function_to_apply", "default").toUpperCase(Locale.ROOT);
        return switch (name) {
            case "DEFAULT" -> null;
            case "SIGMOID" -> Function.SIGMOID;
            case "SOFTMAX" -> Function.SOFTMAX;
            case "NONE" -> Function.NONE;
            default ->
                    throw Problem.badRequest(
                            "text-classification: function_to_apply must be sigmoid, softmax, none or default, found '%s'"
                                    .formatted(given.text("function_to_apply", "")));
        };
    }
}
