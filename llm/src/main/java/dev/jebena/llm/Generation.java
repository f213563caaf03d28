package dev.jebena.llm;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How to make an answer. Each method returns a changed copy.
///
/// @param maxTokens tokens at most; -1 for as many as the context holds
/// @param temperature 0 is greedy
/// @param topK keep the k likeliest tokens; 0 for all
/// @param topP keep the likeliest tokens that together reach this probability; 1 for all
/// @param minP keep tokens at least this likely relative to the likeliest; 0 for all
/// @param typicalP locally typical sampling (Meister et al. 2022); 1 for off
/// @param repeatPenalty divides (multiplies negative) logits of tokens seen in the window; 1 for
///   off
/// @param repeatWindow the last tokens, prompt included, that penalties look at; -1 for the whole
///   context, 0 for none
/// @param presencePenalty subtracted from logits of tokens seen in the window
/// @param frequencyPenalty subtracted once for each time a token was seen in the window
/// @param logitBias added to the logits of these token ids; negative infinity forbids
/// @param tokens which tokens may, must or must not come
/// @param seed random seed; null for one from the clock. Same prompt, options and seed give the
///   same tokens
/// @param stop texts that end the answer; they are not part of it
/// @param logprobs number of likeliest tokens to report with each token, over the unmodified
///   distribution; -1 for no log-probabilities at all, 0 for the chosen token's only
/// @param constraint what the text must look like, or null
/// @param ignoreEos never choose an end-of-generation token, unless a constraint leaves nothing
///   else
/// @param minTokens tokens before an end is allowed, unless a constraint leaves nothing else
/// @param contextShift when the context is full, forget the oldest half instead of ending with
///   LENGTH
/// @param caller whose request it is: when requests wait, callers take turns; empty for nobody's in
///   particular
/// @param timeLimit time from submission until the last token; when it has passed, the answer fails
///   with TIME_LIMIT. Null for none
/// @param speculate whether the engine may guess tokens and check several in one step, where that
///   is faster; never changes the answer
/// @param adapters factors on the adapters to apply, by name; null for all that are loaded, each
///   with its own factor
/// @param priority requests with a lower number are served first; callers take turns within one
/// @param keep tokens of the prompt that a context shift never forgets; -1 for all of it. BOS is
///   always kept
/// @param reasoning how the model thinks before it answers; null if it does not, or if the
///   constraint is to hold for that as well
/// @param visible special tokens that are part of the text when the model writes them, as it does
///   to begin a tool call; all others are left out
/// @param drawnLogprobs whether log-probabilities are those that the token was drawn by, after
///   everything that changes or cuts them, instead of the model's own
/// @param sampling mirostat, XTC, DRY and other ways to draw; the order of all
public record Generation(
        int maxTokens,
        float temperature,
        int topK,
        float topP,
        float minP,
        float typicalP,
        float repeatPenalty,
        int repeatWindow,
        float presencePenalty,
        float frequencyPenalty,
        Map<Integer, Float> logitBias,
        TokenRules tokens,
        @Nullable Long seed,
        List<String> stop,
        int logprobs,
        @Nullable Constraint constraint,
        boolean ignoreEos,
        int minTokens,
        boolean contextShift,
        String caller,
        @Nullable Duration timeLimit,
        boolean speculate,
        @Nullable Map<String, Float> adapters,
        int priority,
        int keep,
        @Nullable Reasoning reasoning,
        Set<String> visible,
        boolean drawnLogprobs,
        Sampling sampling) {
    private static final Generation DEFAULTS =
            new Generation(
                    -1,
                    0.8f,
                    40,
                    0.95f,
                    0.05f,
                    1,
                    1,
                    64,
                    0,
                    0,
                    Map.of(),
                    TokenRules.none(),
                    null,
                    List.of(),
                    -1,
                    null,
                    false,
                    0,
                    false,
                    "",
                    null,
                    true,
                    null,
                    0,
                    0,
                    null,
                    Set.of(),
                    false,
                    Sampling.defaults());

    public Generation {
        logitBias = Map.copyOf(logitBias);
        stop = List.copyOf(stop);
        adapters = adapters == null ? null : Map.copyOf(adapters);
        visible = Set.copyOf(visible);
    }

    /// Temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, no penalties, no limit but the context.
    public static Generation defaults() {
        return DEFAULTS;
    }

    private Generation with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.generation();
    }

    public Generation maxTokens(int maxTokens) {
        return with(fields -> fields.maxTokens = maxTokens);
    }

    public Generation temperature(float temperature) {
        return with(fields -> fields.temperature = temperature);
    }

    public Generation topK(int topK) {
        return with(fields -> fields.topK = topK);
    }

    public Generation topP(float topP) {
        return with(fields -> fields.topP = topP);
    }

    public Generation minP(float minP) {
        return with(fields -> fields.minP = minP);
    }

    public Generation typicalP(float typicalP) {
        return with(fields -> fields.typicalP = typicalP);
    }

    public Generation repeatPenalty(float repeatPenalty) {
        return with(fields -> fields.repeatPenalty = repeatPenalty);
    }

    public Generation repeatWindow(int repeatWindow) {
        return with(fields -> fields.repeatWindow = repeatWindow);
    }

    public Generation presencePenalty(float presencePenalty) {
        return with(fields -> fields.presencePenalty = presencePenalty);
    }

    public Generation frequencyPenalty(float frequencyPenalty) {
        return with(fields -> fields.frequencyPenalty = frequencyPenalty);
    }

    public Generation logitBias(Map<Integer, Float> logitBias) {
        return with(fields -> fields.logitBias = logitBias);
    }

    public Generation tokens(TokenRules tokens) {
        return with(fields -> fields.tokens = tokens);
    }

    public Generation seed(long seed) {
        return with(fields -> fields.seed = seed);
    }

    public Generation stop(List<String> stop) {
        return with(fields -> fields.stop = stop);
    }

    public Generation logprobs(int logprobs) {
        return with(fields -> fields.logprobs = logprobs);
    }

    public Generation constraint(@Nullable Constraint constraint) {
        return with(fields -> fields.constraint = constraint);
    }

    public Generation ignoreEos(boolean ignoreEos) {
        return with(fields -> fields.ignoreEos = ignoreEos);
    }

    public Generation minTokens(int minTokens) {
        return with(fields -> fields.minTokens = minTokens);
    }

    public Generation contextShift(boolean contextShift) {
        return with(fields -> fields.contextShift = contextShift);
    }

    public Generation caller(String caller) {
        return with(fields -> fields.caller = caller);
    }

    public Generation timeLimit(@Nullable Duration timeLimit) {
        return with(fields -> fields.timeLimit = timeLimit);
    }

    public Generation speculate(boolean speculate) {
        return with(fields -> fields.speculate = speculate);
    }

    public Generation adapters(@Nullable Map<String, Float> adapters) {
        return with(fields -> fields.adapters = adapters);
    }

    public Generation priority(int priority) {
        return with(fields -> fields.priority = priority);
    }

    public Generation keep(int keep) {
        return with(fields -> fields.keep = keep);
    }

    public Generation reasoning(@Nullable Reasoning reasoning) {
        return with(fields -> fields.reasoning = reasoning);
    }

    public Generation sampling(Sampling sampling) {
        return with(fields -> fields.sampling = sampling);
    }

    public Generation visible(Set<String> visible) {
        return with(fields -> fields.visible = visible);
    }

    public Generation drawnLogprobs(boolean drawnLogprobs) {
        return with(fields -> fields.drawnLogprobs = drawnLogprobs);
    }

    /// The same fields, open to change.
    private static final class Fields {
        private int maxTokens;
        private float temperature;
        private int topK;
        private float topP;
        private float minP;
        private float typicalP;
        private float repeatPenalty;
        private int repeatWindow;
        private float presencePenalty;
        private float frequencyPenalty;
        private Map<Integer, Float> logitBias;
        private TokenRules tokens;
        private @Nullable Long seed;
        private List<String> stop;
        private int logprobs;
        private @Nullable Constraint constraint;
        private boolean ignoreEos;
        private int minTokens;
        private boolean contextShift;
        private String caller;
        private @Nullable Duration timeLimit;
        private boolean speculate;
        private @Nullable Map<String, Float> adapters;
        private int priority;
        private int keep;
        private @Nullable Reasoning reasoning;
        private Set<String> visible;
        private boolean drawnLogprobs;
        private Sampling sampling;

        Fields(Generation g) {
            maxTokens = g.maxTokens;
            temperature = g.temperature;
            topK = g.topK;
            topP = g.topP;
            minP = g.minP;
            typicalP = g.typicalP;
            repeatPenalty = g.repeatPenalty;
            repeatWindow = g.repeatWindow;
            presencePenalty = g.presencePenalty;
            frequencyPenalty = g.frequencyPenalty;
            logitBias = g.logitBias;
            tokens = g.tokens;
            seed = g.seed;
            stop = g.stop;
            logprobs = g.logprobs;
            constraint = g.constraint;
            ignoreEos = g.ignoreEos;
            minTokens = g.minTokens;
            contextShift = g.contextShift;
            caller = g.caller;
            timeLimit = g.timeLimit;
            speculate = g.speculate;
            adapters = g.adapters;
            priority = g.priority;
            keep = g.keep;
            reasoning = g.reasoning;
            visible = g.visible;
            drawnLogprobs = g.drawnLogprobs;
            sampling = g.sampling;
        }

        Generation generation() {
            return new Generation(
                    maxTokens,
                    temperature,
                    topK,
                    topP,
                    minP,
                    typicalP,
                    repeatPenalty,
                    repeatWindow,
                    presencePenalty,
                    frequencyPenalty,
                    logitBias,
                    tokens,
                    seed,
                    stop,
                    logprobs,
                    constraint,
                    ignoreEos,
                    minTokens,
                    contextShift,
                    caller,
                    timeLimit,
                    speculate,
                    adapters,
                    priority,
                    keep,
                    reasoning,
                    visible,
                    drawnLogprobs,
                    sampling);
        }
    }
}
