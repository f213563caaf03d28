package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import dev.jebena.json.Json;
import dev.jebena.repositories.Repositories;
import dev.jebena.repositories.RepositoryOptions;
import dev.jebena.repositories.RepositoryRoutes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The hub as `serve` puts it together: what is uploaded is scanned, told and kept back.
class HubScanTest {
    private static final String TOKEN = "hf_jebenatesttoken";
    private static final String API = "/api/models/jebena/m";
    private static final String EVIL = "cposix\nsystem\n(S'true'\ntR.";

    @TempDir Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private Repositories repositories;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        repositories =
                Repositories.open(
                        RepositoryOptions.in(folder)
                                .ownerToken(TOKEN)
                                .checks(List.of(new UploadScan())));
        Router router = new Router();
        RepositoryRoutes.mount(router, repositories);
        server = HttpServer.start(HttpServerOptions.defaults().port(0), router);
        assertThat(send("POST", "/api/repos/create", "{\"name\": \"m\"}").statusCode())
                .isEqualTo(200);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        repositories.close();
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        boolean lines = path.contains("/commit/");
        return client.send(
                HttpRequest.newBuilder(URI.create(server.uri() + path))
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Content-Type", lines ? "application/x-ndjson" : "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void commit(Map<String, String> files) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        lines.append(Json.write(Map.of("key", "header", "value", Map.of("summary", "s"))));
        files.forEach((path, text) -> {
            String content =
                    Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
            lines.append('\n')
                    .append(
                            Json.write(
                                    Map.of(
                                            "key",
                                            "file",
                                            "value",
                                            Map.of(
                                                    "path",
                                                    path,
                                                    "content",
                                                    content,
                                                    "encoding",
                                                    "base64"))));
        });
        assertThat(send("POST", API + "/commit/main", lines + "\n").statusCode()).isEqualTo(200);
    }

    @Test
    void unsafeFilesAreToldAndKeptBack() throws Exception {
        commit(Map.of("a.pkl", EVIL, "README.md", "# m\n"));
        HttpResponse<String> info =
                send(
                        "POST",
                        API + "/paths-info/main",
                        "{\"paths\": [\"a.pkl\", \"README.md\"], \"expand\": true}");
        Map<?, ?> status = null;
        for (Object file : Json.array(Json.parse(info.body()))) {
            Map<?, ?> security =
                    (Map<?, ?>) ((Map<?, ?>) Json.object(file)).get("securityFileStatus");
            assertThat(security).isNotNull();
            if ("a.pkl".equals(Json.object(file).get("path"))) {
                status = security;
            } else {
                assertThat(security.get("status")).isEqualTo("safe");
            }
        }
        assertThat(status).isNotNull();
        assertThat(status.get("status")).isEqualTo("unsafe");
        assertThat(Json.object(status.get("pickleImportScan")).get("pickleImports"))
                .isEqualTo(
                        List.of(
                                Map.of(
                                        "module",
                                        "posix",
                                        "name",
                                        "system",
                                        "safety",
                                        "dangerous")));
        assertThat(send("GET", API + "?securityStatus=true", "").body())
                .contains("\"filesWithIssues\":[{\"path\":\"a.pkl\",\"level\":\"unsafe\"}]");
        String file = "/jebena/m/resolve/main/a.pkl";
        assertThat(send("GET", file, "").body()).isEqualTo(EVIL);
        send("PUT", API + "/settings", "{\"blockUnsafe\": true}");
        assertThat(send("GET", file, "").statusCode()).isEqualTo(403);
        assertThat(send("GET", file, "").body()).contains("was found unsafe");
        assertThat(send("GET", "/jebena/m/resolve/main/README.md", "").statusCode()).isEqualTo(200);
    }
}
