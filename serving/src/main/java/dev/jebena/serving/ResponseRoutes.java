package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpStream;
import dev.jebena.base.Router;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's Responses API under `/v1/responses`: making them, and reading, cancelling and removing
/// those that are kept.
final class ResponseRoutes {
    private static final int LARGEST_PAGE = 100;

    private final ResponseStore store;

    private ResponseRoutes(ResponseStore store) {
        this.store = store;
    }

    static void register(
            Router router,
            ModelAccess models,
            ResponseStore store,
            OpenAiConversations conversations) {
        ResponseRoutes routes = new ResponseRoutes(store);
        OpenAiResponses responses = new OpenAiResponses(models, store, conversations);
        router.post("/v1/responses", EngineErrors.translating(responses::create))
                .post(
                        "/v1/responses/input_tokens",
                        EngineErrors.translating(responses::countTokens))
                .get("/v1/responses/{id}", EngineErrors.translating(routes::get))
                .delete("/v1/responses/{id}", EngineErrors.translating(routes::delete))
                .post("/v1/responses/{id}/cancel", EngineErrors.translating(routes::cancel))
                .get("/v1/responses/{id}/input_items", EngineErrors.translating(routes::input));
    }

    private void get(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        Map<String, @Nullable Object> response = store.get(id);
        if ("true".equals(exchange.query("stream"))) {
            stream(exchange, id, response);
        } else {
            exchange.json(200, response);
        }
    }

    private void stream(HttpExchange exchange, String id, Map<String, @Nullable Object> response)
            throws IOException {
        String sent = exchange.query("starting_after");
        if (sent != null && !sent.matches("[0-9]{1,9}")) {
            throw HttpException.invalid(
                    "starting_after", "Invalid 'starting_after': expected a sequence number");
        }
        int after = sent == null ? -1 : Integer.parseInt(sent);
        ResponseEvents running = store.runningEvents(id);
        if (running != null) {
            running.follow(exchange.stream(200, "text/event-stream"), after);
            return;
        }
        var events = store.events(id);
        if (events.isEmpty()) {
            throw HttpException.invalid(
                    "stream",
                    "Response '"
                            + id
                            + "' cannot be streamed: it was not created with 'background' and"
                            + " 'stream', or has failed ("
                            + response.get("status")
                            + ")");
        }
        HttpStream stream = exchange.stream(200, "text/event-stream");
        ResponseEvents.send(
                stream, events.subList(Math.min(after + 1, events.size()), events.size()));
        stream.end();
    }

    private void delete(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        store.get(id);
        ResponseRun run = store.running(id);
        if (run != null) {
            run.cancel();
        }
        store.delete(id);
        exchange.json(200, HttpJson.object("id", id, "object", "response", "deleted", true));
    }

    private void cancel(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        Map<String, @Nullable Object> response = store.get(id);
        if (!Boolean.TRUE.equals(response.get("background"))) {
            throw new HttpException(
                    400,
                    "invalid_value",
                    "Only responses that were created with 'background' can be cancelled");
        }
        ResponseRun run = store.running(id);
        if (run != null) {
            run.cancel();
            store.awaitEnd(id);
        }
        exchange.json(200, store.get(id));
    }

    private void input(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        store.get(id);
        exchange.json(200, ListPage.reply(store.input(id), ListPage.of(exchange, LARGEST_PAGE)));
    }
}
