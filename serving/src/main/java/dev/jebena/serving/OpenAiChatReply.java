package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpStream;
import dev.jebena.llm.Answer;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Token;
import dev.jebena.llm.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes the answers of a chat completion, whole or as a stream of chunks.
final class OpenAiChatReply {
    private final String id = "chatcmpl-" + newId();
    private final long created = Instant.now().getEpochSecond();
    private final String model;
    private final ToolChoice choice;
    private final Thinking thinking;
    private final CallIds ids;
    private final boolean withLogprobs;
    private final boolean withUsage;
    private final Logprobs logprobs;
    private final ReplyFields fields;
    private final int[] prompt;

    OpenAiChatReply(
            RequestFields request,
            ModelLease lease,
            int[] prompt,
            ToolChoice choice,
            Thinking thinking,
            boolean withLogprobs,
            boolean withUsage) {
        model = request.string("model", lease.model().name().toString());
        this.choice = choice;
        this.thinking = thinking;
        ids = CallIds.of(lease.template());
        this.withLogprobs = withLogprobs;
        this.withUsage = withUsage;
        fields = ReplyFields.of(request);
        this.prompt = prompt;
        logprobs = new Logprobs(lease.llm().tokenizer(), fields.idsAsNames());
    }

    static String newId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    static String finish(Answer answer, boolean called) {
        FinishReason reason = answer.finishReason();
        return reason == FinishReason.LENGTH ? "length" : called ? "tool_calls" : "stop";
    }

    /// @param texts of the answers
    private static Map<String, @Nullable Object> usage(List<Usage> all, List<AnswerText> texts) {
        Map<String, @Nullable Object> usage = usage(all);
        int thought = texts.stream().mapToInt(AnswerText::thinkingTokens).sum();
        usage.put("completion_tokens_details", HttpJson.object("reasoning_tokens", thought));
        return usage;
    }

    static Map<String, @Nullable Object> usage(List<Usage> all) {
        int prompt = all.isEmpty() ? 0 : all.getFirst().promptTokens();
        int cached = all.isEmpty() ? 0 : all.getFirst().cachedTokens();
        int answer = all.stream().mapToInt(Usage::answerTokens).sum();
        return HttpJson.object(
                "prompt_tokens",
                prompt,
                "completion_tokens",
                answer,
                "total_tokens",
                prompt + answer,
                "prompt_tokens_details",
                HttpJson.object("cached_tokens", cached));
    }

