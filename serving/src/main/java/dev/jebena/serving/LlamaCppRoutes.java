package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpHandler;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.llm.Generation;
import dev.jebena.llm.Message;
import dev.jebena.llm.Tool;
import dev.jebena.tokenizers.ChatTemplate;
import dev.jebena.tokenizers.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// llama.cpp's server: `/completion`, `/infill`, `/apply-template`, `/embedding`, `/props`,
/// `/health`. `model` is taken everywhere; without it the default model is meant. Its tokenizing is
/// in [TokenizeRoutes], its reranking in [ScoringRoutes].
final class LlamaCppRoutes {
    private final ModelAccess models;

    private LlamaCppRoutes(ModelAccess models) {
        this.models = models;
    }

    static void register(Router router, ModelAccess models) {
        LlamaCppRoutes routes = new LlamaCppRoutes(models);
        LlamaCppCompletion completion = new LlamaCppCompletion(models);
        post(router, "/completion", completion::handle);
        post(router, "/completions", completion::handle);
        post(router, "/infill", completion::infill);
        post(router, "/apply-template", routes::applyTemplate);
        post(router, "/embedding", routes::embedding);
        router.get("/props", EngineErrors.translating(routes::props))
                .get("/health", LlamaCppRoutes::health)
                .get("/v1/health", routes::healthWithMachine)
                .post("/v1/health", routes::healthWithMachine)
                .open("/health")
                .open("/v1/health")
                .errors("/props", LlamaCppRoutes::error);
    }

    private static void post(Router router, String path, HttpHandler handler) {
        router.post(path, EngineErrors.translating(handler)).errors(path, LlamaCppRoutes::error);
    }

    /// `{"error": {code, message, type}}`, the code being the status.
    static Object error(HttpException problem) {
        String type =
                switch (problem.status()) {
                    case 400 ->
                            problem.code().equals("context_length_exceeded")
                                    ? "exceed_context_size_error"
                                    : "invalid_request_error";
                    case 401 -> "authentication_error";
                    case 403 -> "permission_error";
                    case 404 -> "not_found_error";
                    case 429, 503 -> "unavailable_error";
                    case 501 -> "not_supported_error";
                    default -> problem.status() >= 500 ? "server_error" : "invalid_request_error";
                };
        return HttpJson.object(
                "error",
                HttpJson.object(
                        "code", problem.status(), "message", problem.message(), "type", type));
    }

    private static void health(HttpExchange exchange) throws IOException {
        exchange.json(200, HttpJson.object("status", "ok"));
    }

    private void healthWithMachine(HttpExchange exchange) throws IOException {
        Map<String, @Nullable Object> health = HttpJson.object("status", "ok");
        health.putAll(TabbyRoutes.health(models));
        exchange.json(200, health);
    }

    private void applyTemplate(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        List<Message> messages = ChatMessages.of(request);
        List<Tool> tools = RequestTools.of(request);
        try (ModelLease lease = models.open(request.string("model"))) {
            String prompt = ChatPrompt.of(ModelAccess.checked(lease), messages, tools, Map.of());
            exchange.json(200, HttpJson.object("prompt", prompt));
        }
    }

    private void embedding(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String field = request.has("content") ? "content" : "input";
        try (ModelLease lease =
                models.open(models.findEmbedding(request.string("model")), 0, null)) {
            Embeddings.Vectors vectors = Embeddings.of(request, field, lease, false, null);
            List<Object> list = new ArrayList<>();
            for (float[] vector : vectors.vectors()) {
                list.add(HttpJson.object("index", list.size(), "embedding", List.of(vector)));
            }
            exchange.json(200, list);
        }
    }

    private void props(HttpExchange exchange) throws IOException {
        try (ModelLease lease = models.open(exchange.query("model"))) {
            Generation defaults = SamplingFields.of(null, lease, Generation.defaults());
            Tokenizer tokenizer = lease.llm().tokenizer();
            ChatTemplate template = lease.template();
            int context = lease.llm().contextLength();
            exchange.json(
                    200,
                    HttpJson.object(
                            "default_generation_settings",
                            HttpJson.object(
                                    "n_ctx",
                                    context,
                                    "params",
                                    LlamaCppReply.settings(defaults, context, null)),
                            "total_slots",
                            Math.max(1, lease.llm().stats().running()),
                            "model_alias",
                            lease.model().name().toString(),
                            "model_path",
                            String.valueOf(lease.model().path().getFileName()),
                            "chat_template",
                            template == null ? "" : template.source(),
                            "modalities",
                            HttpJson.object("vision", false, "audio", false),
                            "bos_token",
                            spelling(tokenizer, tokenizer.bos()),
                            "eos_token",
                            spelling(tokenizer, tokenizer.eos()),
                            "build_info",
                            "jebena"));
        }
    }

    private static String spelling(Tokenizer tokenizer, OptionalInt id) {
        return id.isPresent() ? tokenizer.token(id.getAsInt()) : "";
    }
}
