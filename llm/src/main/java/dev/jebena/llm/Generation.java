package dev.jebena.llm;

import java.util.List;
import java.util.Map;
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
        @Nullable Long seed,
        List<String> stop,
        int logprobs,
        @Nullable Constraint constraint,
        boolean ignoreEos,
        int minTokens,
        boolean contextShift) {
    private static final Generation DEFAULTS =
            new Generation(
                    -1, 0.8f, 40, 0.95f, 0.05f, 1, 1, 64, 0, 0, Map.of(), null, List.of(), -1, null,
                    false, 0, false);

    public Generation {
        logitBias = Map.copyOf(logitBias);
        stop = List.copyOf(stop);
    }

    /// Temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, no penalties, no limit but the context.
    public static Generation defaults() {
        return DEFAULTS;
    }

    public Generation maxTokens(int maxTokens) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation temperature(float temperature) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation topK(int topK) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation topP(float topP) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation minP(float minP) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation typicalP(float typicalP) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation repeatPenalty(float repeatPenalty) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation repeatWindow(int repeatWindow) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation presencePenalty(float presencePenalty) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation frequencyPenalty(float frequencyPenalty) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation logitBias(Map<Integer, Float> logitBias) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation seed(long seed) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation stop(List<String> stop) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation logprobs(int logprobs) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation constraint(@Nullable Constraint constraint) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation ignoreEos(boolean ignoreEos) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation minTokens(int minTokens) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }

    public Generation contextShift(boolean contextShift) {
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
                seed,
                stop,
                logprobs,
                constraint,
                ignoreEos,
                minTokens,
                contextShift);
    }
}
