package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.Router;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's batches under `/v1/batches`: requests in a file, answered when there is time.
final class OpenAiBatches {
    private static final List<String> ENDPOINTS =
            List.of("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses");
    private static final int LARGEST_PAGE = 100;

    private final BatchStore store;
    private final BatchRunner runner;
    private final StoredFiles files;

    private OpenAiBatches(BatchStore store, BatchRunner runner, StoredFiles files) {
        this.store = store;
        this.runner = runner;
        this.files = files;
    }

    static void register(Router router, BatchStore store, BatchRunner runner, StoredFiles files) {
        OpenAiBatches routes = new OpenAiBatches(store, runner, files);
        router.post("/v1/batches", EngineErrors.translating(routes::create))
                .get("/v1/batches", EngineErrors.translating(routes::list))
                .get("/v1/batches/{id}", EngineErrors.translating(routes::get))
                .post("/v1/batches/{id}/cancel", EngineErrors.translating(routes::cancel));
    }

    private void create(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String endpoint = request.required("endpoint");
        if (!ENDPOINTS.contains(endpoint)) {
            throw request.invalid("endpoint", "expected one of " + String.join(", ", ENDPOINTS));
        }
        if (!request.required("completion_window").equals("24h")) {
            throw request.invalid("completion_window", "expected 24h");
        }
        String input = request.required("input_file_id");
        Map<String, @Nullable Object> file = files.get(input);
        if (!"batch".equals(file.get("purpose"))) {
            throw request.invalid(
                    "input_file_id",
                    "the file's purpose is " + file.get("purpose") + ", expected batch");
        }
        Map<String, @Nullable Object> batch =
                store.create(
                        BatchStore.OPENAI,
                        "batch_" + OpenAiChatReply.newId(),
                        endpoint,
                        input,
                        Metadata.of(request));
        runner.wake();
        exchange.json(200, batch);
    }

    private void get(HttpExchange exchange) throws IOException {
        exchange.json(200, store.get(BatchStore.OPENAI, exchange.parameter("id")));
    }

    private void list(HttpExchange exchange) throws IOException {
        BatchStore.Batches found =
                store.list(BatchStore.OPENAI, ListPage.of(exchange, LARGEST_PAGE));
        exchange.json(200, ListPage.reply(found.batches(), found.more()));
    }

    private void cancel(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        Map<String, @Nullable Object> batch = store.get(BatchStore.OPENAI, id);
        if (BatchStore.ended(batch)) {
            throw new HttpException(
                    409,
                    "invalid_status",
                    "Batch '" + id + "' is " + batch.get("status") + " and cannot be cancelled");
        }
        exchange.json(200, runner.cancel(BatchStore.OPENAI, id));
    }
}
