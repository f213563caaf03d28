package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.hub.ModelDetails;
import dev.jebena.hub.ModelSummary;
import dev.jebena.hub.StoredModel;
import dev.jebena.llm.Answer;
import dev.jebena.llm.BeamSearch;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What all protocols need: the model that a request names, loaded, and answers from it.
final class ModelAccess {
    private final ModelCatalog catalog;
    private final ModelPool pool;
    private final ServingMetrics metrics;
    private final @Nullable String defaultModel;
    private final @Nullable Duration timeLimit;
    private final boolean contextShift;

    ModelAccess(
            ModelCatalog catalog, ModelPool pool, ServingMetrics metrics, ServingOptions options) {
        this.catalog = catalog;
        this.pool = pool;
        this.metrics = metrics;
        this.defaultModel = options.defaultModel();
        this.timeLimit = options.timeLimit();
        this.contextShift = options.contextShift();
    }

    ModelCatalog catalog() {
        return catalog;
    }

    ModelPool pool() {
        return pool;
    }

    /// The stored model of this name; without a name the default one. A name that is a URL (clients
    /// of hosted endpoints send their endpoint as the model) means the default one too. Throws
    /// [HttpException] 404.
    StoredModel find(@Nullable String name) {
        if (name == null || name.isBlank() || name.matches("https?://.*")) {
            return standard(false);
        }
        return catalog.find(name).orElseThrow(() -> ModelCatalog.notFound(name));
    }

    /// As [#find], but without a name a model for embeddings.
    StoredModel findEmbedding(@Nullable String name) {
        return name == null || name.isBlank() ? standard(true) : find(name);
    }

    private StoredModel standard(boolean embeds) {
        return Stream.of(Optional.ofNullable(defaultModel), pool.lastUsed(), first(embeds))
                .flatMap(Optional::stream)
                .map(catalog::find)
                .flatMap(Optional::stream)
                .filter(m -> generates(m.details()) != embeds)
                .findFirst()
                .orElseThrow(() ->
                        new HttpException(
                                404,
                                "model_not_found",
                                "The request names no model, and there is none to use;"
                                        + " fetch one: jebena pull smollm2"));
    }

    private Optional<String> first(boolean embeds) {
        return catalog.list().stream()
                .filter(m -> generates(m.details()) != embeds)
                .map(ModelSummary::name)
                .map(Object::toString)
                .findFirst();
    }

    /// Whether a model of this kind continues text, as far as its header tells.
    static boolean generates(ModelDetails details) {
        return !details.family().contains("bert");
    }

    /// A model, or the one of an adapter that has this name.
    ModelLease open(@Nullable String name) {
        if (name != null && catalog.find(name).isEmpty()) {
            Optional<ServedAdapters.Named> adapter = pool.adapters().named(name);
            if (adapter.isPresent()) {
                return pool.acquire(find(adapter.get().model()), 0, null).adapter(name);
            }
        }
        return pool.acquire(find(name), 0, null);
    }

    ModelLease open(StoredModel model, int contextLength, @Nullable Duration keepAlive) {
        return pool.acquire(model, contextLength, keepAlive);
    }

    /// The lease of a model that continues text; [HttpException] 400 for one that does not.
    static Llm generating(ModelLease lease) {
        if (!lease.llm().info().generates()) {
            throw new HttpException(
                            400,
                            "unsupported",
                            "Model '" + lease.model().name() + "' makes embeddings, not text")
                    .param("model");
        }
        return lease.llm();
    }

    /// The lease, when its model continues text.
    static ModelLease checked(ModelLease lease) {
        generating(lease);
        return lease;
    }

    /// Refuses a prompt that fills the context already.
    static void checkLength(Llm llm, int promptTokens) {
        if (promptTokens >= llm.contextLength()) {
            throw new HttpException(
                    400,
                    "context_length_exceeded",
                    "This model's context holds "
                            + llm.contextLength()
                            + " tokens, but the prompt has "
                            + promptTokens
                            + "; shorten it or raise the context length");
        }
    }

