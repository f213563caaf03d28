package dev.jebena.llm.internal.engine;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

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
/// @param stepTokens tokens computed in all steps
/// @param stepSizes steps by their tokens: at most 2^i
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
        AtomicLong acceptedTokens,
        AtomicLong stepTokens,
        AtomicLongArray stepSizes) {
    /// Steps of more than 2^15 tokens count as those of 2^16.
    private static final int SIZES = 17;

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
                new AtomicLong(),
                new AtomicLong(),
                new AtomicLongArray(SIZES));
    }

    /// Counts a step that computes so many tokens.
    void computes(int tokens) {
        stepTokens.addAndGet(tokens);
        int size = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, tokens) - 1);
        stepSizes.incrementAndGet(Math.min(size, SIZES - 1));
    }

    /// The steps by their tokens, as they are now.
    public List<Long> sizes() {
        return IntStream.range(0, SIZES).mapToLong(stepSizes::get).boxed().toList();
    }
}
