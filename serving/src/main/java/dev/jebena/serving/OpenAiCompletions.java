package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.llm.Token;
import dev.jebena.tokenizers.Tokenizer;
import dev.jebena.tokenizers.Tokenizer.FillInTheMiddle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// `POST /v1/completions`: prompts as they are, no chat template.
final class OpenAiCompletions {
    private static final int MAX_ANSWERS = 128;
    private static final int DEFAULT_TOKENS = 16;

    /// @param text the prompt's text, for `echo`
    record Prompt(int[] ids, String text) {}

    private final ModelAccess models;
    private final ReplyExtras extras;

    OpenAiCompletions(ModelAccess models, ReplyExtras extras) {
        this.models = models;
        this.extras = extras;
    }

    void handle(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        int n = request.integer("n", 1, MAX_ANSWERS, 1);
        int best = request.integer("best_of", 1, MAX_ANSWERS, n);
        boolean stream = request.flag("stream", false);
        if (best < n || (stream && best > n)) {
            throw request.invalid(
                    "best_of",
                    best < n ? "smaller than n, which is " + n : "is not possible with stream");
        }
        if (!request.has("prompt")) {
            throw request.invalid("prompt", "missing");
        }
        try (ModelLease lease = models.open(request.required("model"))) {
            Llm llm = ModelAccess.generating(lease);
            List<Prompt> prompts = prompts(request, llm);
            if ((long) prompts.size() * best > MAX_ANSWERS) {
                throw request.invalid(
                        "prompt", "at most " + MAX_ANSWERS + " prompts and choices together");
            }
            Generation options = options(request, lease, best > n);
            Beams beams = Beams.of(request, best, stream);
            OpenAiCompletionsReply reply =
                    new OpenAiCompletionsReply(
                            request,
                            llm.tokenizer(),
                            prompts,
                            n,
                            beams == null ? best : n,
                            scores(exchange, request, lease, prompts, options));
            if (options.maxTokens() == 0) {
                reply.withoutAnswers(exchange);
                return;
            }
            List<int[]> ids = prompts.stream().map(Prompt::ids).toList();
            try (Answers answers =
                    beams == null
                            ? models.start(exchange, lease, ids, options, best)
                            : models.search(exchange, lease, ids, options, beams, n)) {
                if (stream) {
                    reply.stream(exchange, answers);
                } else {
                    Map<String, @Nullable Object> whole = reply.whole(answers);
                    extras.add(whole, lease, answers.get(0));
                    exchange.json(200, whole);
                }
            }
        }
    }

    private static Generation options(RequestFields request, ModelLease lease, boolean ranked) {
        Generation options =
                SamplingFields.of(request, lease, Generation.defaults())
                        .maxTokens(
                                request.integer(
                                        "max_tokens", -1, Integer.MAX_VALUE, DEFAULT_TOKENS))
                        .constraint(OutputFormat.ofOpenAi(request));
        int logprobs = request.integer("logprobs", 0, 20, -1);
        if (logprobs >= 0 && request.flag("echo", false) && request.flag("stream", false)) {
            throw request.invalid(
                    "logprobs", "those of an echoed prompt are not possible with a stream");
        }
        return options.logprobs(ranked ? Math.max(0, logprobs) : logprobs);
    }

    /// The prompts' tokens with log-probabilities, where they are wanted: for `prompt_logprobs`,
    /// and for `echo` with `logprobs`.
    private List<List<Token>> scores(
            HttpExchange exchange,
            RequestFields request,
            ModelLease lease,
            List<Prompt> prompts,
            Generation options)
            throws IOException {
        int top = ReplyFields.of(request).promptLogprobs();
        if (request.flag("echo", false)) {
            top = Math.max(top, request.integer("logprobs", 0, 20, -1));
        }
        List<List<Token>> scores = new ArrayList<>();
        for (int i = 0; top >= 0 && i < prompts.size(); i++) {
            int[] ids = prompts.get(i).ids();
            scores.add(PromptScores.of(exchange, models, lease, ids, options, top));
        }
        return scores;
    }

    private static List<Prompt> prompts(RequestFields request, Llm llm) {
        Tokenizer tokenizer = llm.tokenizer();
        return prompts(request, tokenizer).stream()
                .map(prompt -> {
                    int[] ids = prompt.ids();
                    int[] kept = TokenFields.truncated(request, ids, llm.contextLength());
                    return kept.length == ids.length
                            ? prompt
                            : new Prompt(kept, tokenizer.decode(kept, true));
                })
                .toList();
    }

    private static List<Prompt> prompts(RequestFields request, Tokenizer tokenizer) {
        String suffix = request.string("suffix");
        Object prompt = request.value("prompt");
        if (suffix != null && !suffix.isEmpty()) {
            if (!(prompt instanceof String prefix)) {
                throw request.invalid("suffix", "needs a prompt that is one string");
            }
            return List.of(new Prompt(infill(tokenizer, prefix, suffix), prefix));
        }
        List<Prompt> prompts = new ArrayList<>();
        switch (prompt) {
            case String text -> prompts.add(ofText(request, tokenizer, text));
            case List<?> list when !list.isEmpty() && list.getFirst() instanceof Number ->
                    prompts.add(ofIds(request, tokenizer, list));
            case List<?> list when !list.isEmpty() -> {
                for (Object element : list) {
                    prompts.add(element(request, tokenizer, element));
                }
            }
            case null, default ->
                    throw request.invalid(
                            "prompt", "expected a string, an array of strings, or token ids");
        }
        return prompts;
    }

    private static Prompt element(
            RequestFields request, Tokenizer tokenizer, @Nullable Object element) {
        return switch (element) {
            case String text -> ofText(request, tokenizer, text);
            case List<?> ids when !ids.isEmpty() -> ofIds(request, tokenizer, ids);
            case null, default ->
                    throw request.invalid(
                            "prompt", "expected strings or arrays of token ids in the array");
        };
    }

    private static Prompt ofText(RequestFields request, Tokenizer tokenizer, String text) {
        int[] ids =
                request.flag("add_special_tokens", true)
                        ? ChatPrompt.encode(tokenizer, text)
                        : tokenizer.encode(text, false, true);
        if (ids.length == 0) {
            throw HttpException.invalid("prompt", "Invalid 'prompt': it has no tokens");
        }
        return new Prompt(ids, text);
    }

    private static Prompt ofIds(RequestFields request, Tokenizer tokenizer, List<?> list) {
        int[] ids = request.ids("prompt", list, tokenizer.vocabularySize());
        return new Prompt(ids, tokenizer.decode(ids, true));
    }

    /// The prompt that makes a model write what stands between two texts.
    static int[] infill(Tokenizer tokenizer, String prefix, String suffix) {
        FillInTheMiddle marks = tokenizer.fillInTheMiddle();
        if (marks == null) {
            throw HttpException.invalid(
                    "suffix",
                    "This model cannot fill in the middle: its vocabulary has no tokens for it");
        }
        IntStream.Builder ids = IntStream.builder();
        if (tokenizer.addsBos() && tokenizer.bos().isPresent()) {
            ids.add(tokenizer.bos().getAsInt());
        }
        ids.add(marks.prefix());
        IntStream.of(tokenizer.encode(prefix, false, false)).forEach(ids::add);
        ids.add(marks.suffix());
        IntStream.of(tokenizer.encode(suffix, false, false)).forEach(ids::add);
        ids.add(marks.middle());
        return ids.build().toArray();
    }
}