    /// Starts one answer for a caller that does not come by HTTP.
    Answer start(ModelLease lease, int[] prompt, Generation options) {
        Llm llm = generating(lease);
        checkLength(llm, prompt.length);
        return llm.generate(prompt, chosen(lease, options).timeLimit(timeLimit));
    }

    /// Counts an answer that has ended.
    void answered(ModelLease lease, Answer answer) {
        FinishReason reason = answer.finishReason();
        if (reason != null) {
            metrics.of(lease.model().name().toString()).answered(answer.usage(), reason);
        }
    }

    /// The best `choices` answers of a beam search for each prompt, which are complete.
    Answers search(
            HttpExchange exchange,
            ModelLease lease,
            List<int[]> prompts,
            Generation options,
            Beams beams,
            int choices) {
        Llm llm = generating(lease);
        Generation asked = RequestTerms.apply(exchange, chosen(lease, options), timeLimit);
        List<Answer> answers = new ArrayList<>();
        AtomicBoolean gone = new AtomicBoolean();
        try (HttpExchange.AutoCloseableHandle _ = exchange.whenGone(() -> gone.set(true))) {
            for (int[] prompt : prompts) {
                checkLength(llm, prompt.length);
                answers.addAll(
                        BeamSearch.answers(
                                        llm,
                                        prompt,
                                        asked,
                                        beams.width(),
                                        beams.lengthPenalty(),
                                        gone::get)
                                .stream()
                                .limit(choices)
                                .toList());
            }
        }
        asked(lease, prompts, choices, asked);
        return answers(exchange, lease, prompts, answers, 0);
    }

    private void asked(ModelLease lease, List<int[]> prompts, int choices, Generation options) {
        AnswerMetrics of = metrics.of(lease.model().name().toString());
        prompts.forEach(_ -> of.asked(choices, options.maxTokens()));
    }

    private Answers answers(
            HttpExchange exchange,
            ModelLease lease,
            List<int[]> prompts,
            List<Answer> answers,
            int slot) {
        return new Answers(
                exchange,
                answers,
                metrics.of(lease.model().name().toString()),
                prompts,
                ids -> pool.slots().put(ModelPool.Slot.of(lease, slot), ids));
    }

    private Generation chosen(ModelLease lease, Generation options) {
        String adapter = lease.adapter();
        Generation chosen =
                adapter == null || options.adapters() != null
                        ? options
                        : options.adapters(Map.of(adapter, 1f));
        return contextShift ? chosen.contextShift(true) : chosen;
    }

    /// Starts one answer for each prompt and choice; on a failure none is left running.
    Answers start(
            HttpExchange exchange,
            ModelLease lease,
            List<int[]> prompts,
            Generation options,
            int choices) {
        return start(exchange, lease, prompts, options, choices, 0);
    }

    /// The same.
    ///
    /// @param slot where the last answer is kept
    Answers start(
            HttpExchange exchange,
            ModelLease lease,
            List<int[]> prompts,
            Generation options,
            int choices,
            int slot) {
        Llm llm = generating(lease);
        for (int[] prompt : prompts) {
            checkLength(llm, prompt.length);
        }
        Generation asked = RequestTerms.apply(exchange, chosen(lease, options), timeLimit);
        List<Answer> answers = new ArrayList<>();
        try {
            for (int[] prompt : prompts) {
                for (int i = 0; i < choices; i++) {
                    Long seed = asked.seed();
                    Generation own = seed == null ? asked : asked.seed(seed + i);
                    answers.add(llm.generate(prompt, own));
                }
            }
            asked(lease, prompts, choices, asked);
            return answers(exchange, lease, prompts, answers, slot);
        } catch (RuntimeException e) {
            answers.forEach(Answer::close);
            throw e;
        }
    }
}
