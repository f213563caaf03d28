package dev.jebena.serving;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import dev.jebena.hub.Hub;
import dev.jebena.hub.ModelMetadata;
import dev.jebena.hub.ModelSummary;
import dev.jebena.hub.StoredModel;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Ollama's routes about models that are here: tags, show, ps, copy, delete, blobs.
final class OllamaModels {
    /// What "for ever" looks like in `expires_at`.
    private static final Duration FOR_EVER = Duration.ofDays(365L * 200);

    private static final long LARGEST_BLOB = 1L << 40;

    private final ModelAccess models;
    private final Hub hub;

    OllamaModels(ModelAccess models, Hub hub) {
        this.models = models;
        this.hub = hub;
    }

    void tags(HttpExchange exchange) throws IOException {
        List<Object> list = new ArrayList<>();
        for (ModelSummary model : models.catalog().list()) {
            list.add(entry(model));
        }
        exchange.json(200, HttpJson.object("models", list));
    }

    private static Map<String, @Nullable Object> entry(ModelSummary model) {
        return HttpJson.object(
                "name", model.name().toString(),
                "model", model.name().toString(),
                "modified_at", OllamaFields.time(model.modified()),
                "size", model.size(),
                "digest", model.digest().hex(),
                "details", OllamaFields.details(model.details()));
    }

    void ps(HttpExchange exchange) throws IOException {
        List<Object> list = new ArrayList<>();
        for (LoadedModel loaded : models.pool().loaded()) {
            Map<String, @Nullable Object> entry = entry(loaded.model().summary());
            entry.remove("modified_at");
            Instant expires = loaded.expires();
            entry.put("size", loaded.bytes());
            entry.put("size_vram", 0);
            entry.put(
                    "expires_at",
                    OllamaFields.time(expires == null ? Instant.now().plus(FOR_EVER) : expires));
            entry.put("context_length", loaded.contextLength());
            list.add(entry);
        }
        exchange.json(200, HttpJson.object("models", list));
    }

    void show(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        StoredModel model = models.find(OllamaFields.model(request));
        ModelMetadata metadata = hub.store().metadata(model);
        String own = model.template();
        String inside = metadata.template();
        Map<String, @Nullable Object> reply =
                HttpJson.object(
                        "license", String.join("\n", model.licenses()),
                        "modelfile", hub.store().modelfile(model),
                        "parameters", parameters(model.parameters()),
                        "template", own != null ? own : inside != null ? inside : "",
                        "details", OllamaFields.details(model.details()),
                        "model_info", metadata.values(),
                        "capabilities", metadata.capabilities(),
                        "modified_at", OllamaFields.time(model.modified()));
        if (model.system() != null) {
            reply.put("system", model.system());
        }
        if (!model.messages().isEmpty()) {
            reply.put(
                    "messages",
                    model.messages().stream()
                            .map(m -> HttpJson.object("role", m.role(), "content", m.content()))
                            .toList());
        }
        exchange.json(200, reply);
    }

    /// One `name value` a line, strings quoted.
    private static String parameters(Map<String, Object> parameters) {
        List<String> lines = new ArrayList<>();
        parameters.forEach((name, value) -> {
            List<?> values = value instanceof List<?> list ? list : List.of(value);
            for (Object one : values) {
                lines.add(
                        String.format(
                                Locale.ROOT,
                                "%-30s %s",
                                name,
                                one instanceof String ? HttpJson.text(one) : one));
            }
        });
        return String.join("\n", lines);
    }

    void copy(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        String source = request.required("source");
        String destination = request.required("destination");
        models.find(source);
        hub.store().copy(source, destination);
        exchange.empty(200);
    }

    void delete(HttpExchange exchange) throws IOException {
        String name = OllamaFields.model(new RequestFields(exchange.json()));
        StoredModel model = models.find(name);
        hub.store().remove(name);
        models.pool().unload(model);
        exchange.empty(200);
    }

    void hasBlob(HttpExchange exchange) throws IOException {
        exchange.empty(hub.store().blobs().contains(digest(exchange)) ? 200 : 404);
    }

    void putBlob(HttpExchange exchange) throws IOException {
        ContentId digest = digest(exchange);
        try (InputStream in = exchange.bodyStream()) {
            hub.store().blobs().put(in, LARGEST_BLOB, digest, _ -> {});
        }
        hub.store().blobs().pin(digest);
        exchange.empty(201);
    }

    private static ContentId digest(HttpExchange exchange) {
        String text = exchange.parameter("digest");
        try {
            return ContentId.parse(text);
        } catch (Problem | IllegalArgumentException e) {
            throw new HttpException(400, "bad_digest", "invalid digest '" + text + "'").causedBy(e);
        }
    }
}
