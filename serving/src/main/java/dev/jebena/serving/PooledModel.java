package dev.jebena.serving;

import dev.jebena.hub.StoredModel;
import dev.jebena.llm.Llm;
import dev.jebena.llm.ReasoningMarks;
import dev.jebena.llm.ToolCallReader;
import dev.jebena.tokenizers.ChatTemplate;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One model's place in the pool. All fields that change are guarded by the pool's lock; `loaded`
/// is completed outside of it.
final class PooledModel {
    private final StoredModel model;
    final CompletableFuture<Llm> loaded = new CompletableFuture<>();
    private @Nullable ChatTemplate template;
    private @Nullable ReasoningMarks reasoning;
    private Set<String> visible = Set.of();
    int users;
    Duration keepAlive;
    long idleSinceNanos;
    long bytes;
    boolean removed;

    PooledModel(StoredModel model, Duration keepAlive) {
        this.model = model;
        this.keepAlive = keepAlive;
        bytes = model.size() + model.size() / 4;
    }

    StoredModel model() {
        return model;
    }

    /// Only after `loaded` is complete.
    Llm llm() {
        return loaded.join();
    }

    /// Called once, by the loading thread, before `loaded` completes.
    void prepare(Llm llm) {
        String own = model.hasJinjaTemplate() ? model.template() : null;
        template = own == null ? llm.chatTemplate() : ChatTemplate.of(Objects.requireNonNull(own));
        reasoning = ReasoningMarks.of(llm, template);
        visible = visible(llm, reasoning);
        bytes = llm.info().fileBytes() + llm.stats().memoryBytes();
    }

    private static Set<String> visible(Llm llm, @Nullable ReasoningMarks marks) {
        Set<String> all = new HashSet<>(ToolCallReader.SPECIAL);
        if (marks != null) {
            all.addAll(marks.tokens());
        }
        all.removeIf(token -> {
            OptionalInt id = llm.tokenizer().id(token);
            return id.isEmpty() || !llm.tokenizer().isSpecial(id.getAsInt());
        });
        return Set.copyOf(all);
    }

    @Nullable ChatTemplate template() {
        return template;
    }

    @Nullable ReasoningMarks reasoning() {
        return reasoning;
    }

    Set<String> visible() {
        return visible;
    }

    boolean idle() {
        return users == 0 && loaded.isDone();
    }

    boolean expired(long nowNanos) {
        return idle()
                && !keepAlive.isNegative()
                && nowNanos - idleSinceNanos >= keepAlive.toNanos();
    }
}
