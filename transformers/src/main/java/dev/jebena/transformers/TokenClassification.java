package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Truncation;
import dev.jebena.transformers.internal.model.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells the class of each token of a text, or the names in it.
public final class TokenClassification implements Pipeline {
    private static final Set<String> PARAMETERS =
            Set.of("aggregation_strategy", "ignore_labels", "stride");

    private final TextScorer scorer;
    private final List<String> labels;
    private final EntityGroups groups;

    /// How tokens become entities.
    public enum Aggregation {
        /// Not at all.
        NONE,
        /// Neighbours of one class are an entity, by their tags `B-` and `I-`.
        SIMPLE,
        /// The same, where a word has the class of its first token,
        FIRST,
        /// of its tokens' scores on average,
        AVERAGE,
        /// or of its surest token.
        MAX
    }

    /// @param label its class; without `B-` and `I-` if tokens were put together
    /// @param index of the token, counted with special ones; -1 if tokens were put together
    /// @param word the text of the tokens
    /// @param start index of its first `char` in the text
    /// @param end index behind its last `char`
    public record Entity(String label, float score, int index, String word, int start, int end) {
        Map<String, Object> json(String text) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put(index < 0 ? "entity_group" : "entity", label);
            fields.put("score", (double) score);
            if (index >= 0) {
                fields.put("index", index);
            }
            fields.put("word", word);
            fields.put("start", Inputs.codePoints(text, start));
            fields.put("end", Inputs.codePoints(text, end));
            return fields;
        }
    }

    /// @param ignoreLabels classes that are left out
    /// @param stride tokens that the parts of too long a text have in common; -1 to cut it instead
    public record Options(Aggregation aggregation, List<String> ignoreLabels, int stride) {
        public Options {
            ignoreLabels = List.copyOf(ignoreLabels);
        }

        public static Options defaults() {
            return new Options(Aggregation.NONE, List.of("O"), -1);
        }

        public Options withAggregation(Aggregation value) {
            return new Options(value, ignoreLabels, stride);
        }

        public Options withIgnoreLabels(List<String> value) {
            return new Options(aggregation, value, stride);
        }

        public Options withStride(int value) {
            return new Options(aggregation, ignoreLabels, value);
        }
    }

    TokenClassification(TextScorer scorer, ModelConfig config) {
        this.scorer = scorer;
        this.labels = config.labels();
        this.groups = new EntityGroups(scorer.reader(), labels);
    }

    @Override
    public Task<TokenClassification> task() {
        return Task.TOKEN_CLASSIFICATION;
    }

    /// The tokens that have a class.
    public List<Entity> find(String text) {
        return find(text, Options.defaults());
    }

    public List<Entity> find(String text, Options options) {
        int limit = scorer.reader().limit(scorer.model().longest());
        Truncation truncation = Truncation.to(limit);
        if (options.stride >= 0) {
            checkStride(options, limit);
            TextReader.checkParts(task(), text, limit, options.stride);
            truncation = truncation.withStride(options.stride);
        }
        Encoding encoding = scorer.reader().encode(text, null, truncation);
        List<Entity> entities = new ArrayList<>(entities(text, encoding, options));
        if (options.stride >= 0 && !encoding.overflow().isEmpty()) {
            encoding.overflow().forEach(part -> entities.addAll(entities(text, part, options)));
            return longest(entities);
        }
        return entities;
    }

    private static void checkStride(Options options, int limit) {
        if (options.aggregation == Aggregation.NONE) {
            throw Problem.badRequest(
                    "token-classification: stride needs an aggregation_strategy other than none");
        }
        if (options.stride >= limit) {
            throw Problem.badRequest(
                    "token-classification: stride must be below %d, the tokens of a part, found %d"
                            .formatted(limit, options.stride));
        }
    }

    private List<Entity> entities(String text, Encoding encoding, Options options) {
        float[][] rows = scorer.rows(encoding);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Scores.softmax(rows[i]);
        }
        return groups.of(text, encoding, rows, options.aggregation).stream()
                .filter(entity -> !options.ignoreLabels.contains(entity.label))
                .toList();
    }

    /// Of entities that overlap in neighbouring parts the longest, the surest of equally long ones.
    private static List<Entity> longest(List<Entity> entities) {
        List<Entity> sorted = new ArrayList<>(entities);
        sorted.sort(Comparator.comparingInt(Entity::start));
        List<Entity> kept = new ArrayList<>();
        for (Entity entity : sorted) {
            Entity before = kept.isEmpty() ? null : kept.getLast();
            if (before == null || entity.start < before.start || entity.start >= before.end) {
                kept.add(entity);
                continue;
            }
            int more = (entity.end - entity.start) - (before.end - before.start);
            if (more > 0 || (more == 0 && entity.score > before.score)) {
                kept.set(kept.size() - 1, entity);
            }
        }
        return kept;
    }

    @Override
    public Object run(@Nullable Object inputs, Map<String, ? extends @Nullable Object> parameters) {
        Parameters given = new Parameters(task(), parameters, PARAMETERS);
        List<String> ignored = given.texts("ignore_labels");
        Options options =
                new Options(
                        aggregation(given.text("aggregation_strategy", "none")),
                        ignored == null ? List.of("O") : ignored,
                        given.integer("stride", -1));
        return Inputs.each(
                task(),
                inputs,
                text -> find(text, options).stream().map(entity -> entity.json(text)).toList());
    }

    private static Aggregation aggregation(String name) {
        try {
            return Aggregation.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "token-classification: aggregation_strategy must be one of %s, found '%s'"
                            .formatted(
                                    Arrays.toString(Aggregation.values()).toLowerCase(Locale.ROOT),
                                    name),
                    null,
                    e);
        }
    }
}
