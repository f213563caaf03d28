package dev.jebena.llm.internal.engine;

import dev.jebena.llm.LlmException;
import dev.jebena.llm.internal.model.AdapterSet;
import dev.jebena.llm.internal.model.Pooling;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A text whose vector, or pair of texts whose scores, are wanted.
///
/// @param ids its tokens
/// @param pooling how
/// @param adapters that change the weights for it
/// @param vector the pooled vector, not normalized, or the scores, once they are there
public record EmbeddingTask(
        int[] ids, Pooling pooling, AdapterSet adapters, CompletableFuture<float[]> vector) {
    public EmbeddingTask(int[] ids, Pooling pooling, AdapterSet adapters) {
        this(ids, pooling, adapters, new CompletableFuture<>());
    }

    /// Waits for the vector. Throws what made the engine fail, if anything did.
    public float[] await() {
        try {
            return vector.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw Engine.rethrown(Engine.problemOf(cause == null ? e : cause));
        } catch (InterruptedException e) {
            vector.cancel(false);
            Thread.currentThread().interrupt();
            throw new LlmException(
                    LlmException.Code.CLOSED, "the thread that waited was interrupted", e);
        }
    }
}
