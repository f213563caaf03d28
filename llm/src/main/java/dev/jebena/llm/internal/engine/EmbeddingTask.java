package dev.jebena.llm.internal.engine;

import dev.jebena.llm.LlmException;
import dev.jebena.llm.internal.model.Pooling;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A text whose vector is wanted.
///
/// @param ids its tokens
/// @param pooling how
/// @param vector the pooled vector, not normalized, once it is there
public record EmbeddingTask(int[] ids, Pooling pooling, CompletableFuture<float[]> vector) {
    public EmbeddingTask(int[] ids, Pooling pooling) {
        this(ids, pooling, new CompletableFuture<>());
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
