package dev.jebena.serving;

import dev.jebena.base.DocumentStore.Document;
import dev.jebena.base.DocumentStore.Listed;
import dev.jebena.base.DocumentStore.Page;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Batches and the results of their lines, each durable as soon as it is there. A batch is OpenAI's
/// object of it, whichever protocol it came by.
final class BatchStore {
    /// The protocols that have batches, by the kind of their documents.
    static final String OPENAI = "batch";

    static final String ANTHROPIC = "message_batch";

    private static final String DONE = "batch_done";
    private static final String FAILED = "batch_failed";
    private static final Set<String> ENDED = Set.of("failed", "completed", "expired", "cancelled");
    private static final int MOST = 100_000;

    private final ServerData data;

    BatchStore(ServerData data) {
        this.data = data;
    }

    Map<String, @Nullable Object> create(
            String kind,
            String id,
            String endpoint,
            String inputFile,
            Map<String, @Nullable Object> metadata) {
        long now = Instant.now().getEpochSecond();
        Map<String, @Nullable Object> batch =
                HttpJson.object(
                        "id",
                        id,
                        "object",
                        "batch",
                        "endpoint",
                        endpoint,
                        "errors",
                        null,
                        "input_file_id",
                        inputFile,
                        "completion_window",
                        "24h",
                        "status",
                        "validating",
                        "output_file_id",
                        null,
                        "error_file_id",
                        null,
                        "created_at",
                        now,
                        "in_progress_at",
                        null,
                        "expires_at",
                        now + 86_400,
                        "finalizing_at",
                        null,
                        "completed_at",
                        null,
                        "failed_at",
                        null,
                        "expired_at",
                        null,
                        "cancelling_at",
                        null,
                        "cancelled_at",
                        null,
                        "request_counts",
                        HttpJson.object("total", 0, "completed", 0, "failed", 0),
                        "metadata",
                        metadata);
        put(kind, batch);
        return batch;
    }

    void put(String kind, Map<String, @Nullable Object> batch) {
        data.documents().put(kind, String.valueOf(batch.get("id")), null, batch);
    }

    /// The batch with the counts of now. Throws [HttpException] 404.
    Map<String, @Nullable Object> get(String kind, String id) {
        return data.documents()
                .get(kind, id)
                .map(this::counted)
                .orElseThrow(() ->
                        new HttpException(
                                404, "not_found", "No batch found with id '" + id + "'."));
    }

    private Map<String, @Nullable Object> counted(Document document) {
        Map<String, @Nullable Object> batch = document.json();
        Map<String, @Nullable Object> counts = HttpJson.objectOf(batch.get("request_counts"));
        counts.put("completed", data.documents().count(DONE, document.id()));
        counts.put("failed", data.documents().count(FAILED, document.id()));
        return batch;
    }

    record Batches(List<Map<String, @Nullable Object>> batches, boolean more) {}

    Batches list(String kind, Page page) {
        Listed listed = data.documents().list(kind, null, page);
        List<Map<String, @Nullable Object>> batches = new ArrayList<>();
        for (Document document : listed.documents()) {
            batches.add(counted(document));
        }
        return new Batches(batches, listed.more());
    }

    /// Those that are not at their end, oldest first.
    List<Map<String, @Nullable Object>> unfinished(String kind) {
        List<Map<String, @Nullable Object>> unfinished = new ArrayList<>();
        for (Map<String, @Nullable Object> batch :
                list(kind, new Page(MOST, false, null)).batches()) {
            if (!ended(batch)) {
                unfinished.add(batch);
            }
        }
        return unfinished;
    }

    static boolean ended(Map<String, @Nullable Object> batch) {
        return ENDED.contains(String.valueOf(batch.get("status")));
    }

    void delete(String kind, String id) {
        data.documents().delete(kind, id);
    }

    /// Keeps the result of a line, as it will stand in the output file.
    void putResult(String batch, int line, boolean failed, Map<String, @Nullable Object> result) {
        data.documents().put(failed ? FAILED : DONE, batch + "-" + line, batch, result);
    }

    boolean hasResult(String batch, int line) {
        return result(batch, line, false) != null || result(batch, line, true) != null;
    }

    /// The result of a line that went well, or of one that failed; null for none.
    @Nullable Map<String, @Nullable Object> result(String batch, int line, boolean failed) {
        Document kept =
                data.documents().get(failed ? FAILED : DONE, batch + "-" + line).orElse(null);
        return kept == null ? null : kept.json();
    }

    /// The batch with a new status and the time of it.
    Map<String, @Nullable Object> status(
            String kind, Map<String, @Nullable Object> batch, String status) {
        batch.put("status", status);
        batch.put(status + "_at", Instant.now().getEpochSecond());
        put(kind, batch);
        return batch;
    }
}
