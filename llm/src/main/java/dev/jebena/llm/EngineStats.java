package dev.jebena.llm;

import java.util.List;

/// What an engine is doing and has done, for metrics and tests of leaks.
///
/// @param running sequences in the batch
/// @param waiting requests in the queue
/// @param kvPagesUsed pages of the key/value cache that sequences hold
/// @param kvPages all pages of it
/// @param promptTokens prompt tokens computed since the start
/// @param answerTokens answer tokens made since the start
/// @param steps steps since the start
/// @param cachedTokens prompt tokens whose keys and values were there already
/// @param preemptions sequences that gave their pages to older ones, to be computed again
/// @param drafts times that a sequence had guesses checked
/// @param draftTokens guessed tokens that were checked
/// @param acceptedTokens those of them that were right
/// @param stepTokens tokens computed in all steps, of prompts and answers
/// @param stepSizes how many steps computed at most 2^i tokens, but more than 2^(i-1), by i
/// @param memoryBytes native memory held besides the mapped file
public record EngineStats(
        int running,
        int waiting,
        int kvPagesUsed,
        int kvPages,
        long promptTokens,
        long answerTokens,
        long steps,
        long cachedTokens,
        long preemptions,
        long drafts,
        long draftTokens,
        long acceptedTokens,
        long stepTokens,
        List<Long> stepSizes,
        long memoryBytes) {}
