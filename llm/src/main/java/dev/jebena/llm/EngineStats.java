package dev.jebena.llm;

/// What an engine is doing and has done, for metrics and tests of leaks.
///
/// @param running sequences in the batch
/// @param waiting requests in the queue
/// @param kvPagesUsed pages of the key/value cache that sequences hold
/// @param kvPages all pages of it
/// @param promptTokens prompt tokens computed since the start
/// @param answerTokens answer tokens made since the start
/// @param steps steps since the start
/// @param memoryBytes native memory held besides the mapped file
public record EngineStats(
        int running,
        int waiting,
        int kvPagesUsed,
        int kvPages,
        long promptTokens,
        long answerTokens,
        long steps,
        long memoryBytes) {}
