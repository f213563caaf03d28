package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.hub.ModelSummary;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Llm;
import dev.jebena.tokenizers.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tabby's server for its editor plugins: code that stands between two texts, at `/v1/completions`
/// with `segments`, and what the agent asks besides.
final class TabbyRoutes {
    private static final int MOST_TOKENS = 64;
    private static final int MOST_SNIPPETS = 4000;
    private static final List<String> EVENTS =
            List.of("view", "select", "dismiss", "chat_completion", "issue_created");

    private final ModelAccess models;

    TabbyRoutes(ModelAccess models) {
        this.models = models;
    }

    void register(Router router) {
        router.get("/v1beta/models", x -> x.json(200, names()))
                .get(
                        "/v1beta/server_setting",
                        x -> x.json(200, HttpJson.object("disable_client_side_telemetry", true)))
                .post("/v1/events", EngineErrors.translating(TabbyRoutes::event))
                .errors("/v1beta/", OpenAiErrors::body);
    }

    /// What Tabby tells of its machine, for `/v1/health`.
    static Map<String, @Nullable Object> health(ModelAccess models) {
        String model =
                models.catalog().list().stream()
                        .filter(m -> ModelAccess.generates(m.details()))
                        .map(m -> m.name().toString())
                        .findFirst()
                        .orElse(null);
        String arch = System.getProperty("os.arch", "").replace("amd64", "x86_64");
        return HttpJson.object(
                "model",
                model,
                "chat_model",
                model,
                "device",
                "cpu",
                "arch",
                arch,
                "cpu_info",
                System.getProperty("os.name", "") + " " + arch,
                "cpu_count",
                Runtime.getRuntime().availableProcessors(),
                "cuda_devices",
                List.of(),
                "version",
                HttpJson.object(
                        "build_date",
                        "",
                        "build_timestamp",
                        "",
                        "git_sha",
                        "",
                        "git_describe",
                        "jebena-" + JebenaServer.version()));
    }

    private Map<String, @Nullable Object> names() {
        List<String> text = new ArrayList<>();
        List<String> embedding = new ArrayList<>();
        for (ModelSummary model : models.catalog().list()) {
            (ModelAccess.generates(model.details()) ? text : embedding)
                    .add(model.name().toString());
        }
        return HttpJson.object("completion", text, "chat", text, "embedding", embedding);
    }

    /// What became of a completion. Nothing here learns from it; it is only checked.
    private static void event(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String type = request.required("type");
        if (!EVENTS.contains(type)) {
            throw request.invalid(
                    "type", "expected " + String.join(", ", EVENTS) + ", found " + type);
        }
        exchange.empty(200);
    }

    /// Whether a request to `/v1/completions` is Tabby's.
    static boolean asks(HttpExchange exchange) {
        Map<String, @Nullable Object> body = exchange.json();
        return body.get("segments") instanceof Map<?, ?> && body.get("prompt") == null;
    }

    void complete(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        RequestFields segments = request.object("segments");
        if (segments == null) {
            throw request.invalid("segments", "missing");
        }
        String prefix = snippets(request, segments) + segments.required("prefix");
        String suffix = segments.string("suffix", "");
        try (ModelLease lease = models.open(request.string("model"))) {
            Llm llm = ModelAccess.generating(lease);
            int[] ids = prompt(llm, prefix, suffix);
            Double temperature = request.number("temperature", 0, 2);
            Long seed = request.integer("seed", 0, Long.MAX_VALUE);
            Generation options =
                    Generation.defaults()
                            .temperature(temperature == null ? 0.1f : temperature.floatValue())
                            .maxTokens(Math.min(MOST_TOKENS, llm.contextLength() / 4))
                            .stop(List.of("\n\n"));
            if (seed != null) {
                options = options.seed(seed);
            }
            String text = ids.length == 0 ? "" : text(exchange, lease, ids, options);
            exchange.json(
                    200,
                    HttpJson.object(
                            "id",
                            "cmpl-" + OpenAiChatReply.newId(),
                            "choices",
                            List.of(HttpJson.object("index", 0, "text", text))));
        }
    }

    private String text(HttpExchange exchange, ModelLease lease, int[] ids, Generation options)
            throws IOException {
        StringBuilder text = new StringBuilder();
        try (Answers answers = models.start(exchange, lease, List.of(ids), options, 1)) {
            answers.read((_, token) -> text.append(token.text()), (_, _) -> {});
        }
        return text.toString();
    }

    /// As much of both texts around the cursor as three quarters of the context hold. A model
    /// without tokens for it does not see what follows.
    private static int[] prompt(Llm llm, String prefix, String suffix) {
        Tokenizer tokenizer = llm.tokenizer();
        int most = llm.contextLength() * 3 / 4;
        if (suffix.isEmpty() || tokenizer.fillInTheMiddle() == null) {
            int[] ids = tokenizer.encode(prefix, true, false);
            return Arrays.copyOfRange(ids, Math.max(0, ids.length - most), ids.length);
        }
        String before = prefix;
        String after = suffix;
        int[] ids = OpenAiCompletions.infill(tokenizer, before, after);
        while (ids.length > most && before.length() + after.length() > 1) {
            before = before.substring(before.length() / 2);
            after = after.substring(0, after.length() / 2);
            ids = OpenAiCompletions.infill(tokenizer, before, after);
        }
        return ids;
    }

    /// Declarations and code of other files that the agent found, as comments.
    private static String snippets(RequestFields request, RequestFields segments) {
        String language = request.string("language", "");
        String mark =
                List.of("python", "ruby", "shellscript", "yaml").contains(language) ? "#" : "//";
        StringBuilder text = new StringBuilder();
        for (String name : List.of("declarations", "relevant_snippets_from_changed_files")) {
            for (RequestFields snippet : segments.objects(name)) {
                String body = snippet.required("body");
                if (text.length() + body.length() <= MOST_SNIPPETS) {
                    ("Path: " + snippet.string("filepath", "") + "\n" + body)
                            .lines()
                            .forEach(line ->
                                    text.append(mark).append(' ').append(line).append('\n'));
                }
            }
        }
        return text.toString();
    }
}
