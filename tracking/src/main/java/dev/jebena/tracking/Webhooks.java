package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import dev.jebena.base.SqlRow;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Addresses that are told of changes in the registry.
final class Webhooks implements AutoCloseable {
    private static final List<String> STATUSES = List.of("ACTIVE", "DISABLED");
    private static final List<String> ENTITIES =
            List.of(
                    "REGISTERED_MODEL",
                    "MODEL_VERSION",
                    "MODEL_VERSION_TAG",
                    "MODEL_VERSION_ALIAS",
                    "PROMPT",
                    "PROMPT_VERSION",
                    "PROMPT_TAG",
                    "PROMPT_VERSION_TAG",
                    "PROMPT_ALIAS",
                    "BUDGET_POLICY");
    private static final List<String> ACTIONS =
            List.of("CREATED", "UPDATED", "DELETED", "SET", "EXCEEDED");
    private static final String SELECT =
            "SELECT id, name, description, url, events, status, created, updated, secret"
                    + " FROM webhook";

    private final SqlDatabase data;
    private final Clock clock;
    private final WebhookDelivery delivery;

    Webhooks(SqlDatabase data, Clock clock, WebhookDelivery delivery) {
        this.data = data;
        this.clock = clock;
        this.delivery = delivery;
    }

    private record Hook(Map<String, @Nullable Object> json, String secret) {
        String url() {
            return String.valueOf(json.get("url"));
        }
    }

    private static Hook hook(SqlRow row) {
        Map<String, @Nullable Object> json =
                HttpJson.object("webhook_id", row.text(1), "name", row.text(2));
        Datasets.putIfThere(json, "description", row.textOrNull(3));
        json.put("url", row.text(4));
        json.put("events", HttpJson.parse(row.text(5).getBytes(StandardCharsets.UTF_8)));
        json.put("status", row.text(6));
        json.put("creation_timestamp", row.number(7));
        json.put("last_updated_timestamp", row.number(8));
        String secret = row.textOrNull(9);
        return new Hook(json, secret == null ? "" : secret);
    }

    private static String events(List<RequestFields> fields) {
        if (fields.isEmpty()) {
            throw MlflowError.required("events");
        }
        List<Object> events = new ArrayList<>();
        for (RequestFields event : fields) {
            Checks.oneOf("entity", event.required("entity"), ENTITIES);
            Checks.oneOf("action", event.required("action"), ACTIONS);
            events.add(
                    HttpJson.object(
                            "entity",
                            event.required("entity"),
                            "action",
                            event.required("action")));
        }
        return HttpJson.text(events);
    }

    Map<String, @Nullable Object> create(RequestFields f) {
        String name = f.required("name");
        String url = f.required("url");
        delivery.check(url);
        String events = events(f.objects("events"));
        String status = f.text("status").isEmpty() ? "ACTIVE" : f.text("status");
        Checks.oneOf("status", status, STATUSES);
        String id = java.util.UUID.randomUUID().toString();
        return data.write(sql -> {
            sql.update(
                    "INSERT INTO webhook (id, name, description, url, events, secret,"
                            + " status, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    id,
                    name,
                    f.textOrNull("description"),
                    url,
                    events,
                    f.textOrNull("secret"),
                    status,
                    clock.millis(),
                    clock.millis());
            return get(sql, id).json();
        });
    }

    private static Hook get(SqlConnection sql, String id) {
        return sql.first(SELECT + " WHERE id = ?", Webhooks::hook, id)
                .orElseThrow(() -> MlflowError.missing("Webhook with ID " + id + " not found."));
    }

    Map<String, @Nullable Object> get(String id) {
        return data.read(sql -> get(sql, id).json());
    }

    Map<String, @Nullable Object> list(RequestFields f) {
        long most = f.number("max_results", 1, 1000, 100);
        PageToken page = PageToken.parse(f.text("page_token"));
        return data.read(sql ->
                page.json(
                        "webhooks",
                        sql.list(
                                SELECT + " ORDER BY created, id LIMIT ? OFFSET ?",
                                row -> hook(row).json(),
                                most + 1,
                                page.offset()),
                        most,
                        hook -> hook));
    }

