package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpHandler;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.IOException;
import java.util.List;

/// Small routes of vLLM and text-embeddings-inference: signs of life, the one entry that hosting
/// services call, and what no model here can do.
final class ExtraRoutes {
    private ExtraRoutes() {}

    static void register(Router router, ModelAccess models) {
        HttpHandler ping = exchange -> exchange.empty(200);
        router.get("/ping", ping)
                .post("/ping", ping)
                .get("/load", exchange -> load(exchange, models))
                .post("/invocations", invocations(models))
                .post("/predict", needs("a model that classifies texts; none can be loaded yet"))
                .post(
                        "/embed_sparse",
                        needs("a SPLADE model; none can be loaded yet. /embed answers"))
                .post(
                        "/embed_all",
                        needs("the vectors of all tokens; /embed gives one for a text"));
        for (String path : List.of("/predict", "/embed_")) {
            router.errors(path, TgiRoutes::error);
        }
        router.errors("/invocations", OpenAiErrors::body);
    }

    private static void load(HttpExchange exchange, ModelAccess models) throws IOException {
        int load =
                models.pool().loaded().stream()
                        .mapToInt(m -> m.stats().running() + m.stats().waiting())
                        .sum();
        exchange.json(200, HttpJson.object("server_load", load));
    }

    /// One entry for all: by the body a conversation, a prompt, or texts to embed.
    private static HttpHandler invocations(ModelAccess models) {
        OpenAiChat chat = new OpenAiChat(models, ReplyExtras.none());
        OpenAiCompletions completions = new OpenAiCompletions(models, ReplyExtras.none());
        HttpHandler embeddings = OpenAiRoutes.embeddings(models);
        return EngineErrors.translating(exchange -> {
            RequestFields request = new RequestFields(exchange.json());
            if (request.has("messages")) {
                chat.handle(exchange);
            } else if (request.has("prompt")) {
                completions.handle(exchange);
            } else if (request.has("input")) {
                embeddings.handle(exchange);
            } else {
                throw new HttpException(
                        400, "invalid_value", "Expected 'messages', 'prompt' or 'input'");
            }
        });
    }

    private static HttpHandler needs(String what) {
        return exchange -> {
            throw new HttpException(424, "model_not_found", exchange.path() + " needs " + what);
        };
    }
}
