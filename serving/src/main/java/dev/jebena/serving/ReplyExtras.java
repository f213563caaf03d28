package dev.jebena.serving;

import dev.jebena.llm.Answer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a protocol that follows OpenAI's adds to a whole reply.
@FunctionalInterface
interface ReplyExtras {
    /// @param answer the first of the reply's answers, complete
    void add(Map<String, @Nullable Object> reply, ModelLease lease, Answer answer);

    /// OpenAI's own reply.
    static ReplyExtras none() {
        return (_, _, _) -> {};
    }
}
