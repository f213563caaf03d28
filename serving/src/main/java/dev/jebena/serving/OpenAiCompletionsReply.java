package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpStream;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Token;
import dev.jebena.llm.TokenLogprob;
import dev.jebena.tokenizers.Tokenizer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Writes the answers of `/v1/completions`. Answer number `a` of the engine belongs to prompt `a /
/// best`; with `best_of` the likeliest `n` of each prompt are kept.
final class OpenAiCompletionsReply {
    private static final class Text {
        final StringBuilder content = new StringBuilder();
        final List<Token> tokens = new ArrayList<>();
        double logprob;
    }

    private final String id = "cmpl-" + OpenAiChatReply.newId();
    private final long created = Instant.now().getEpochSecond();
    private final String model;
    private final Logprobs logprobs;
    private final List<OpenAiCompletions.Prompt> prompts;
    private final int n;
    private final int best;
    private final boolean echo;
    private final boolean scored;
    private final boolean withUsage;
    private final ReplyFields fields;
    private final List<List<Token>> promptScores;

    OpenAiCompletionsReply(
            RequestFields request,
            Tokenizer tokenizer,
            List<OpenAiCompletions.Prompt> prompts,
            int n,
            int best,
            List<List<Token>> promptScores) {
        model = request.required("model");
        fields = ReplyFields.of(request);
        this.promptScores = promptScores;
        logprobs = new Logprobs(tokenizer, fields.idsAsNames());
        this.prompts = prompts;
        this.n = n;
        this.best = best;
        echo = request.flag("echo", false);
        scored = request.has("logprobs");
        RequestFields streamOptions = request.object("stream_options");
        withUsage = streamOptions != null && streamOptions.flag("include_usage", false);
    }

    /// The reply, once all answers are complete.
    Map<String, @Nullable Object> whole(Answers answers) throws IOException {
        List<Text> texts = new ArrayList<>();
        for (int i = 0; i < prompts.size() * best; i++) {
            texts.add(new Text());
        }
        answers.read(
                (i, token) -> add(texts.get(i), token),
                (i, answer) -> texts.get(i).content.append(fields.ending(answer)));
        List<Object> choices = new ArrayList<>();
        for (int p = 0; p < prompts.size(); p++) {
            for (int answer : kept(texts, p)) {
                choices.add(whole(choices.size(), p, texts.get(answer), answers.get(answer)));
            }
        }
        Map<String, @Nullable Object> reply = frame(choices);
        reply.put("usage", usage(answers));
        return reply;
    }

    private Map<String, @Nullable Object> whole(int index, int p, Text text, Answer answer) {
        Map<String, @Nullable Object> choice =
                whole(index, p, text, OpenAiChatReply.finish(answer, false));
        choice.put("stop_reason", answer.stopString());
        return choice;
    }

    private Map<String, @Nullable Object> whole(int index, int p, Text text, String finish) {
        List<Token> tokens = new ArrayList<>();
        if (scored && echo) {
            tokens.addAll(promptScores.get(p));
        }
        tokens.addAll(text.tokens);
        Map<String, @Nullable Object> choice =
                choice(
                        index,
                        (echo ? prompts.get(p).text() : "") + text.content,
                        scored ? block(tokens, 0) : null,
                        finish);
        if (fields.promptLogprobs() >= 0) {
            choice.put("prompt_logprobs", PromptScores.json(promptScores.get(p), logprobs));
        }
        choice.putAll(fields.ofPrompt(prompts.get(p).ids()));
        fields.addIds(choice, text.tokens.stream().map(Token::id).toList());
        return choice;
    }

    private void add(Text text, Token token) {
        text.content.append(token.text());
        if (!token.isText()) {
            text.tokens.add(token);
            text.logprob += Float.isNaN(token.logprob()) ? 0 : token.logprob();
        }
    }

    private List<Integer> kept(List<Text> texts, int prompt) {
        return IntStream.range(prompt * best, (prompt + 1) * best)
                .boxed()
                .sorted(
                        best == n
                                ? Comparator.naturalOrder()
                                : Comparator.comparingDouble(a -> -mean(texts.get(a))))
                .limit(n)
                .toList();
    }

    private static double mean(Text text) {
        return text.logprob / Math.max(1, text.tokens.size());
    }

