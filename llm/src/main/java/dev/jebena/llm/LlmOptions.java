package dev.jebena.llm;

import dev.jebena.compute.DataType;
import dev.jebena.formats.Mix;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How to load and run a model. Each method returns a changed copy.
///
/// @param contextLength positions of one sequence; 0 for the model's own limit, at most 8192 by
///   itself
/// @param maxSequences sequences computed together
/// @param maxQueue requests that may wait beyond these; one more is refused with QUEUE_FULL
/// @param threads threads that compute; 0 for one for each core
/// @param batchTokens tokens computed in one step at most, prompts being cut into pieces of this
///   size
/// @param kvType type of cached keys and values: F16, F32 or, for half the memory of F16 and a
///   little less precision, Q8_0
/// @param kvPositions positions that the key/value cache holds for all sequences together; 0 to
///   choose by memory
/// @param exact multiply with float32 activations, instead of rounding them to 8 bits where the
///   machine has fast kernels for that: slower, a little more precise
/// @param draft a smaller model with the same vocabulary that guesses tokens for this one to check;
///   null for none. Never changes an answer
/// @param draftTokens guessed tokens of one sequence that a step checks at most; 0 never to guess
/// @param weights what to quantize plain weights to when the model is loaded; null to use them as
///   they are. Saves memory and time for a little precision
/// @param adapters LoRA adapters to load with the model
public record LlmOptions(
        int contextLength,
        int maxSequences,
        int maxQueue,
        int threads,
        int batchTokens,
        DataType kvType,
        int kvPositions,
        boolean exact,
        @Nullable Path draft,
        int draftTokens,
        @Nullable Mix weights,
        List<AdapterFile> adapters) {
    private static final LlmOptions DEFAULTS =
            new LlmOptions(0, 16, 256, 0, 512, DataType.F16, 0, false, null, 8, null, List.of());

    public LlmOptions {
        adapters = List.copyOf(adapters);
    }

    public static LlmOptions defaults() {
        return DEFAULTS;
    }

    private LlmOptions with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.options();
    }

    public LlmOptions contextLength(int contextLength) {
        return with(fields -> fields.contextLength = contextLength);
    }

    public LlmOptions maxSequences(int maxSequences) {
        return with(fields -> fields.maxSequences = maxSequences);
    }

    public LlmOptions maxQueue(int maxQueue) {
        return with(fields -> fields.maxQueue = maxQueue);
    }

    public LlmOptions threads(int threads) {
        return with(fields -> fields.threads = threads);
    }

    public LlmOptions batchTokens(int batchTokens) {
        return with(fields -> fields.batchTokens = batchTokens);
    }

    public LlmOptions kvType(DataType kvType) {
        return with(fields -> fields.kvType = kvType);
    }

    public LlmOptions kvPositions(int kvPositions) {
        return with(fields -> fields.kvPositions = kvPositions);
    }

    public LlmOptions exact(boolean exact) {
        return with(fields -> fields.exact = exact);
    }

    public LlmOptions draft(@Nullable Path draft) {
        return with(fields -> fields.draft = draft);
    }

    public LlmOptions draftTokens(int draftTokens) {
        return with(fields -> fields.draftTokens = draftTokens);
    }

    public LlmOptions weights(@Nullable Mix weights) {
        return with(fields -> fields.weights = weights);
    }

    public LlmOptions adapters(List<AdapterFile> adapters) {
        return with(fields -> fields.adapters = adapters);
    }

    /// The same fields, open to change.
    private static final class Fields {
        private int contextLength;
        private int maxSequences;
        private int maxQueue;
        private int threads;
        private int batchTokens;
        private DataType kvType;
        private int kvPositions;
        private boolean exact;
        private @Nullable Path draft;
        private int draftTokens;
        private @Nullable Mix weights;
        private List<AdapterFile> adapters;

        Fields(LlmOptions o) {
            contextLength = o.contextLength;
            maxSequences = o.maxSequences;
            maxQueue = o.maxQueue;
            threads = o.threads;
            batchTokens = o.batchTokens;
            kvType = o.kvType;
            kvPositions = o.kvPositions;
            exact = o.exact;
            draft = o.draft;
            draftTokens = o.draftTokens;
            weights = o.weights;
            adapters = o.adapters;
        }

        LlmOptions options() {
            return new LlmOptions(
                    contextLength,
                    maxSequences,
                    maxQueue,
                    threads,
                    batchTokens,
                    kvType,
                    kvPositions,
                    exact,
                    draft,
                    draftTokens,
                    weights,
                    adapters);
        }
    }
}
