package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpHandler;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import dev.jebena.hub.ModelSummary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The OpenAI API under `/v1/`: models, chat completions, completions, embeddings. The rest of that
/// API answers 501 in its error shape.
final class OpenAiRoutes {
    private static final List<String> NOT_YET =
            List.of(
                    "audio",
                    "images",
                    "videos",
                    "fine_tuning",
                    "assistants",
                    "threads",
                    "vector_stores",
                    "realtime",
                    "evals",
                    "containers");

    private final ModelAccess models;

    private OpenAiRoutes(ModelAccess models) {
        this.models = models;
    }

    static void register(Router router, ModelAccess models, ServerData data) {
        OpenAiRoutes routes = new OpenAiRoutes(models);
        ChatStore store = new ChatStore(data);
        store.register(router);
        OpenAiChat chat = new OpenAiChat(models, ReplyExtras.none(), store);
        OpenAiCompletions completions = new OpenAiCompletions(models, ReplyExtras.none());
        TabbyRoutes tabby = new TabbyRoutes(models);
        tabby.register(router);
        router.errors("/v1/", OpenAiErrors::body)
                .get("/v1/models", EngineErrors.translating(routes::list))
                .get("/v1/models/{id...}", EngineErrors.translating(routes::model))
                .post("/v1/chat/completions", EngineErrors.translating(chat::handle))
                .post(
                        "/v1/completions",
                        EngineErrors.translating(x -> {
                            if (TabbyRoutes.asks(x)) {
                                tabby.complete(x);
                            } else {
                                completions.handle(x);
                            }
                        }))
                .post("/v1/embeddings", EngineErrors.translating(routes::embeddings))
                .post("/v1/moderations", EngineErrors.translating(routes::moderate));
        NOT_YET.forEach(name -> notYet(router, "/v1/" + name));
    }

    /// 501 for this path and what is below it.
    static void notYet(Router router, String path) {
        HttpHandler refusal = exchange -> notYet(exchange);
        for (String method : List.of("GET", "POST", "DELETE")) {
            router.route(method, path, _ -> true, refusal);
            router.route(method, path + "/{rest...}", _ -> true, refusal);
        }
    }

    private static void notYet(HttpExchange exchange) {
        throw new HttpException(
                501,
                "not_implemented",
                exchange.method() + " " + exchange.path() + " is not implemented yet");
    }

    private void list(HttpExchange exchange) throws IOException {
        List<Map<String, @Nullable Object>> data = new ArrayList<>();
        for (ModelSummary model : models.catalog().list()) {
            data.add(object(model));
        }
        for (ServedAdapters.Named adapter : models.pool().adapters().named()) {
            data.add(object(adapter));
        }
        exchange.json(200, list(data));
    }

    /// A list that comes whole.
    static Map<String, @Nullable Object> list(List<Map<String, @Nullable Object>> data) {
        return HttpJson.object("object", "list", "data", data);
    }

    private void model(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        Optional<ServedAdapters.Named> adapter = models.pool().adapters().named(id);
        boolean model = adapter.isEmpty() || models.catalog().find(id).isPresent();
        exchange.json(200, model ? object(models.find(id).summary()) : object(adapter.get()));
    }

    private Map<String, @Nullable Object> object(ServedAdapters.Named adapter) {
        Map<String, @Nullable Object> object = object(models.find(adapter.model()).summary());
        object.put("id", adapter.file().name());
        object.put("root", String.valueOf(adapter.file().path().getFileName()));
        object.put("parent", adapter.model());
        return object;
    }

    private static Map<String, @Nullable Object> object(ModelSummary model) {
        return HttpJson.object(
                "id", model.name().toString(),
                "object", "model",
                "created", model.modified().getEpochSecond(),
                "owned_by", model.name().namespace());
    }

    /// Checks the request, and says that nothing here can answer it.
    private void moderate(HttpExchange exchange) {
        RequestFields request = new RequestFields(exchange.json());
        if (!(request.value("input") instanceof List<?>)) {
            request.required("input");
        }
        String model = request.string("model", "omni-moderation-latest");
        throw new HttpException(
                        404,
                        "model_not_found",
                        "There is no moderation model '"
                                + model
                                + "' here: no model that classifies texts can be loaded yet. Ask a"
                                + " chat model with a response_format that lists the categories,"
                                + " or a server that has one")
                .param("model");
    }

    /// The handler of `/v1/embeddings`, for protocols that have it under another path.
    static HttpHandler embeddings(ModelAccess models) {
        return EngineErrors.translating(new OpenAiRoutes(models)::embeddings);
    }

    private void embeddings(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        boolean packed = wantsBase64(request);
        if (request.value("input") instanceof List<?> list && list.isEmpty()) {
            throw request.invalid("input", "the array is empty");
        }
        Long dimensions = request.integer("dimensions", 1, Integer.MAX_VALUE);
        String model = request.required("model");
        try (ModelLease lease = models.open(model)) {
            Embeddings.Vectors vectors = Embeddings.of(request, "input", lease, false, dimensions);
            List<Object> data = new ArrayList<>();
            for (float[] vector : vectors.vectors()) {
                data.add(
                        HttpJson.object(
                                "object",
                                "embedding",
                                "index",
                                data.size(),
                                "embedding",
                                packed ? base64(vector) : vector));
            }
            exchange.json(
                    200,
                    HttpJson.object(
                            "object",
                            "list",
                            "data",
                            data,
                            "model",
                            model,
                            "usage",
                            HttpJson.object(
                                    "prompt_tokens", vectors.tokens(),
                                    "total_tokens", vectors.tokens())));
        }
    }

    /// Whether `encoding_format` asks for [#base64].
    static boolean wantsBase64(RequestFields request) {
        String encoding = request.string("encoding_format", "float");
        if (!encoding.equals("float") && !encoding.equals("base64")) {
            throw request.invalid("encoding_format", "expected float or base64, found " + encoding);
        }
        return encoding.equals("base64");
    }

    /// Little-endian float32 in base64, as the clients ask for by default.
    static String base64(float[] vector) {
        ByteBuffer bytes =
                ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
