package dev.jebena.serving;

import dev.jebena.hub.StoredModel;
import dev.jebena.llm.Llm;
import dev.jebena.llm.ReasoningMarks;
import dev.jebena.tokenizers.ChatTemplate;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The right to use a loaded model; it stays loaded until this is closed.
public final class ModelLease implements AutoCloseable {
    private final ModelPool pool;
    private final PooledModel pooled;
    private final Duration loadTime;
    private @Nullable String adapter;
    private boolean closed;

    ModelLease(ModelPool pool, PooledModel pooled, Duration loadTime) {
        this.pool = pool;
        this.pooled = pooled;
        this.loadTime = loadTime;
    }

    public StoredModel model() {
        return pooled.model();
    }

    public Llm llm() {
        return pooled.llm();
    }

    /// The chat template in use: the stored model's own if it is Jinja, else the one in the model
    /// file; null when there is none.
    public @Nullable ChatTemplate template() {
        return pooled.template();
    }

    /// What the model writes around its thinking; null when it does not think.
    public @Nullable ReasoningMarks reasoning() {
        return pooled.reasoning();
    }

    /// Special tokens that a chat's answer shows: marks of tool calls and of thinking.
    Set<String> visible() {
        return pooled.visible();
    }

    /// The adapter that the request named as its model; null where it named a model.
    @Nullable String adapter() {
        return adapter;
    }

    ModelLease adapter(String name) {
        adapter = name;
        return this;
    }

    /// What this request waited for the model to be loaded.
    public Duration loadTime() {
        return loadTime;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            pool.release(pooled);
        }
    }
}
