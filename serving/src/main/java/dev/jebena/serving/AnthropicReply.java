package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpStream;
import dev.jebena.llm.Answer;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes the answer to a Messages request, whole or as named events: `message_start`, for each
/// block `content_block_start`, `content_block_delta`s and `content_block_stop`, then
/// `message_delta` and `message_stop`.
final class AnthropicReply {
    private final HttpExchange exchange;
    private final String id = "msg_" + OpenAiChatReply.newId();
    private final String model;
    private final List<String> stops;
    private final int promptTokens;
    private final boolean showsThinking;
    private final AnswerText text;
    private final SentCalls sent = new SentCalls();

    /// Blocks that have begun.
    private int blocks;

    /// The kind of the last block, while it goes on; empty between blocks.
    private String open = "";

    /// @param stops the request's own stop strings: one of the model's ends a turn
    AnthropicReply(
            HttpExchange exchange,
            String model,
            ToolChoice choice,
            Thinking thinking,
            List<String> stops,
            int promptTokens) {
        this.exchange = exchange;
        this.model = model;
        this.stops = stops;
        this.promptTokens = promptTokens;
        showsThinking = Boolean.TRUE.equals(thinking.wish().enabled());
        text = new AnswerText(choice, thinking);
    }

    void whole(Answers answers) throws IOException {
        answers.read((_, token) -> text.add(token.text()), (_, _) -> text.end());
        Answer answer = answers.get(0);
        List<Object> content = new ArrayList<>();
        boolean called = !text.calls().isEmpty();
        if (showsThinking && !text.thought().isEmpty()) {
            content.add(
                    HttpJson.object(
                            "type",
                            "thinking",
                            "thinking",
                            text.thought(),
                            "signature",
                            signature()));
        }
        if (called ? !text.content().isBlank() : !text.content().isEmpty()) {
            content.add(HttpJson.object("type", "text", "text", text.content()));
        }
        for (AnswerText.Call call : text.calls()) {
            content.add(toolUse(call.name(), input(call.arguments())));
        }
        Map<String, @Nullable Object> message = message(content, usage(answer.usage()));
        message.putAll(ending(answer));
        exchange.json(200, message);
    }

    /// Says that the thinking is this model's own: clients send it back with their next request.
    private String signature() {
        return UUID.nameUUIDFromBytes(text.thought().getBytes(StandardCharsets.UTF_8)).toString();
    }

    private Map<String, @Nullable Object> message(
            List<?> content, Map<String, @Nullable Object> usage) {
        return HttpJson.object(
                "id",
                id,
                "type",
                "message",
                "role",
                "assistant",
                "model",
                model,
                "content",
                content,
                "stop_reason",
                null,
                "stop_sequence",
                null,
                "usage",
                usage);
    }

    private static Map<String, @Nullable Object> usage(Usage usage) {
        return usage(
                usage.promptTokens() - usage.cachedTokens(),
                usage.cachedTokens(),
                usage.answerTokens());
    }

    private static Map<String, @Nullable Object> usage(int computed, int cached, int answered) {
        return HttpJson.object(
                "input_tokens", computed,
                "cache_creation_input_tokens", 0,
                "cache_read_input_tokens", cached,
                "output_tokens", answered);
    }

    private Map<String, @Nullable Object> ending(Answer answer) {
        FinishReason finish = answer.finishReason();
        String stop = answer.stopString();
        boolean stopped =
                finish == FinishReason.STOP_STRING && stop != null && stops.contains(stop);
        String reason =
                finish == FinishReason.LENGTH
                        ? "max_tokens"
                        : !text.calls().isEmpty()
                                ? "tool_use"
                                : stopped ? "stop_sequence" : "end_turn";
        return HttpJson.object(
                "stop_reason",
                reason,
                "stop_sequence",
                reason.equals("stop_sequence") ? stop : null);
    }

    private static Map<String, @Nullable Object> toolUse(String name, Object input) {
        return HttpJson.object(
                "type",
                "tool_use",
                "id",
                "toolu_" + OpenAiChatReply.newId(),
                "name",
                name,
                "input",
                input);
    }

    /// The arguments as an object; an empty one when the token limit cut them.
    private static Object input(String arguments) {
        try {
            Object value = HttpJson.parse(arguments.getBytes(StandardCharsets.UTF_8));
            return value instanceof Map<?, ?> map ? map : Map.of();
        } catch (HttpException _) {
            return Map.of();
        }
    }

    void stream(Answers answers) throws IOException {
        HttpStream stream = exchange.stream(200, "text/event-stream");
        try {
            // What is cached shows once the prompt is computed: `message_delta` has the last word.
            event(
                    stream,
                    "message_start",
                    "message",
                    message(List.of(), usage(promptTokens, 0, 0)));
            event(stream, "ping");
            answers.read(
                    (_, token) -> more(stream, text.add(token.text())),
                    (_, answer) -> {
                        more(stream, text.end());
                        endBlock(stream);
                        event(
                                stream,
                                "message_delta",
                                "delta",
                                ending(answer),
                                "usage",
                                usage(answer.usage()));
                        event(stream, "message_stop");
                    });
        } catch (RuntimeException e) {
            stream.event("error", AnthropicErrors.body(EngineErrors.of(e), exchange.requestId()));
        }
        stream.end();
    }

    private static void event(HttpStream stream, String type, @Nullable Object... keysAndValues)
            throws IOException {
        Map<String, @Nullable Object> event = HttpJson.object("type", type);
        event.putAll(HttpJson.object(keysAndValues));
        stream.event(type, event);
    }

    private void more(HttpStream stream, String piece) throws IOException {
        String thought = text.takeThought();
        if (showsThinking && !thought.isEmpty()) {
            enter(
                    stream,
                    "thinking",
                    HttpJson.object("type", "thinking", "thinking", "", "signature", ""));
            delta(stream, HttpJson.object("type", "thinking_delta", "thinking", thought));
        }
        if (!piece.isEmpty()) {
            enter(stream, "text", HttpJson.object("type", "text", "text", ""));
            delta(stream, HttpJson.object("type", "text_delta", "text", piece));
        }
        for (SentCalls.Piece call : sent.fresh(text)) {
            if (call.begins()) {
                endBlock(stream);
                enter(stream, "tool_use", toolUse(call.name(), Map.of()));
            } else {
                delta(
                        stream,
                        HttpJson.object(
                                "type", "input_json_delta", "partial_json", call.arguments()));
            }
        }
    }

    private void enter(HttpStream stream, String kind, Map<String, @Nullable Object> block)
            throws IOException {
        if (!open.equals(kind)) {
            endBlock(stream);
            begin(stream, block);
            open = kind;
        }
    }

    private void endBlock(HttpStream stream) throws IOException {
        if (open.equals("thinking")) {
            delta(stream, HttpJson.object("type", "signature_delta", "signature", signature()));
        }
        if (!open.isEmpty()) {
            open = "";
            end(stream);
        }
    }

    private void begin(HttpStream stream, Map<String, @Nullable Object> block) throws IOException {
        blocks++;
        event(stream, "content_block_start", "index", blocks - 1, "content_block", block);
    }

    private void delta(HttpStream stream, Map<String, @Nullable Object> delta) throws IOException {
        event(stream, "content_block_delta", "index", blocks - 1, "delta", delta);
    }

    private void end(HttpStream stream) throws IOException {
        event(stream, "content_block_stop", "index", blocks - 1);
    }
}
