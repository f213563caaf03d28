package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.llm.Generation;
import dev.jebena.tokenizers.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// `POST /completion`: llama.cpp's own completion, with `model` besides its fields.
final class LlamaCppCompletion {
    private static final int MAX_PROMPTS = 128;
    private static final int MAX_PROBABILITIES = 1000;

    private final ModelAccess models;

    LlamaCppCompletion(ModelAccess models) {
        this.models = models;
    }

    void handle(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        if (!request.has("prompt")) {
            throw request.invalid("prompt", "missing");
        }
        try (ModelLease lease = models.open(request.string("model"))) {
            Tokenizer tokenizer = ModelAccess.generating(lease).tokenizer();
            List<int[]> prompts = prompts(request, tokenizer);
            answer(exchange, request, lease, prompts);
        }
    }

    /// `POST /infill`: what stands between `input_prefix` and `input_suffix`.
    void infill(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String prefix = request.string("input_prefix", "");
        String suffix = request.string("input_suffix", "");
        StringBuilder before = new StringBuilder();
        for (RequestFields extra : request.objects("input_extra")) {
            before.append(extra.string("text", "")).append('\n');
        }
        before.append(prefix).append(request.string("prompt", ""));
        try (ModelLease lease = models.open(request.string("model"))) {
            Tokenizer tokenizer = ModelAccess.generating(lease).tokenizer();
            if (tokenizer.fillInTheMiddle() == null) {
                throw new HttpException(
                        501,
                        "unsupported",
                        "Infill is not supported by this model: its vocabulary has no tokens for"
                                + " prefix, suffix and middle; take a code model that has them");
            }
            int[] ids = OpenAiCompletions.infill(tokenizer, before.toString(), suffix);
            answer(exchange, request, lease, List.of(ids));
        }
    }

    private void answer(
            HttpExchange exchange, RequestFields request, ModelLease lease, List<int[]> prompts)
            throws IOException {
        Generation options = options(request, lease);
        boolean stream = request.flag("stream", false);
        if (stream && prompts.size() > 1) {
            throw request.invalid("prompt", "only one prompt can be streamed");
        }
        // -1 leaves the choice to the server.
        int slot = Math.max(0, request.integer("id_slot", -1, ModelPool.Slot.MOST - 1, -1));
        LlamaCppReply reply = new LlamaCppReply(request, lease, options, prompts, slot);
        if (options.maxTokens() == 0) {
            reply.withoutAnswers(exchange);
            return;
        }
        try (Answers answers = models.start(exchange, lease, prompts, options, 1, slot)) {
            if (stream) {
                reply.stream(exchange, answers);
            } else {
                reply.whole(exchange, answers);
            }
        }
    }

    private static Generation options(RequestFields request, ModelLease lease) {
        Generation options = SamplingFields.of(request, lease, Generation.defaults());
        Long limit =
                request.integer(
                        request.has("n_predict") ? "n_predict" : "max_tokens",
                        -2,
                        Integer.MAX_VALUE);
        if (limit != null) {
            options = options.maxTokens(limit < 0 ? -1 : limit.intValue());
        }
        int probabilities = request.integer("n_probs", 0, MAX_PROBABILITIES, 0);
        return options.logprobs(probabilities > 0 ? probabilities : -1)
                .drawnLogprobs(request.flag("post_sampling_probs", false))
                .constraint(OutputFormat.ofOpenAi(request))
                .visible(LazyGrammar.shown(request, lease.llm().tokenizer()));
    }

    /// A string, token ids, a mix of both, or an array of such prompts.
    private static List<int[]> prompts(RequestFields request, Tokenizer tokenizer) {
        Object prompt = request.value("prompt");
        List<int[]> prompts = new ArrayList<>();
        if (prompt instanceof List<?> list && isSeveral(list)) {
            for (Object one : list) {
                prompts.add(prompt(request, tokenizer, one));
            }
        } else {
            prompts.add(prompt(request, tokenizer, prompt));
        }
        if (prompts.size() > MAX_PROMPTS) {
            throw request.invalid("prompt", "at most " + MAX_PROMPTS + " prompts");
        }
        for (int[] ids : prompts) {
            if (ids.length == 0) {
                throw HttpException.invalid("prompt", "Invalid 'prompt': it has no tokens");
            }
        }
        return prompts;
    }

    private static boolean isSeveral(List<?> list) {
        return list.stream().anyMatch(e -> e instanceof List<?>)
                || (list.size() > 1 && list.stream().allMatch(e -> e instanceof String));
    }

    private static int[] prompt(
            RequestFields request, Tokenizer tokenizer, @Nullable Object prompt) {
        return switch (prompt) {
            case String text -> ChatPrompt.encode(tokenizer, text);
            case List<?> mixed when mixed.stream().anyMatch(e -> e instanceof String) ->
                    mixed(request, tokenizer, mixed);
            case List<?> ids -> request.ids("prompt", ids, tokenizer.vocabularySize());
            case null, default -> throw request.invalid("prompt", "expected a string or token ids");
        };
    }

    private static int[] mixed(RequestFields request, Tokenizer tokenizer, List<?> parts) {
        IntStream.Builder ids = IntStream.builder();
        boolean first = true;
        for (Object part : parts) {
            int[] some =
                    part instanceof String text
                            ? tokenizer.encode(text, first, true)
                            : request.ids(
                                    "prompt",
                                    Collections.singletonList(part),
                                    tokenizer.vocabularySize());
            IntStream.of(some).forEach(ids::add);
            first = false;
        }
        return ids.build().toArray();
    }
}