    void stream(HttpExchange exchange, Answers answers) throws IOException {
        HttpStream stream = exchange.stream(200, "text/event-stream");
        int[] offsets = new int[prompts.size() * n];
        try {
            for (int i = 0; echo && i < offsets.length; i++) {
                piece(stream, choice(i, prompts.get(i / n).text(), null, null));
            }
            answers.read(
                    (i, token) -> {
                        boolean score = scored && !token.isText();
                        boolean told = fields.tokenIds() && !token.isText();
                        if (!token.text().isEmpty() || score || told) {
                            Object block = score ? block(List.of(token), offsets[i]) : null;
                            Map<String, @Nullable Object> choice =
                                    choice(i, token.text(), block, null);
                            fields.addIds(choice, token.isText() ? List.of() : List.of(token.id()));
                            piece(stream, choice);
                        }
                        offsets[i] += token.text().length();
                    },
                    (i, answer) -> {
                        Map<String, @Nullable Object> last =
                                choice(
                                        i,
                                        fields.ending(answer),
                                        null,
                                        OpenAiChatReply.finish(answer, false));
                        last.put("stop_reason", answer.stopString());
                        piece(stream, last);
                    });
            if (withUsage) {
                Map<String, @Nullable Object> last = frame(List.of());
                last.put("usage", usage(answers));
                stream.event(last);
            }
            stream.write("data: [DONE]\n\n");
        } catch (RuntimeException e) {
            stream.event(OpenAiErrors.body(EngineErrors.of(e)));
        }
        stream.end();
    }

    /// The reply when no tokens are asked for: the prompts alone.
    void withoutAnswers(HttpExchange exchange) throws IOException {
        List<Object> choices = new ArrayList<>();
        int tokens = 0;
        for (int p = 0; p < prompts.size(); p++) {
            tokens += prompts.get(p).ids().length;
            choices.add(whole(p, p, new Text(), "length"));
        }
        Map<String, @Nullable Object> reply = frame(choices);
        reply.put("usage", usage(tokens, 0));
        exchange.json(200, reply);
    }

    private void piece(HttpStream stream, Map<String, @Nullable Object> choice) throws IOException {
        Map<String, @Nullable Object> chunk = frame(List.of(choice));
        if (withUsage) {
            chunk.put("usage", null);
        }
        stream.event(chunk);
    }

    private Map<String, @Nullable Object> frame(List<?> choices) {
        return HttpJson.object(
                "id", id,
                "object", "text_completion",
                "created", created,
                "model", model,
                "choices", choices);
    }

    private static Map<String, @Nullable Object> choice(
            int index, String text, @Nullable Object logprobs, @Nullable String finish) {
        return HttpJson.object(
                "index", index, "text", text, "logprobs", logprobs, "finish_reason", finish);
    }

    private Map<String, @Nullable Object> usage(Answers answers) {
        int prompt = prompts.stream().mapToInt(p -> p.ids().length).sum();
        int made = 0;
        for (int i = 0; i < prompts.size() * best; i++) {
            made += answers.get(i).usage().answerTokens();
        }
        return usage(prompt, made);
    }

    private static Map<String, @Nullable Object> usage(int prompt, int made) {
        return HttpJson.object(
                "prompt_tokens", prompt,
                "completion_tokens", made,
                "total_tokens", prompt + made);
    }

    private Map<String, @Nullable Object> block(List<Token> tokens, int offset) {
        List<Object> texts = new ArrayList<>();
        List<@Nullable Object> chosen = new ArrayList<>();
        List<@Nullable Object> top = new ArrayList<>();
        List<Object> offsets = new ArrayList<>();
        int at = offset;
        for (Token token : tokens) {
            String text = logprobs.text(token.id());
            texts.add(logprobs.name(token.id()));
            boolean first = Float.isNaN(token.logprob());
            chosen.add(first ? null : Logprobs.finite(token.logprob()));
            Map<String, Double> likely = new LinkedHashMap<>();
            for (TokenLogprob other : token.top()) {
                likely.putIfAbsent(logprobs.name(other.id()), Logprobs.finite(other.logprob()));
            }
            top.add(first ? null : likely);
            offsets.add(at);
            at += text.length();
        }
        return HttpJson.object(
                "tokens", texts,
                "token_logprobs", chosen,
                "top_logprobs", top,
                "text_offset", offsets);
    }
}