    private List<AnswerText> texts(int n) {
        List<AnswerText> texts = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            texts.add(new AnswerText(choice, thinking));
        }
        return texts;
    }

    private boolean scored(Token token) {
        return withLogprobs && !token.isText();
    }

    /// The reply, once all answers are complete.
    Map<String, @Nullable Object> whole(Answers answers, int n) throws IOException {
        List<AnswerText> texts = texts(n);
        List<List<Object>> scores = new ArrayList<>();
        texts.forEach(_ -> scores.add(new ArrayList<>()));
        List<List<Integer>> tokenIds = new ArrayList<>();
        texts.forEach(_ -> tokenIds.add(new ArrayList<>()));
        answers.read(
                (i, token) -> {
                    texts.get(i).add(token.text());
                    tokenIds.get(i).addAll(ids(token));
                    if (scored(token)) {
                        scores.get(i).add(logprobs.entry(token));
                    }
                },
                (i, answer) -> end(texts.get(i), answer));
        return whole(answers, texts, scores, tokenIds);
    }

    private Map<String, @Nullable Object> whole(
            Answers answers,
            List<AnswerText> texts,
            @Nullable List<List<Object>> scores,
            List<List<Integer>> tokenIds) {
        List<Object> choices = new ArrayList<>();
        List<Usage> usages = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            AnswerText text = texts.get(i);
            usages.add(answers.get(i).usage());
            Map<String, @Nullable Object> one =
                    HttpJson.object(
                            "index",
                            i,
                            "message",
                            message(text),
                            "logprobs",
                            scores != null && withLogprobs
                                    ? HttpJson.object("content", scores.get(i), "refusal", null)
                                    : null,
                            "finish_reason",
                            finish(answers.get(i), !text.calls().isEmpty()),
                            "stop_reason",
                            answers.get(i).stopString());
            fields.addIds(one, tokenIds.isEmpty() ? List.of() : tokenIds.get(i));
            choices.add(one);
        }
        Map<String, @Nullable Object> reply = frame("chat.completion", choices);
        reply.put("usage", usage(usages, texts));
        reply.putAll(fields.ofPrompt(prompt));
        return reply;
    }

    /// The text that comes with the end of an answer.
    private String end(AnswerText text, Answer answer) {
        String more = fields.ending(answer);
        return (more.isEmpty() ? "" : text.add(more)) + text.end();
    }

    private static List<Integer> ids(Token token) {
        return token.isText() ? List.of() : List.of(token.id());
    }

    private Map<String, @Nullable Object> frame(String object, List<?> choices) {
        return HttpJson.object(
                "id", id,
                "object", object,
                "created", created,
                "model", model,
                "system_fingerprint", "jebena",
                "choices", choices);
    }

    private Map<String, @Nullable Object> message(AnswerText text) {
        boolean called = !text.calls().isEmpty();
        Map<String, @Nullable Object> message =
                HttpJson.object(
                        "role",
                        "assistant",
                        "content",
                        called && text.content().isBlank() ? null : text.content(),
                        "refusal",
                        null);
        if (!text.thought().isEmpty()) {
            message.putAll(thought(text.thought()));
        }
        if (called) {
            message.put(
                    "tool_calls",
                    text.calls().stream()
                            .map(c ->
                                    HttpJson.object(
                                            "id",
                                            ids.next(),
                                            "type",
                                            "function",
                                            "function",
                                            HttpJson.object(
                                                    "name", c.name(),
                                                    "arguments", c.arguments())))
                            .toList());
        }
        return message;
    }

    /// The field of llama.cpp and DeepSeek, and vLLM's.
    private static Map<String, @Nullable Object> thought(String text) {
        return HttpJson.object("reasoning_content", text, "reasoning", text);
    }

    /// Streams the answers.
    ///
    /// @param complete hears what [#whole] would return, but for log-probabilities and ids, before
    ///   the stream ends
    void stream(
            HttpExchange exchange,
            Answers answers,
            int n,
            Consumer<Map<String, @Nullable Object>> complete)
            throws IOException {
        List<AnswerText> texts = texts(n);
        List<SentCalls> sent = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            sent.add(new SentCalls());
        }
        HttpStream stream = exchange.stream(200, "text/event-stream");
        try {
            for (int i = 0; i < n; i++) {
                begin(stream, i);
            }
            answers.read(
                    (i, token) -> {
                        String text = texts.get(i).add(token.text());
                        thought(stream, i, texts.get(i));
                        text(stream, i, text, token);
                        calls(stream, i, sent.get(i).fresh(texts.get(i)));
                    },
                    (i, answer) -> {
                        String text = end(texts.get(i), answer);
                        thought(stream, i, texts.get(i));
                        text(stream, i, text, Token.ofText(text));
                        calls(stream, i, sent.get(i).fresh(texts.get(i)));
                        boolean called = sent.get(i).count() > 0;
                        Map<String, @Nullable Object> last =
                                choiceDelta(i, HttpJson.object(), null, finish(answer, called));
                        last.put("stop_reason", answer.stopString());
                        stream.event(chunk(List.of(last), null));
                    });
            if (withUsage) {
                usageChunk(stream, answers, texts);
            }
            complete.accept(whole(answers, texts, null, List.of()));
            stream.write("data: [DONE]\n\n");
        } catch (RuntimeException e) {
            stream.event(OpenAiErrors.body(EngineErrors.of(e)));
        }
        stream.end();
    }

    private void begin(HttpStream stream, int index) throws IOException {
        Map<String, @Nullable Object> role = HttpJson.object("role", "assistant", "content", "");
        Map<String, @Nullable Object> chunk =
                chunk(List.of(choiceDelta(index, role, null, null)), null);
        chunk.putAll(fields.ofPrompt(prompt));
        stream.event(chunk);
    }

    /// The text that became complete with a token.
    private void text(HttpStream stream, int index, String text, Token token) throws IOException {
        boolean told = fields.tokenIds() && !token.isText();
        if (!text.isEmpty() || scored(token) || told) {
            Map<String, @Nullable Object> choiceDelta =
                    choiceDelta(
                            index,
                            HttpJson.object("content", text),
                            scored(token) ? logprobs.entry(token) : null,
                            null);
            fields.addIds(choiceDelta, ids(token));
            stream.event(chunk(List.of(choiceDelta), null));
        }
    }

    private void thought(HttpStream stream, int index, AnswerText text) throws IOException {
        String piece = text.takeThought();
        if (!piece.isEmpty()) {
            delta(stream, index, thought(piece));
        }
    }

    private void calls(HttpStream stream, int index, List<SentCalls.Piece> pieces)
            throws IOException {
        for (SentCalls.Piece piece : pieces) {
            Map<String, @Nullable Object> call = HttpJson.object("index", piece.index());
            if (piece.begins()) {
                call.put("id", ids.next());
                call.put("type", "function");
            }
            call.put(
                    "function",
                    piece.begins()
                            ? HttpJson.object("name", piece.name(), "arguments", piece.arguments())
                            : HttpJson.object("arguments", piece.arguments()));
            delta(stream, index, HttpJson.object("tool_calls", List.of(call)));
        }
    }

    private void delta(HttpStream stream, int index, Map<String, @Nullable Object> delta)
            throws IOException {
        stream.event(chunk(List.of(choiceDelta(index, delta, null, null)), null));
    }

    private static Map<String, @Nullable Object> choiceDelta(
            int index,
            Map<String, @Nullable Object> delta,
            @Nullable Map<String, @Nullable Object> score,
            @Nullable String finish) {
        return HttpJson.object(
                "index",
                index,
                "delta",
                delta,
                "logprobs",
                score == null ? null : HttpJson.object("content", List.of(score)),
                "finish_reason",
                finish);
    }

    private void usageChunk(HttpStream stream, Answers answers, List<AnswerText> texts)
            throws IOException {
        List<Usage> usages = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            usages.add(answers.get(i).usage());
        }
        stream.event(chunk(List.of(), usage(usages, texts)));
    }

    private Map<String, @Nullable Object> chunk(List<?> choices, @Nullable Object usage) {
        Map<String, @Nullable Object> chunk = frame("chat.completion.chunk", choices);
        if (withUsage) {
            chunk.put("usage", usage);
        }
        return chunk;
    }
}
