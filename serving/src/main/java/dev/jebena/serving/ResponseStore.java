package dev.jebena.serving;

import dev.jebena.base.DocumentStore;
import dev.jebena.base.DocumentStore.Document;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Responses that clients may read again or go on from, and the ones that are being made in the
/// background.
final class ResponseStore {
    static final String KIND = "response";
    private static final String INPUT = "response_input";
    private static final String EVENTS = "response_events";

    /// A longer chain of responses than any context holds.
    private static final int LONGEST_CHAIN = 10_000;

    /// Hundredths of a second.
    private static final int PATIENCE = 500;

    private final ServerData data;

    private record Running(ResponseRun run, ResponseEvents events) {}

    private final Map<String, Running> running = new ConcurrentHashMap<>();

    ResponseStore(ServerData data) {
        this.data = data;
    }

    private DocumentStore documents() {
        return data.documents();
    }

    void put(ResponseObject response) {
        documents().put(KIND, response.id(), null, response.json());
    }

    /// Keeps what a response was asked, without what came before it.
    void putInput(String id, List<Map<String, @Nullable Object>> items) {
        documents().put(INPUT, "input_" + id, id, HttpJson.object("items", items));
    }

    void putEvents(String id, List<Map<String, @Nullable Object>> events) {
        documents().put(EVENTS, "events_" + id, id, HttpJson.object("events", events));
    }

    void begin(String id, ResponseRun run, ResponseEvents events) {
        running.put(id, new Running(run, events));
    }

    void end(String id) {
        running.remove(id);
    }

    /// Number of responses that are being made in the background.
    int running() {
        return running.size();
    }

    @Nullable ResponseRun running(String id) {
        Running place = running.get(id);
        return place == null ? null : place.run();
    }

    /// The events of a response that is being made and streamed; null for any other.
    @Nullable ResponseEvents runningEvents(String id) {
        Running place = running.get(id);
        return place == null ? null : place.events();
    }

    /// Waits a few seconds for a response that was told to end.
    void awaitEnd(String id) {
        for (int i = 0; i < PATIENCE && running.containsKey(id); i++) {
            try {
                Thread.sleep(10);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// Cancels what is being made in the background.
    void close() {
        running.values().forEach(place -> place.run().cancel());
        List.copyOf(running.keySet()).forEach(this::awaitEnd);
    }

    /// The response as it is now. Throws [HttpException] 404.
    Map<String, @Nullable Object> get(String id) {
        return find(id, "response_not_found", "response_id");
    }

    private Map<String, @Nullable Object> find(String id, String code, String param) {
        ResponseRun run = running(id);
        if (run != null) {
            return run.json();
        }
        Map<String, @Nullable Object> json =
                documents()
                        .get(KIND, id)
                        .map(Document::json)
                        .orElseThrow(() ->
                                new HttpException(
                                                404,
                                                code,
                                                "Response with id '" + id + "' not found.")
                                        .param(param));
        if ("queued".equals(json.get("status")) || "in_progress".equals(json.get("status"))) {
            json.put("status", "failed");
            json.put(
                    "error",
                    HttpJson.object(
                            "code",
                            "server_error",
                            "message",
                            "The server was stopped before the response was complete"));
        }
        return json;
    }

    boolean delete(String id) {
        return documents().delete(KIND, id);
    }

    List<Map<String, @Nullable Object>> input(String id) {
        return documents()
                .get(INPUT, "input_" + id)
                .map(document -> items(document.json().get("items")))
                .orElse(List.of());
    }

    List<Map<String, @Nullable Object>> events(String id) {
        return documents()
                .get(EVENTS, "events_" + id)
                .map(document -> items(document.json().get("events")))
                .orElse(List.of());
    }

    /// All that was said up to and with this response.
    List<Map<String, @Nullable Object>> history(String id) {
        List<List<Map<String, @Nullable Object>>> turns = new ArrayList<>();
        String next = id;
        while (next != null) {
            Map<String, @Nullable Object> response =
                    find(next, "previous_response_not_found", "previous_response_id");
            turns.addFirst(items(response.get("output")));
            turns.addFirst(input(next));
            next = response.get("previous_response_id") instanceof String before ? before : null;
            if (turns.size() > LONGEST_CHAIN) {
                throw HttpException.invalid(
                        "previous_response_id", "The chain of responses is too long");
            }
        }
        return turns.stream().flatMap(List::stream).toList();
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, @Nullable Object>> items(@Nullable Object list) {
        return list instanceof List<?> items
                ? (List<Map<String, @Nullable Object>>) items
                : List.of();
    }
}
