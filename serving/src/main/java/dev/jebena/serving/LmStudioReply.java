package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpStream;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Usage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Writes the answer of `/api/v1/chat`: whole, or as events from `chat.start` to `chat.end`, the
/// last of which holds the whole.
final class LmStudioReply {
    private final HttpExchange exchange;
    private final ModelLease lease;
    private final @Nullable String id;
    private final StringBuilder text = new StringBuilder();
    private BiConsumer<String, String> done = (_, _) -> {};
    private boolean begun;

    /// @param store whether the reply has an id to go on from
    LmStudioReply(HttpExchange exchange, ModelLease lease, boolean store) {
        this.exchange = exchange;
        this.lease = lease;
        id = store ? "resp_" + OpenAiChatReply.newId() : null;
    }

    /// Has `action` called with the reply's id and text before its end is sent.
    void whenDone(BiConsumer<String, String> action) {
        done = action;
    }

    void whole(Answers answers) throws IOException {
        answers.read((_, token) -> text.append(token.text()), (_, _) -> finish());
        exchange.json(200, result(answers.get(0)));
    }

    private void finish() {
        if (id != null) {
            done.accept(id, text.toString());
        }
    }

    private String instance() {
        return lease.model().name().toString();
    }

    private Map<String, @Nullable Object> result(Answer answer) {
        Usage usage = answer.usage();
        Map<String, @Nullable Object> stats =
                HttpJson.object(
                        "input_tokens", usage.promptTokens(),
                        "total_output_tokens", usage.answerTokens(),
                        "reasoning_output_tokens", 0,
                        "tokens_per_second", LmStudioRoutes.tokensPerSecond(usage),
                        "time_to_first_token_seconds", LmStudioRoutes.firstToken(usage));
        if (!lease.loadTime().isZero()) {
            stats.put("model_load_time_seconds", loadSeconds());
        }
        Map<String, @Nullable Object> result =
                HttpJson.object(
                        "model_instance_id",
                        instance(),
                        "output",
                        List.of(HttpJson.object("type", "message", "content", text.toString())),
                        "stats",
                        stats);
        if (id != null) {
            result.put("response_id", id);
        }
        return result;
    }

    private double loadSeconds() {
        return lease.loadTime().toNanos() / 1e9;
    }

    void stream(Answers answers) throws IOException {
        HttpStream stream = exchange.stream(200, "text/event-stream");
        event(stream, "chat.start", "model_instance_id", instance());
        if (!lease.loadTime().isZero()) {
            event(stream, "model_load.start", "model_instance_id", instance());
            event(
                    stream,
                    "model_load.end",
                    "model_instance_id",
                    instance(),
                    "load_time_seconds",
                    loadSeconds());
        }
        event(stream, "prompt_processing.start");
        try {
            answers.read(
                    (_, token) -> {
                        begin(stream);
                        if (!token.text().isEmpty()) {
                            text.append(token.text());
                            event(stream, "message.delta", "content", token.text());
                        }
                    },
                    (_, _) -> {
                        begin(stream);
                        event(stream, "message.end");
                        finish();
                    });
        } catch (RuntimeException e) {
            event(stream, "error", "error", LmStudioErrors.inner(EngineErrors.of(e)));
        }
        event(stream, "chat.end", "result", result(answers.get(0)));
        stream.end();
    }

    /// The prompt is computed: the message begins.
    private void begin(HttpStream stream) throws IOException {
        if (!begun) {
            begun = true;
            event(stream, "prompt_processing.end");
            event(stream, "message.start");
        }
    }

    private static void event(HttpStream stream, String type, @Nullable Object... keysAndValues)
            throws IOException {
        Map<String, @Nullable Object> event = HttpJson.object("type", type);
        event.putAll(HttpJson.object(keysAndValues));
        stream.event(type, event);
    }
}
