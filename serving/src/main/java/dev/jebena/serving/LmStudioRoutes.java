package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.hub.Hub;
import dev.jebena.hub.ModelDetails;
import dev.jebena.hub.ModelSummary;
import dev.jebena.hub.StoredModel;
import dev.jebena.llm.Answer;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// LM Studio's REST API: `/api/v0`, which is OpenAI's with figures of the run, and `/api/v1`, its
/// own. An instance of a model has the model's name.
final class LmStudioRoutes {
    private final ModelAccess models;
    private final Hub hub;

    private LmStudioRoutes(ModelAccess models, Hub hub) {
        this.models = models;
        this.hub = hub;
    }

    static void register(Router router, ModelAccess models, Hub hub) {
        LmStudioRoutes routes = new LmStudioRoutes(models, hub);
        OpenAiChat chat = new OpenAiChat(models, LmStudioRoutes::addFigures);
        OpenAiCompletions completions = new OpenAiCompletions(models, LmStudioRoutes::addFigures);
        LmStudioChat own = new LmStudioChat(models);
        router.errors("/api/v0/", LmStudioErrors::body)
                .errors("/api/v1/", LmStudioErrors::body)
                .get("/api/v0/models", x -> x.json(200, OpenAiRoutes.list(routes.all())))
                .get(
                        "/api/v0/models/{id...}",
                        EngineErrors.translating(x ->
                                x.json(
                                        200,
                                        routes.object(models.find(x.parameter("id")).summary()))))
                .post("/api/v0/chat/completions", EngineErrors.translating(chat::handle))
                .post("/api/v0/completions", EngineErrors.translating(completions::handle))
                .post("/api/v0/embeddings", OpenAiRoutes.embeddings(models))
                .get("/api/v1/models", EngineErrors.translating(routes::catalog))
                .post("/api/v1/models/load", EngineErrors.translating(routes::load))
                .post("/api/v1/models/unload", EngineErrors.translating(routes::unload))
                .post("/api/v1/chat", EngineErrors.translating(own::handle));
        OpenAiRoutes.notYet(router, "/api/v1/models/download");
    }

    private static void addFigures(
            Map<String, @Nullable Object> reply, ModelLease lease, Answer answer) {
        Usage usage = answer.usage();
        ModelDetails details = lease.model().details();
        reply.put(
                "stats",
                HttpJson.object(
                        "tokens_per_second", tokensPerSecond(usage),
                        "time_to_first_token", firstToken(usage),
                        "generation_time", usage.answerTime().toNanos() / 1e9,
                        "stop_reason", stopReason(answer.finishReason())));
        reply.put(
                "model_info",
                HttpJson.object(
                        "arch", details.family(),
                        "quant", details.quantization(),
                        "format", details.format(),
                        "context_length", lease.llm().contextLength()));
        reply.put(
                "runtime",
                HttpJson.object(
                        "name", "jebena",
                        "version", JebenaServer.version(),
                        "supported_formats", List.of("gguf", "safetensors")));
    }

    static double tokensPerSecond(Usage usage) {
        double seconds = usage.answerTime().toNanos() / 1e9;
        return seconds > 0 ? usage.answerTokens() / seconds : 0;
    }

    static double firstToken(Usage usage) {
        return usage.queueTime().plus(usage.promptTime()).toNanos() / 1e9;
    }

    static String stopReason(@Nullable FinishReason reason) {
        return switch (reason) {
            case END -> "eosFound";
            case STOP_STRING -> "stopStringFound";
            case LENGTH -> "maxPredictedTokensReached";
            case CANCELLED -> "userStopped";
            case null -> "failed";
        };
    }

    private List<Map<String, @Nullable Object>> all() {
        return models.catalog().list().stream().map(this::object).toList();
    }

    private Map<String, @Nullable Object> object(ModelSummary model) {
        ModelDetails details = model.details();
        Map<String, @Nullable Object> object =
                HttpJson.object(
                        "id", model.name().toString(),
                        "object", "model",
                        "type", ModelAccess.generates(details) ? "llm" : "embeddings",
                        "publisher", model.name().namespace(),
                        "arch", details.family(),
                        "compatibility_type", details.format(),
                        "quantization", details.quantization(),
                        "state", "not-loaded",
                        "max_context_length", details.contextLength());
        for (LoadedModel loaded : models.pool().loaded()) {
            if (loaded.model().name().equals(model.name())) {
                object.put("state", "loaded");
                object.put("loaded_context_length", loaded.contextLength());
            }
        }
        return object;
    }

    private void catalog(HttpExchange exchange) throws IOException {
        List<Object> list = new ArrayList<>();
        for (ModelSummary model : models.catalog().list()) {
            list.add(entry(model));
        }
        exchange.json(200, HttpJson.object("models", list));
    }

    private Map<String, @Nullable Object> entry(ModelSummary model) {
        ModelDetails details = model.details();
        boolean generates = ModelAccess.generates(details);
        String name = model.name().toString();
        Map<String, @Nullable Object> entry =
                HttpJson.object(
                        "type", generates ? "llm" : "embedding",
                        "publisher", model.name().namespace(),
                        "key", name,
                        "display_name", name,
                        "architecture", details.family(),
                        "quantization",
                                HttpJson.object(
                                        "name", details.quantization(),
                                        "bits_per_weight", bitsPerWeight(model)),
                        "size_bytes", model.size(),
                        "params_string", details.parameterSize(),
                        "loaded_instances", instances(model),
                        "max_context_length", details.contextLength(),
                        "format", details.format());
        if (generates) {
            List<String> can = hub.store().metadata(models.find(name)).capabilities();
            entry.put(
                    "capabilities",
                    HttpJson.object(
                            "vision", false, "trained_for_tool_use", can.contains("tools")));
            entry.put("description", null);
        }
        return entry;
    }

    private static @Nullable Double bitsPerWeight(ModelSummary model) {
        long weights = model.details().parameterCount();
        return weights == 0 ? null : Math.round(model.size() * 800.0 / weights) / 100.0;
    }

    private List<Object> instances(ModelSummary model) {
        List<Object> instances = new ArrayList<>();
        for (LoadedModel loaded : models.pool().loaded()) {
            if (loaded.model().name().equals(model.name())) {
                instances.add(
                        HttpJson.object(
                                "id",
                                model.name().toString(),
                                "config",
                                HttpJson.object("context_length", loaded.contextLength())));
            }
        }
        return instances;
    }

    /// `context_length` stands in the request or, in an older form of it, in its `config`.
    private void load(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String name = request.required("model");
        RequestFields config = request.object("config");
        RequestFields options = config == null ? request : config;
        int context = options.integer("context_length", 1, Integer.MAX_VALUE, 0);
        try (ModelLease lease = models.open(models.find(name), context, null)) {
            exchange.json(
                    200,
                    HttpJson.object(
                            "type",
                            lease.llm().info().generates() ? "llm" : "embedding",
                            "instance_id",
                            lease.model().name().toString(),
                            "model_instance_id",
                            lease.model().name().toString(),
                            "load_time_seconds",
                            lease.loadTime().toNanos() / 1e9,
                            "status",
                            "loaded",
                            "config",
                            HttpJson.object("context_length", lease.llm().contextLength())));
        }
    }

    private void unload(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String id = request.required("instance_id");
        StoredModel model = models.find(id);
        models.pool().unload(model);
        exchange.json(200, HttpJson.object("instance_id", id));
    }
}
