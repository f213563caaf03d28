package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.hub.StoredModel;
import dev.jebena.hub.TemplateLanguage;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.llm.Message;
import dev.jebena.llm.Token;
import dev.jebena.tokenizers.ChatTemplate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// `POST /api/generate`.
final class OllamaGenerate {
    private final ModelAccess models;

    OllamaGenerate(ModelAccess models) {
        this.models = models;
    }

    void handle(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String name = OllamaFields.model(request);
        StoredModel model = models.find(name);
        Duration keepAlive = OllamaFields.keepAlive(request);
        boolean stream = request.flag("stream", true);
        OllamaFields.refuseImages(request);
        String prompt = request.string("prompt", "");
        if (prompt.isEmpty() && request.string("suffix", "").isEmpty()) {
            loadOrUnload(exchange, name, model, keepAlive, HttpJson.object("response", ""));
            return;
        }
        int context = OllamaFields.contextLength(request);
        try (ModelLease lease = models.open(model, context, keepAlive)) {
            Llm llm = ModelAccess.generating(lease);
            Generation options = OllamaFields.options(request, lease);
            int[] ids = prompt(request, name, lease, prompt);
            ids = fitting(request, llm, ids);
            try (Answers answers = models.start(exchange, lease, List.of(ids), options, 1)) {
                new Reply(exchange, request, name, lease, ids).run(answers, stream);
            }
        }
    }

    /// A request without a prompt: makes sure that the model is loaded, or with `keep_alive` 0 that
    /// it is not.
    ///
    /// @param empty the empty answer in the shape of the path
    void loadOrUnload(
            HttpExchange exchange,
            String name,
            StoredModel model,
            @Nullable Duration keepAlive,
            Map<String, @Nullable Object> empty)
            throws IOException {
        boolean unload = keepAlive != null && keepAlive.isZero();
        if (unload) {
            models.pool().unload(model);
        } else {
            models.open(model, 0, keepAlive).close();
        }
        Map<String, @Nullable Object> line =
                HttpJson.object("model", name, "created_at", OllamaFields.now());
        line.putAll(empty);
        line.put("done", true);
        line.put("done_reason", unload ? "unload" : "load");
        exchange.bytes(200, "application/json", HttpJson.bytes(line));
    }

    private static int[] prompt(
            RequestFields request, String name, ModelLease lease, String prompt) {
        Llm llm = lease.llm();
        String suffix = request.string("suffix", "");
        List<@Nullable Object> context = request.list("context");
        int[] ids;
        if (!suffix.isEmpty()) {
            ids = OpenAiCompletions.infill(llm.tokenizer(), prompt, suffix);
        } else if (request.flag("raw", false)) {
            ids = ChatPrompt.encode(llm.tokenizer(), prompt);
        } else {
            String text = templated(request, name, lease, prompt);
            ids =
                    context == null || context.isEmpty()
                            ? ChatPrompt.encode(llm.tokenizer(), text)
                            : llm.tokenizer().encode(text, false, true);
        }
        if (context == null || context.isEmpty()) {
            return ids;
        }
        int[] before = request.ids("context", context, llm.tokenizer().vocabularySize());
        return IntStream.concat(IntStream.of(before), IntStream.of(ids)).toArray();
    }

    private static String templated(
            RequestFields request, String name, ModelLease lease, String prompt) {
        String system = request.string("system");
        String template = request.string("template", "");
        List<Message> messages = new ArrayList<>();
        if (system != null && !system.isEmpty()) {
            messages.add(Message.system(system));
        }
        messages.add(Message.user(prompt));
        Map<String, @Nullable Object> extra = OllamaFields.think(request, name, lease).variables();
        if (template.isEmpty()) {
            return ChatPrompt.of(lease, messages, List.of(), extra);
        }
        if (TemplateLanguage.of(template) == TemplateLanguage.JINJA) {
            return ChatPrompt.render(lease.llm(), ChatTemplate.of(template), messages, extra);
        }
        String inherited = lease.model().system();
        return OllamaTemplate.render(
                template,
                Map.of(
                        "System",
                        system != null ? system : inherited != null ? inherited : "",
                        "Prompt",
                        prompt,
                        "Suffix",
                        "",
                        "Response",
                        ""));
    }

    /// A prompt longer than the context loses its oldest part, as Ollama does, and leaves a quarter
    /// of the context for the answer.
    static int[] fitting(RequestFields request, Llm llm, int[] ids) {
        int limit = llm.contextLength();
        if (ids.length < limit || !request.flag("truncate", true)) {
            return ids;
        }
        int kept = Math.max(1, limit * 3 / 4);
        int[] cut = new int[kept];
        System.arraycopy(ids, ids.length - kept, cut, 0, kept);
        if (llm.tokenizer().addsBos()) {
            cut[0] = ids[0];
        }
        return cut;
    }

    /// Writes one answer.
    private static final class Reply {
        private final HttpExchange exchange;
        private final boolean scored;
        private final String name;
        private final ModelLease lease;
        private final int[] prompt;
        private final Logprobs logprobs;
        private final StringBuilder text = new StringBuilder();
        private final List<Object> scores = new ArrayList<>();
        private final IntStream.Builder answerIds = IntStream.builder();

        Reply(
                HttpExchange exchange,
                RequestFields request,
                String name,
                ModelLease lease,
                int[] prompt) {
            this.exchange = exchange;
            this.name = name;
            this.lease = lease;
            this.prompt = prompt;
            scored = request.flag("logprobs", false);
            logprobs = new Logprobs(lease.llm().tokenizer());
        }

        void run(Answers answers, boolean streamed) throws IOException {
            if (!streamed) {
                answers.read(
                        (_, token) -> {
                            add(token);
                            text.append(token.text());
                        },
                        (_, answer) -> exchange.json(200, last(answer, text.toString(), scores)));
                return;
            }
            OllamaStream.answer(
                    exchange,
                    stream ->
                            answers.read(
                                    (_, token) -> {
                                        add(token);
                                        if (!token.text().isEmpty()) {
                                            stream.line(
                                                    line(token.text(), false, List.copyOf(scores)));
                                            scores.clear();
                                        }
                                    },
                                    (_, answer) -> stream.line(last(answer, "", scores))));
        }

        private void add(Token token) {
            if (token.isText()) {
                return;
            }
            answerIds.add(token.id());
            if (scored) {
                scores.add(logprobs.entry(token));
            }
        }

        private Map<String, @Nullable Object> line(
                String piece, boolean done, List<Object> pieceScores) {
            Map<String, @Nullable Object> line =
                    HttpJson.object(
                            "model", name,
                            "created_at", OllamaFields.now(),
                            "response", piece,
                            "done", done);
            if (!pieceScores.isEmpty()) {
                line.put("logprobs", pieceScores);
            }
            return line;
        }

        private Map<String, @Nullable Object> last(
                Answer answer, String all, List<Object> allScores) {
            Map<String, @Nullable Object> line = line(all, true, allScores);
            line.put(
                    "context", IntStream.concat(IntStream.of(prompt), answerIds.build()).toArray());
            OllamaFields.end(line, exchange, lease, answer);
            return line;
        }
    }
}
