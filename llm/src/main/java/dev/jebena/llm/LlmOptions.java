package dev.jebena.llm;

import dev.jebena.compute.DataType;

/// How to load and run a model. Each method returns a changed copy.
///
/// @param contextLength positions of one sequence; 0 for the model's own limit, at most 8192 by
///   itself
/// @param maxSequences sequences computed together
/// @param maxQueue requests that may wait beyond these; one more is refused with QUEUE_FULL
/// @param threads threads that compute; 0 for one for each core
/// @param batchTokens tokens computed in one step at most, prompts being cut into pieces of this
///   size
/// @param kvType type of cached keys and values: F16 or F32
/// @param kvPositions positions that the key/value cache holds for all sequences together; 0 to
///   choose by memory
/// @param scalarKernels use the readable scalar reference instead of the fastest kernels
public record LlmOptions(
        int contextLength,
        int maxSequences,
        int maxQueue,
        int threads,
        int batchTokens,
        DataType kvType,
        int kvPositions,
        boolean scalarKernels) {
    private static final LlmOptions DEFAULTS =
            new LlmOptions(0, 16, 256, 0, 512, DataType.F16, 0, false);

    public static LlmOptions defaults() {
        return DEFAULTS;
    }

    public LlmOptions contextLength(int contextLength) {
        return new LlmOptions(
                contextLength,
                maxSequences,
                maxQueue,
                threads,
                batchTokens,
                kvType,
                kvPositions,
                scalarKernels);
    }

    public LlmOptions maxSequences(int maxSequences) {
        return new LlmOptions(
                contextLength,
                maxSequences,
                maxQueue,
                threads,
                batchTokens,
                kvType,
                kvPositions,
                scalarKernels);
    }

    public LlmOptions maxQueue(int maxQueue) {
        return new LlmOptions(
                contextLength,
                maxSequences,
                maxQueue,
                threads,
                batchTokens,
                kvType,
                kvPositions,
                scalarKernels);
    }

    public LlmOptions threads(int threads) {
        return new LlmOptions(
                contextLength,
                maxSequences,
                maxQueue,
                threads,
                batchTokens,
                kvType,
                kvPositions,
                scalarKernels);
    }

    public LlmOptions batchTokens(int batchTokens) {
        return new LlmOptions(
                contextLength,
                maxSequences,
                maxQueue,
                threads,
                batchTokens,
                kvType,
                kvPositions,
                scalarKernels);
    }

    public LlmOptions kvType(DataType kvType) {
        return new LlmOptions(
                contextLength,
                maxSequences,
                maxQueue,
                threads,
                batchTokens,
                kvType,
                kvPositions,
                scalarKernels);
    }

    public LlmOptions kvPositions(int kvPositions) {
        return new LlmOptions(
                contextLength,
                maxSequences,
                maxQueue,
                threads,
                batchTokens,
                kvType,
                kvPositions,
                scalarKernels);
    }

    public LlmOptions scalarKernels(boolean scalarKernels) {
        return new LlmOptions(
                contextLength,
                maxSequences,
                maxQueue,
                threads,
                batchTokens,
                kvType,
                kvPositions,
                scalarKernels);
    }
}
