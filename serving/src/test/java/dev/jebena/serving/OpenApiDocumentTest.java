package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.Router;
import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenApiDocumentTest {
    @Test
    void theDocumentIsServedWithSchemas(@TempDir Path home) {
        try (RunningServer server = new RunningServer(home, FakeLlm.Settings.defaults())) {
            Node document = Node.parse(server.get("/openapi.json").body());
            assertThat(document.text("openapi")).isEqualTo("3.1.0");
            Node chat = new Node(paths(document).get("/v1/chat/completions"));
            assertThat(chat.at("post").get("requestBody.content.application/json.schema"))
                    .isEqualTo(Map.of("$ref", "#/components/schemas/ChatRequest"));
            assertThat(document.get("components.schemas.ChatRequest.properties.temperature.type"))
                    .isEqualTo("number");
            assertThat(described(document)).containsAll(OpenApiDocument.described(new Router()));
            assertThat(unknownReferences(document)).isEmpty();
        }
    }

    @Test
    void everyRouteIsDescribed(@TempDir Path home) {
        try (RunningServer server = new RunningServer(home, FakeLlm.Settings.defaults())) {
            Map<String, @Nullable Object> paths =
                    paths(Node.parse(server.get("/openapi.json").body()));
            List<String> missing = new ArrayList<>();
            paths.forEach((path, methods) -> {
                // What stands for all that is not there yet has no description.
                boolean refused = path.endsWith("/{rest}") || paths.containsKey(path + "/{rest}");
                if (!refused && methods instanceof Map<?, ?> byMethod) {
                    byMethod.forEach((method, operation) -> {
                        if (operation instanceof Map<?, ?> about && !about.containsKey("tags")) {
                            missing.add(method + " " + path);
                        }
                    });
                }
            });
            assertThat(missing).isEmpty();
        }
    }

    @Test
    void thePageNeedsNoOtherHost(@TempDir Path home) {
        try (RunningServer server = new RunningServer(home, FakeLlm.Settings.defaults())) {
            HttpResponse<String> page = server.get("/docs");
            assertThat(page.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/html");
            assertThat(page.body()).contains("openapi.json").doesNotContain("://");
        }
    }

    /// What is described is routed; a route is in the document because it is made from the routes.
    private static Set<String> described(Node document) {
        Set<String> operations = new TreeSet<>();
        paths(document)
                .forEach((path, methods) -> {
                    if (methods instanceof Map<?, ?> byMethod) {
                        byMethod.keySet()
                                .forEach(method ->
                                        operations.add(
                                                String.valueOf(method)
                                                                .toUpperCase(java.util.Locale.ROOT)
                                                        + " "
                                                        + path));
                    }
                });
        Set<String> routes = new TreeSet<>();
        for (String route : OpenApiDocument.described(new Router())) {
            if (operations.contains(route.replace("...}", "}"))) {
                routes.add(route);
            }
        }
        return routes;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> paths(Node document) {
        return (Map<String, @Nullable Object>)
                java.util.Objects.requireNonNull(document.get("paths"));
    }

    private static List<String> unknownReferences(Node document) {
        List<String> references = new ArrayList<>();
        collect(document.value(), references);
        references.removeIf(
                r -> document.at("components.schemas").has(r.substring(r.lastIndexOf('/') + 1)));
        return references;
    }

    private static void collect(@Nullable Object value, List<String> references) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> {
                if ("$ref".equals(key)) {
                    references.add(String.valueOf(inner));
                } else {
                    collect(inner, references);
                }
            });
        } else if (value instanceof List<?> list) {
            list.forEach(inner -> collect(inner, references));
        }
    }

    @Test
    void routesWithoutADescriptionAreThere() {
        Map<String, @Nullable Object> document =
                OpenApiDocument.document(List.of("GET /new/{id...}"));
        assertThat(new Node(document).get("paths./new/{id}.get.parameters.0.name")).isEqualTo("id");
    }
}
