package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.base.InnerExchange;
import dev.jebena.base.Router;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// One batch being worked on. Lines whose results are kept already are not done again.
final class BatchWork {
    /// Replies that say "later": the line is tried again.
    private static final Set<Integer> BUSY = Set.of(429, 503);

    private static final int TRIES = 20;

    private enum Ending {
        NONE,
        CANCELLED,
        EXPIRED,
        STOPPED
    }

    private final String kind;
    private final Map<String, @Nullable Object> batch;
    private final BatchStore store;
    private final StoredFiles files;
    private final Router router;
    private final int parallel;
    private final Set<InnerExchange> running = ConcurrentHashMap.newKeySet();
    private volatile Ending ending = Ending.NONE;

    BatchWork(
            String kind,
            Map<String, @Nullable Object> batch,
            BatchStore store,
            StoredFiles files,
            Router router,
            int parallel) {
        this.kind = kind;
        this.batch = batch;
        this.store = store;
        this.files = files;
        this.router = router;
        this.parallel = parallel;
        if ("cancelling".equals(batch.get("status"))) {
            ending = Ending.CANCELLED;
        }
    }

    String id() {
        return String.valueOf(batch.get("id"));
    }

    private String endpoint() {
        return String.valueOf(batch.get("endpoint"));
    }

    void cancel() {
        end(Ending.CANCELLED);
    }

    /// Ends the work where it is, to be gone on with later.
    void stop() {
        end(Ending.STOPPED);
    }

    private void end(Ending how) {
        ending = how;
        running.forEach(InnerExchange::cancel);
    }

    void fail(HttpException problem) {
        batch.put(
                "errors",
                HttpJson.object("object", "list", "data", List.of(BatchLine.error(problem, null))));
        store.status(kind, batch, "failed");
    }

    void run() throws IOException {
        Path input = files.content(String.valueOf(batch.get("input_file_id")));
        if ("validating".equals(batch.get("status")) && !validated(input)) {
            return;
        }
        Semaphore places = new Semaphore(parallel);
        try (JsonLines lines = JsonLines.open(input, BatchLine.LONGEST)) {
            for (byte[] text = lines.next();
                    text != null && ending == Ending.NONE;
                    text = lines.next()) {
                if (!store.hasResult(id(), lines.number())) {
                    BatchLine line = BatchLine.of(text, lines.number(), endpoint());
                    places.acquire();
                    Thread.ofVirtual()
                            .name("jebena-batch-line")
                            .start(() -> {
                                try {
                                    answer(line);
                                } finally {
                                    places.release();
                                }
                            });
                }
                if (expiry() <= Instant.now().getEpochSecond()) {
                    end(Ending.EXPIRED);
                }
            }
            places.acquire(parallel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (ending != Ending.STOPPED) {
            finish(input);
        }
    }

    private long expiry() {
        return batch.get("expires_at") instanceof Number time ? time.longValue() : Long.MAX_VALUE;
    }

    private boolean validated(Path input) throws IOException {
        BatchLine.Checked checked = BatchLine.check(input, endpoint());
        if (!checked.errors().isEmpty()) {
            batch.put("errors", HttpJson.object("object", "list", "data", checked.errors()));
            store.status(kind, batch, "failed");
            return false;
        }
        batch.put(
                "request_counts",
                HttpJson.object("total", checked.lines(), "completed", 0, "failed", 0));
        store.status(kind, batch, "in_progress");
        return true;
    }

    private void answer(BatchLine line) {
        for (int i = 0; i < TRIES && ending == Ending.NONE; i++) {
            InnerExchange call =
                    InnerExchange.post(endpoint(), line.body(), id()).with("Priority", "u=7");
            running.add(call);
            try {
                if (ending != Ending.NONE) {
                    return;
                }
                router.call(call);
            } catch (RuntimeException e) {
                keep(
                        line,
                        call.requestId(),
                        500,
                        HttpJson.bytes(OpenAiErrors.body(EngineErrors.of(e))));
                return;
            } finally {
                running.remove(call);
            }
            if (ending != Ending.NONE) {
                return;
            }
            if (!BUSY.contains(call.status()) || i == TRIES - 1) {
                keep(line, call.requestId(), call.status(), call.reply());
                return;
            }
            pause(i);
        }
    }

    private static void pause(int turn) {
        try {
            Thread.sleep(Math.min(30_000, 100L << turn));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep(BatchLine line, String requestId, int status, byte[] body) {
        store.putResult(
                id(),
                line.number(),
                status >= 300,
                HttpJson.object(
                        "id",
                        "batch_req_" + OpenAiChatReply.newId(),
                        "custom_id",
                        line.customId(),
                        "response",
                        HttpJson.object(
                                "status_code", status,
                                "request_id", requestId,
                                "body", HttpJson.parse(body)),
                        "error",
                        null));
    }

    private void finish(Path input) throws IOException {
        if (ending == Ending.NONE) {
            store.status(kind, batch, "finalizing");
        }
        if (ending == Ending.CANCELLED && batch.get("cancelling_at") == null) {
            batch.put("cancelling_at", Instant.now().getEpochSecond());
        }
        if (kind.equals(BatchStore.OPENAI)) {
            batch.put("output_file_id", written(input, "output", false));
            batch.put("error_file_id", written(input, "error", true));
        }
        store.status(
                kind,
                batch,
                switch (ending) {
                    case CANCELLED -> "cancelled";
                    case EXPIRED -> "expired";
                    case NONE, STOPPED -> "completed";
                });
    }

    /// The id of a file with the results of all lines that went well, or of those that did not;
    /// null for none.
    private @Nullable String written(Path input, String name, boolean failed) throws IOException {
        Path temporary = Files.createTempFile("jebena-batch", ".jsonl");
        try {
            boolean any = false;
            try (JsonLines lines = JsonLines.open(input, BatchLine.LONGEST);
                    var out = Files.newBufferedWriter(temporary, StandardCharsets.UTF_8)) {
                for (byte[] text = lines.next(); text != null; text = lines.next()) {
                    Map<String, @Nullable Object> result = result(text, lines.number(), failed);
                    if (result != null) {
                        any = true;
                        out.write(HttpJson.text(result));
                        out.write('\n');
                    }
                }
            }
            if (!any) {
                return null;
            }
            try (InputStream in = Files.newInputStream(temporary)) {
                return String.valueOf(
                        files.add(id() + "_" + name + ".jsonl", "batch_output", in, null)
                                .get("id"));
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private @Nullable Map<String, @Nullable Object> result(
            byte[] text, int number, boolean failed) {
        Map<String, @Nullable Object> kept = store.result(id(), number, failed);
        if (kept != null) {
            return kept;
        }
        if (!failed || ending == Ending.NONE || store.hasResult(id(), number)) {
            return null;
        }
        boolean expired = ending == Ending.EXPIRED;
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("id", "batch_req_" + OpenAiChatReply.newId());
        result.put("custom_id", BatchLine.of(text, number, endpoint()).customId());
        result.put("response", null);
        result.put(
                "error",
                HttpJson.object(
                        "code", expired ? "batch_expired" : "batch_cancelled",
                        "message",
                                expired
                                        ? "This request could not be executed before the completion"
                                                + " window expired."
                                        : "The batch was cancelled before this request was done."));
        return result;
    }
}
