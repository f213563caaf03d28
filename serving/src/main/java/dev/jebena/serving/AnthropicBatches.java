package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpStream;
import dev.jebena.base.Router;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Anthropic's message batches under `/v1/messages/batches`.
final class AnthropicBatches {
    private static final String ENDPOINT = "/v1/messages";
    private static final String KIND = BatchStore.ANTHROPIC;

    private final BatchStore store;
    private final BatchRunner runner;
    private final StoredFiles files;

    private AnthropicBatches(BatchStore store, BatchRunner runner, StoredFiles files) {
        this.store = store;
        this.runner = runner;
        this.files = files;
    }

    static void register(Router router, BatchStore store, BatchRunner runner, StoredFiles files) {
        AnthropicBatches routes = new AnthropicBatches(store, runner, files);
        String all = "/v1/messages/batches";
        router.post(all, EngineErrors.translating(routes::create))
                .get(all, EngineErrors.translating(routes::list))
                .get(all + "/{id}", EngineErrors.translating(routes::get))
                .delete(all + "/{id}", EngineErrors.translating(routes::delete))
                .post(all + "/{id}/cancel", EngineErrors.translating(routes::cancel))
                .get(all + "/{id}/results", EngineErrors.translating(routes::results));
    }

    private void create(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        List<RequestFields> requests = request.objects("requests");
        if (requests.isEmpty()) {
            throw HttpException.invalid("requests", "requests: at least one is needed");
        }
        Set<String> ids = new HashSet<>();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (RequestFields one : requests) {
            String id = one.required("custom_id");
            RequestFields params = one.object("params");
            if (!id.matches("[a-zA-Z0-9_-]{1,64}") || !ids.add(id)) {
                throw one.invalid(
                        "custom_id", "expected 1 to 64 letters, digits, _ or -, each id once");
            }
            if (params == null) {
                throw HttpException.invalid(one.where("params"), "params: Field required");
            }
            lines.writeBytes(
                    HttpJson.bytes(
                            HttpJson.object(
                                    "custom_id",
                                    id,
                                    "method",
                                    "POST",
                                    "url",
                                    ENDPOINT,
                                    "body",
                                    params.values())));
            lines.write('\n');
        }
        Object input =
                files.add(
                                "requests.jsonl",
                                StoredFiles.HIDDEN,
                                new ByteArrayInputStream(lines.toByteArray()),
                                null)
                        .get("id");
        String id = "msgbatch_" + OpenAiChatReply.newId();
        store.create(KIND, id, ENDPOINT, String.valueOf(input), HttpJson.object());
        runner.wake();
        Map<String, @Nullable Object> batch = store.get(KIND, id);
        HttpJson.objectOf(batch.get("request_counts")).put("total", (long) requests.size());
        exchange.json(200, object(exchange, batch));
    }

    private static Map<String, @Nullable Object> object(
            HttpExchange exchange, Map<String, @Nullable Object> batch) {
        String status = String.valueOf(batch.get("status"));
        boolean ended = BatchStore.ended(batch);
        Map<String, @Nullable Object> counts = HttpJson.objectOf(batch.get("request_counts"));
        long succeeded = count(counts, "completed");
        long errored = count(counts, "failed");
        long rest = count(counts, "total") - succeeded - errored;
        String id = String.valueOf(batch.get("id"));
        return HttpJson.object(
                "id",
                id,
                "type",
                "message_batch",
                "processing_status",
                ended ? "ended" : status.equals("cancelling") ? "canceling" : "in_progress",
                "request_counts",
                HttpJson.object(
                        "processing", ended ? 0 : Math.max(0, rest),
                        "succeeded", succeeded,
                        "errored", errored,
                        "canceled", status.equals("cancelled") ? rest : 0,
                        "expired", status.equals("expired") ? rest : 0),
                "created_at",
                time(batch.get("created_at")),
                "expires_at",
                time(batch.get("expires_at")),
                "ended_at",
                ended ? time(batch.get(status + "_at")) : null,
                "cancel_initiated_at",
                time(batch.get("cancelling_at")),
                "archived_at",
                null,
                "results_url",
                ended ? exchange.baseUrl() + "/v1/messages/batches/" + id + "/results" : null);
    }

    private static long count(Map<String, @Nullable Object> counts, String name) {
        return counts.get(name) instanceof Number number ? number.longValue() : 0;
    }

    private static @Nullable String time(@Nullable Object seconds) {
        return seconds instanceof Number number
                ? Instant.ofEpochSecond(number.longValue()).toString()
                : null;
    }

    private Map<String, @Nullable Object> find(HttpExchange exchange) {
        return store.get(KIND, exchange.parameter("id"));
    }

    private void get(HttpExchange exchange) throws IOException {
        exchange.json(200, object(exchange, find(exchange)));
    }

    private void list(HttpExchange exchange) throws IOException {
        BatchStore.Batches found = store.list(KIND, AnthropicPage.of(exchange));
        exchange.json(
                200,
                AnthropicPage.reply(
                        found.batches().stream().map(batch -> object(exchange, batch)).toList(),
                        found.more()));
    }

    private void cancel(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        exchange.json(200, object(exchange, runner.cancel(KIND, id)));
    }

    private void delete(HttpExchange exchange) throws IOException {
        Map<String, @Nullable Object> batch = find(exchange);
        String id = exchange.parameter("id");
        if (!BatchStore.ended(batch)) {
            throw new HttpException(
                    400, "invalid_status", "Batch '" + id + "' is not at its end; cancel it first");
        }
        store.delete(KIND, id);
        files.delete(String.valueOf(batch.get("input_file_id")));
        exchange.json(200, HttpJson.object("id", id, "type", "message_batch_deleted"));
    }

    private void results(HttpExchange exchange) throws IOException {
        Map<String, @Nullable Object> batch = find(exchange);
        String id = exchange.parameter("id");
        if (!BatchStore.ended(batch)) {
            throw new HttpException(
                    404, "not_ready", "Batch '" + id + "' is not at its end yet; try again later");
        }
        HttpStream stream = exchange.stream(200, "application/x-jsonl");
        var input = files.content(String.valueOf(batch.get("input_file_id")));
        try (JsonLines lines = JsonLines.open(input, BatchLine.LONGEST)) {
            for (byte[] text = lines.next(); text != null; text = lines.next()) {
                BatchLine line = BatchLine.of(text, lines.number(), ENDPOINT);
                stream.line(
                        HttpJson.object(
                                "custom_id", line.customId(),
                                "result", result(batch, line.number())));
            }
        }
        stream.end();
    }

    private Map<String, @Nullable Object> result(Map<String, @Nullable Object> batch, int line) {
        String id = String.valueOf(batch.get("id"));
        Map<String, @Nullable Object> done = store.result(id, line, false);
        if (done != null) {
            return HttpJson.object("type", "succeeded", "message", body(done));
        }
        Map<String, @Nullable Object> failed = store.result(id, line, true);
        if (failed != null) {
            return HttpJson.object("type", "errored", "error", body(failed));
        }
        return HttpJson.object(
                "type", "expired".equals(batch.get("status")) ? "expired" : "canceled");
    }

    private static @Nullable Object body(Map<String, @Nullable Object> result) {
        return HttpJson.objectOf(result.get("response")).get("body");
    }
}
