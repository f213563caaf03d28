package dev.jebena.llm.internal.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What an engine is doing and has done. Written by its thread, read by any.
///
/// @param running requests that are being computed
/// @param waiting requests that are not yet
/// @param promptTokens tokens of prompts and texts computed since the start
/// @param answerTokens tokens chosen since the start
/// @param steps steps since the start
/// @param cachedTokens tokens of prompts that were there already
/// @param preemptions sequences that gave their pages to older ones
/// @param drafts steps of a sequence that checked guesses
/// @param draftTokens guesses checked
/// @param acceptedTokens guesses that were right
public record EngineCounters(
        AtomicInteger running,
        AtomicInteger waiting,
        AtomicLong promptTokens,
        AtomicLong answerTokens,
        AtomicLong steps,
        AtomicLong cachedTokens,
        AtomicLong preemptions,
        AtomicLong drafts,
        AtomicLong draftTokens,
        AtomicLong acceptedTokens) {
    EngineCounters() {
        this(
                new AtomicInteger(),
                new AtomicInteger(),
                new AtomicLong(),
                new AtomicLong(),
                new AtomicLong(),
                new AtomicLong(),
                new AtomicLong(),
                new AtomicLong(),
                new AtomicLong(),
                new AtomicLong());
    }
}