    /// Changes what is given.
    Map<String, @Nullable Object> update(String id, RequestFields f) {
        String url = f.textOrNull("url");
        if (url != null) {
            delivery.check(url);
        }
        String events = f.has("events") ? events(f.objects("events")) : null;
        String status = f.textOrNull("status");
        if (status != null) {
            Checks.oneOf("status", status, STATUSES);
        }
        return data.write(sql -> {
            get(sql, id);
            sql.update(
                    "UPDATE webhook SET name = coalesce(?, name), description ="
                            + " coalesce(?, description), url = coalesce(?, url), events ="
                            + " coalesce(?, events), secret = coalesce(?, secret), status ="
                            + " coalesce(?, status), updated = ? WHERE id = ?",
                    f.textOrNull("name"),
                    f.textOrNull("description"),
                    url,
                    events,
                    f.textOrNull("secret"),
                    status,
                    clock.millis(),
                    id);
            return get(sql, id).json();
        });
    }

    void delete(String id) {
        data.write(sql -> {
            get(sql, id);
            return sql.update("DELETE FROM webhook WHERE id = ?", id);
        });
    }

    /// Sends an example now and says what came back.
    Map<String, @Nullable Object> test(String id, @Nullable RequestFields event) {
        Hook hook = data.read(sql -> get(sql, id));
        String entity = event == null ? "REGISTERED_MODEL" : event.required("entity");
        String action = event == null ? "CREATED" : event.required("action");
        return delivery.test(
                hook.url(),
                hook.secret(),
                body(entity, action, HttpJson.object("name", "example")));
    }

    private Map<String, @Nullable Object> body(
            String entity, String action, Map<String, @Nullable Object> change) {
        return HttpJson.object(
                "entity", entity.toLowerCase(Locale.ROOT),
                "action", action.toLowerCase(Locale.ROOT),
                "timestamp", clock.instant().toString(),
                "data", change);
    }

    /// Tells all active addresses that want to know; returns at once.
    private void tell(String entity, String action, Map<String, @Nullable Object> change) {
        List<Hook> hooks =
                data.read(sql ->
                        sql.list(
                                SELECT + " WHERE status = 'ACTIVE' ORDER BY created",
                                Webhooks::hook));
        Map<String, @Nullable Object> event = HttpJson.object("entity", entity, "action", action);
        for (Hook hook : hooks) {
            if (hook.json().get("events") instanceof List<?> events && events.contains(event)) {
                delivery.send(hook.url(), hook.secret(), body(entity, action, change));
            }
        }
    }

    void modelCreated(String name, RequestFields f) {
        tell(
                "REGISTERED_MODEL",
                "CREATED",
                HttpJson.object(
                        "name", name,
                        "tags", f.pairs("tags"),
                        "description", f.textOrNull("description")));
    }

    void versionCreated(Map<String, @Nullable Object> version) {
        tell(
                "MODEL_VERSION",
                "CREATED",
                HttpJson.object(
                        "name", version.get("name"),
                        "version", version.get("version"),
                        "source", version.get("source"),
                        "run_id", version.get("run_id"),
                        "tags", version.getOrDefault("tags", Map.of()),
                        "description", version.get("description")));
    }

    void versionTagSet(String name, String version, String key, String value) {
        tell(
                "MODEL_VERSION_TAG",
                "SET",
                HttpJson.object("name", name, "version", version, "key", key, "value", value));
    }

    void versionTagDeleted(String name, String version, String key) {
        tell(
                "MODEL_VERSION_TAG",
                "DELETED",
                HttpJson.object("name", name, "version", version, "key", key));
    }

    void aliasCreated(String name, String alias, String version) {
        tell(
                "MODEL_VERSION_ALIAS",
                "CREATED",
                HttpJson.object("name", name, "alias", alias, "version", version));
    }

    void aliasDeleted(String name, String alias) {
        tell("MODEL_VERSION_ALIAS", "DELETED", HttpJson.object("name", name, "alias", alias));
    }

    @Override
    public void close() {
        delivery.close();
    }
}
