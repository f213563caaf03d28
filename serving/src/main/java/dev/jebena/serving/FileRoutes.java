package dev.jebena.serving;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpForm;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's files under `/v1/files`.
final class FileRoutes {
    static final List<String> PURPOSES =
            List.of("assistants", "batch", "fine-tune", "vision", "user_data", "evals");
    private static final int LARGEST_PAGE = 10_000;

    /// Room for the form around the file.
    private static final long FORM_BYTES = 1 << 20;

    private static final long SHORTEST_LIFE = 3600;
    private static final long LONGEST_LIFE = 2_592_000;

    private final StoredFiles files;

    private FileRoutes(StoredFiles files) {
        this.files = files;
    }

    static void register(Router router, StoredFiles files) {
        FileRoutes routes = new FileRoutes(files);
        router.post("/v1/files", EngineErrors.translating(routes::create))
                .get("/v1/files", EngineErrors.translating(routes::list))
                .get(
                        "/v1/files/{id}",
                        EngineErrors.translating(x -> x.json(200, files.get(x.parameter("id")))))
                .delete("/v1/files/{id}", EngineErrors.translating(routes::delete))
                .get("/v1/files/{id}/content", EngineErrors.translating(routes::content));
    }

    private void create(HttpExchange exchange) throws IOException {
        try (HttpForm form = exchange.form(StoredFiles.LARGEST + FORM_BYTES)) {
            RequestFields fields = new RequestFields(form.fields());
            String purpose = purpose(fields);
            Long life = lifetime(fields);
            HttpForm.File file = form.file("file");
            if (file == null) {
                throw HttpException.invalid(
                        "file", "Missing required parameter: 'file', a part with a file name");
            }
            exchange.json(200, files.add(file.name(), purpose, file.content(), life));
        }
    }

    /// The field `purpose`, checked.
    static String purpose(RequestFields fields) {
        String purpose = fields.required("purpose");
        if (!PURPOSES.contains(purpose)) {
            throw fields.invalid(
                    "purpose", "'" + purpose + "' is not one of " + String.join(", ", PURPOSES));
        }
        return purpose;
    }

    private static @Nullable Long lifetime(RequestFields form) {
        if (!(form.value("expires_after[seconds]") instanceof String text)) {
            return null;
        }
        return lifetime(form, text.matches("[0-9]{1,9}") ? Long.parseLong(text) : -1);
    }

    private static long lifetime(RequestFields fields, long seconds) {
        if (seconds < SHORTEST_LIFE || seconds > LONGEST_LIFE) {
            throw fields.invalid(
                    "expires_after",
                    "expected " + SHORTEST_LIFE + " to " + LONGEST_LIFE + " seconds");
        }
        return seconds;
    }

    /// The seconds of `expires_after` in a JSON body; null when absent.
    static @Nullable Long jsonLifetime(RequestFields request, String name) {
        RequestFields life = request.object(name);
        Long seconds = life == null ? null : life.integer("seconds", 0, Long.MAX_VALUE);
        return seconds == null ? null : lifetime(request, seconds);
    }

    private void list(HttpExchange exchange) throws IOException {
        exchange.json(
                200,
                files.list(
                        exchange.query("purpose"),
                        ListPage.of(exchange, LARGEST_PAGE, LARGEST_PAGE)));
    }

    private void delete(HttpExchange exchange) throws IOException {
        String id = exchange.parameter("id");
        files.delete(id);
        exchange.json(200, HttpJson.object("id", id, "object", "file", "deleted", true));
    }

    private void content(HttpExchange exchange) throws IOException {
        Map<String, @Nullable Object> file = files.get(exchange.parameter("id"));
        Path content = files.content(String.valueOf(file.get("id")));
        try (InputStream in = Files.newInputStream(content)) {
            exchange.bytes(200, "application/octet-stream", Files.size(content), in);
        }
    }
}
