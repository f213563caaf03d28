package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpStream;
import dev.jebena.llm.Answer;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Token;
import dev.jebena.llm.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the answers of `/completion`.
final class LlamaCppReply {
    private static final class Text {
        final StringBuilder content = new StringBuilder();
        final List<Integer> ids = new ArrayList<>();
        final List<Object> probabilities = new ArrayList<>();
    }

    private final ModelLease lease;
    private final Generation options;
    private final List<int[]> prompts;
    private final int slot;
    private final boolean returnTokens;
    private final Logprobs logprobs;
    private final List<Text> texts = new ArrayList<>();

    /// @param slot where the last answer is kept
    LlamaCppReply(
            RequestFields request,
            ModelLease lease,
            Generation options,
            List<int[]> prompts,
            int slot) {
        this.slot = slot;
        this.lease = lease;
        this.options = options;
        this.prompts = prompts;
        returnTokens = request.flag("return_tokens", false);
        logprobs = new Logprobs(lease.llm().tokenizer());
        prompts.forEach(_ -> texts.add(new Text()));
    }

    private void add(Text text, Token token) {
        text.content.append(token.text());
        if (token.isText()) {
            return;
        }
        text.ids.add(token.id());
        if (options.logprobs() >= 0) {
            text.probabilities.add(probabilities(token));
        }
    }

    private Map<String, @Nullable Object> probabilities(Token token) {
        return options.drawnLogprobs()
                ? logprobs.entryWithProbabilities(token)
                : logprobs.entryWithIds(token);
    }

    void whole(HttpExchange exchange, Answers answers) throws IOException {
        answers.read((i, token) -> add(texts.get(i), token), (_, _) -> {});
        List<Object> replies = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Text text = texts.get(i);
            Answer answer = answers.get(i);
            Map<String, @Nullable Object> reply =
                    result(i, text.content.toString(), answer, answer.usage());
            reply.put("tokens", returnTokens ? text.ids : List.of());
            if (options.logprobs() >= 0) {
                reply.put("completion_probabilities", text.probabilities);
            }
            replies.add(reply);
        }
        exchange.json(200, replies.size() == 1 ? replies.getFirst() : replies);
    }

    /// The reply when no tokens are asked for.
    void withoutAnswers(HttpExchange exchange) throws IOException {
        int evaluated = prompts.getFirst().length;
        Usage usage = new Usage(evaluated, 0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        Map<String, @Nullable Object> reply = result(0, "", null, usage);
        reply.put("tokens", List.of());
        exchange.json(200, reply);
    }

    /// Server-sent events without the `[DONE]` of OpenAI.
    void stream(HttpExchange exchange, Answers answers) throws IOException {
        HttpStream stream = exchange.stream(200, "text/event-stream");
        Text text = texts.getFirst();
        try {
            answers.read(
                    (_, token) -> {
                        add(text, token);
                        if (!token.text().isEmpty() || options.logprobs() >= 0) {
                            stream.event(piece(text, token));
                        }
                    },
                    (_, answer) -> {
                        Map<String, @Nullable Object> last = result(0, "", answer, answer.usage());
                        last.put("tokens", List.of());
                        stream.event(last);
                    });
        } catch (RuntimeException e) {
            stream.event(LlamaCppRoutes.error(EngineErrors.of(e)));
        }
        stream.end();
    }

    private Map<String, @Nullable Object> piece(Text text, Token token) {
        Map<String, @Nullable Object> piece =
                HttpJson.object(
                        "index",
                        0,
                        "content",
                        token.text(),
                        "tokens",
                        token.isText() ? List.of() : List.of(token.id()),
                        "stop",
                        false,
                        "id_slot",
                        slot,
                        "tokens_predicted",
                        text.ids.size(),
                        "tokens_evaluated",
                        prompts.getFirst().length);
        if (options.logprobs() >= 0 && !token.isText()) {
            piece.put("completion_probabilities", List.of(probabilities(token)));
        }
        return piece;
    }

    private Map<String, @Nullable Object> result(
            int index, String content, @Nullable Answer answer, Usage usage) {
        String stopped = answer == null ? null : answer.stopString();
        return HttpJson.object(
                "index",
                index,
                "content",
                content,
                "id_slot",
                slot,
                "stop",
                true,
                "model",
                lease.model().name().toString(),
                "tokens_predicted",
                usage.answerTokens(),
                "tokens_evaluated",
                usage.promptTokens(),
                "generation_settings",
                settings(options, lease.llm().contextLength(), answer),
                "prompt",
                lease.llm().tokenizer().decode(prompts.get(index), true),
                "has_new_line",
                content.indexOf('\n') >= 0,
                "truncated",
                false,
                "stop_type",
                stopType(answer),
                "stopping_word",
                stopped == null ? "" : stopped,
                "tokens_cached",
                usage.promptTokens() + usage.answerTokens(),
                "timings",
                timings(usage));
    }

    private static String stopType(@Nullable Answer answer) {
        FinishReason reason = answer == null ? FinishReason.LENGTH : answer.finishReason();
        return switch (reason) {
            case END -> "eos";
            case STOP_STRING -> "word";
            case LENGTH -> "limit";
            case null, default -> "none";
        };
    }

    static Map<String, @Nullable Object> timings(Usage usage) {
        int prompt = usage.promptTokens() - usage.cachedTokens();
        double promptMillis = usage.promptTime().toNanos() / 1e6;
        double answerMillis = usage.answerTime().toNanos() / 1e6;
        return HttpJson.object(
                "cache_n",
                usage.cachedTokens(),
                "prompt_n",
                prompt,
                "prompt_ms",
                promptMillis,
                "prompt_per_token_ms",
                promptMillis / Math.max(1, prompt),
                "prompt_per_second",
                perSecond(prompt, promptMillis),
                "predicted_n",
                usage.answerTokens(),
                "predicted_ms",
                answerMillis,
                "predicted_per_token_ms",
                answerMillis / Math.max(1, usage.answerTokens()),
                "predicted_per_second",
                perSecond(usage.answerTokens(), answerMillis));
    }

    private static double perSecond(int tokens, double millis) {
        return millis > 0 ? tokens * 1000.0 / millis : 0;
    }

    /// The options in llama.cpp's names.
    static Map<String, @Nullable Object> settings(
            Generation g, int contextLength, @Nullable Answer answer) {
        return HttpJson.object(
                "n_ctx", contextLength,
                "n_predict", g.maxTokens(),
                "max_tokens", g.maxTokens(),
                "seed", answer == null ? -1 : answer.seed(),
                "temperature", g.temperature(),
                "top_k", g.topK(),
                "top_p", g.topP(),
                "min_p", g.minP(),
                "typical_p", g.typicalP(),
                "repeat_last_n", g.repeatWindow(),
                "repeat_penalty", g.repeatPenalty(),
                "presence_penalty", g.presencePenalty(),
                "frequency_penalty", g.frequencyPenalty(),
                "ignore_eos", g.ignoreEos(),
                "stop", g.stop(),
                "n_probs", Math.max(0, g.logprobs()),
                "min_keep", 0,
                "grammar", "",
                "samplers",
                        List.of("penalties", "top_k", "typ_p", "top_p", "min_p", "temperature"));
    }
}
