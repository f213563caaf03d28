package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.hub.Hub;
import dev.jebena.hub.StoredModel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The Ollama API under `/api/`, and its greeting at `/`.
final class OllamaRoutes {
    /// The Ollama version whose API this follows; its clients compare it.
    static final String API_VERSION = "0.12.0";

    private final ModelAccess models;

    private OllamaRoutes(ModelAccess models) {
        this.models = models;
    }

    static void register(Router router, ModelAccess access, Hub hub) {
        OllamaRoutes routes = new OllamaRoutes(access);
        OllamaGenerate generate = new OllamaGenerate(access);
        OllamaChat chat = new OllamaChat(access, generate);
        OllamaModels models = new OllamaModels(access, hub);
        OllamaTransfers transfers = new OllamaTransfers(access, hub);
        router.errors("/api/", OllamaFields::error)
                .open("/")
                .get("/", x -> x.text(200, "Ollama is running"))
                .get("/api/version", OllamaRoutes::version)
                .get("/api/tags", EngineErrors.translating(models::tags))
                .get("/api/ps", EngineErrors.translating(models::ps))
                .post("/api/show", EngineErrors.translating(models::show))
                .post("/api/generate", EngineErrors.translating(generate::handle))
                .post("/api/chat", EngineErrors.translating(chat::handle))
                .post("/api/embed", EngineErrors.translating(routes::embed))
                .post("/api/embeddings", EngineErrors.translating(routes::embeddings))
                .post("/api/pull", EngineErrors.translating(transfers::pull))
                .post("/api/push", EngineErrors.translating(transfers::push))
                .post("/api/create", EngineErrors.translating(transfers::create))
                .post("/api/copy", EngineErrors.translating(models::copy))
                .delete("/api/delete", EngineErrors.translating(models::delete))
                .route("HEAD", "/api/blobs/{digest}", _ -> true, models::hasBlob)
                .post("/api/blobs/{digest}", EngineErrors.translating(models::putBlob));
    }

    private static void version(HttpExchange exchange) throws IOException {
        exchange.json(200, HttpJson.object("version", API_VERSION));
    }

    private void embed(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String name = OllamaFields.model(request);
        StoredModel model = models.find(name);
        Duration keepAlive = OllamaFields.keepAlive(request);
        Long dimensions = request.integer("dimensions", 1, Integer.MAX_VALUE);
        boolean truncate = request.flag("truncate", true);
        try (ModelLease lease = models.open(model, 0, keepAlive)) {
            Embeddings.Vectors vectors =
                    request.has("input")
                            ? Embeddings.of(request, "input", lease, truncate, dimensions)
                            : new Embeddings.Vectors(List.of(), 0);
            exchange.json(
                    200,
                    HttpJson.object(
                            "model", name,
                            "embeddings", vectors.vectors(),
                            "total_duration", System.nanoTime() - exchange.startNanos(),
                            "load_duration", lease.loadTime().toNanos(),
                            "prompt_eval_count", vectors.tokens()));
        }
    }

    private void embeddings(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        StoredModel model = models.find(OllamaFields.model(request));
        Duration keepAlive = OllamaFields.keepAlive(request);
        String prompt = request.string("prompt", "");
        try (ModelLease lease = models.open(model, 0, keepAlive)) {
            Map<String, @Nullable Object> reply =
                    HttpJson.object(
                            "embedding",
                            prompt.isEmpty()
                                    ? List.of()
                                    : Embeddings.of(request, "prompt", lease, true, null)
                                            .vectors()
                                            .getFirst());
            exchange.json(200, reply);
        }
    }
}
