package dev.jebena.serving;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The OpenAPI 3.1 document of everything that the server answers: the routes as they are mounted,
/// with the descriptions and schemas of `openapi.txt`, this module's and those of the others that
/// mount routes.
final class OpenApiDocument {
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)(?:\\.\\.\\.)?}");

    /// Rest of a path that stands for many; they have no description of their own.
    private static final String REST = "/{rest...}";

    private static final String PAGE_POLICY =
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
                    + " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final OpenApiSource source;

    private OpenApiDocument(OpenApiSource source) {
        this.source = source;
    }

    static void register(Router router) {
        router.get("/openapi.json", exchange -> exchange.json(200, document(router)));
        router.get("/docs", OpenApiDocument::page).open("/docs");
    }

    /// The document for readers. The page itself tells nothing, so it needs no key; what it fetches
    /// does.
    private static void page(HttpExchange exchange) throws IOException {
        try (InputStream in = OpenApiDocument.class.getResourceAsStream("docs.html")) {
            exchange.set("Content-Security-Policy", PAGE_POLICY)
                    .bytes(
                            200,
                            "text/html; charset=utf-8",
                            Objects.requireNonNull(in).readAllBytes());
        }
    }

    private static Map<String, @Nullable Object> document(Router router) {
        return new OpenApiDocument(OpenApiSource.read(router.descriptions())).of(router.patterns());
    }

    /// @param routes methods and patterns
    static Map<String, @Nullable Object> document(List<String> routes) {
        return new OpenApiDocument(OpenApiSource.read(List.of())).of(routes);
    }

    /// Routes that are described, those of other modules included.
    static List<String> described(Router router) {
        return OpenApiSource.read(router.descriptions()).routes();
    }

    private Map<String, @Nullable Object> of(List<String> routes) {
        Map<String, Map<String, @Nullable Object>> paths = new TreeMap<>();
        for (String route : routes) {
            String[] methodAndPath = route.split(" ", 2);
            String method = methodAndPath[0].toLowerCase(Locale.ROOT);
            String path = methodAndPath[1].replace("...}", "}");
            paths.computeIfAbsent(path, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(method, _ -> operation(route));
        }
        return HttpJson.object(
                "openapi", "3.1.0",
                "info",
                        HttpJson.object(
                                "title",
                                "Jebena",
                                "version",
                                JebenaServer.version(),
                                "description",
                                "The protocols of OpenAI, Anthropic, Ollama, llama.cpp, vLLM,"
                                        + " Hugging Face and LM Studio on one port",
                                "license",
                                HttpJson.object(
                                        "name", "Apache-2.0",
                                        "identifier", "Apache-2.0")),
                "servers", List.of(HttpJson.object("url", "/")),
                "security",
                        List.of(
                                HttpJson.object("bearer", List.of()),
                                HttpJson.object("key", List.of()),
                                HttpJson.object()),
                "paths", paths,
                "components",
                        HttpJson.object(
                                "schemas", source.schemas(),
                                "securitySchemes", schemes()));
    }

    private static Map<String, @Nullable Object> schemes() {
        return HttpJson.object(
                "bearer", HttpJson.object("type", "http", "scheme", "bearer"),
                "key", HttpJson.object("type", "apiKey", "in", "header", "name", "X-API-Key"));
    }

    private Map<String, @Nullable Object> operation(String route) {
        OpenApiSource.Operation known = source.operation(route);
        Map<String, @Nullable Object> operation =
                HttpJson.object("operationId", operationId(route));
        List<Object> parameters = new java.util.ArrayList<>();
        Matcher names = PARAMETER.matcher(route);
        while (names.find()) {
            parameters.add(parameter(names.group(1), "path", true));
        }
        if (known == null) {
            operation.put("summary", summary(route));
            operation.put(
                    "responses",
                    HttpJson.object(
                            "default", HttpJson.object("description", "What the path answers")));
        } else {
            operation.put("tags", List.of(known.tag()));
            operation.put("summary", known.summary());
            known.query().forEach(name -> parameters.add(parameter(name, "query", false)));
            if (known.request() != null) {
                operation.put("requestBody", body(known, known.request()));
            }
            operation.put("responses", responses(known));
        }
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        return operation;
    }

    private static String operationId(String route) {
        return route.toLowerCase(Locale.ROOT).replaceAll("\\W+", "_").replaceAll("^_|_$", "");
    }

    private static String summary(String route) {
        return route.endsWith(REST) ? "Everything below the path" : route;
    }

    private static Map<String, @Nullable Object> parameter(
            String name, String in, boolean required) {
        return HttpJson.object(
                "name", name,
                "in", in,
                "required", required,
                "schema", HttpJson.object("type", "string"));
    }

    private Map<String, @Nullable Object> body(OpenApiSource.Operation known, String request) {
        if (request.equals("bytes")) {
            return HttpJson.object(
                    "content", HttpJson.object("application/octet-stream", HttpJson.object()));
        }
        return HttpJson.object(
                "required",
                true,
                "content",
                HttpJson.object(
                        known.form() ? "multipart/form-data" : "application/json",
                        HttpJson.object("schema", source.type(request))));
    }

    private Map<String, @Nullable Object> responses(OpenApiSource.Operation known) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        for (String reply : known.replies()) {
            switch (reply) {
                case "nothing" -> {}
                case "text" -> content.put("text/plain", text());
                case "bytes" -> content.put("application/octet-stream", HttpJson.object());
                case "events" -> content.put("text/event-stream", text());
                case "lines" -> content.put("application/x-ndjson", text());
                case "jsonl" -> content.put("application/x-jsonl", text());
                default ->
                        content.put(
                                "application/json", HttpJson.object("schema", source.type(reply)));
            }
        }
        Map<String, @Nullable Object> good = HttpJson.object("description", "The reply");
        if (!content.isEmpty()) {
            good.put("content", content);
        }
        return HttpJson.object(
                "200",
                good,
                "default",
                HttpJson.object(
                        "description",
                        "An error",
                        "content",
                        HttpJson.object(
                                "application/json",
                                HttpJson.object("schema", source.type(known.error())))));
    }

    private static Map<String, @Nullable Object> text() {
        return HttpJson.object("schema", HttpJson.object("type", "string"));
    }
}
