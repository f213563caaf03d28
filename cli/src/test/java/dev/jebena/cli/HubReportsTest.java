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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the assembled hub tells of a repository's card, licences and openness, and to whom.
class HubReportsTest {
    private static final String TOKEN = "hf_jebenatesttoken";

    @TempDir Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private Repositories repositories;
    private HttpServer server;

    @BeforeEach
    void start() {
        repositories = Repositories.open(RepositoryOptions.in(folder).ownerToken(TOKEN));
        Router router = new Router();
        RepositoryRoutes.mount(router, repositories, HubReports.all());
        server = HttpServer.start(HttpServerOptions.defaults().port(0), router);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        repositories.close();
    }

    private HttpResponse<String> send(String method, String path, String body, String token)
            throws IOException, InterruptedException {
        boolean lines = path.contains("/commit/");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.uri() + path))
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("Content-Type", lines ? "application/x-ndjson" : "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String token)
            throws IOException, InterruptedException {
        return send("GET", path, "", token);
    }

    private void repo(String kind, String name, boolean hidden, Map<String, String> files)
            throws IOException, InterruptedException {
        send(
                "POST",
                "/api/repos/create",
                Json.write(Map.of("name", name, "type", kind, "private", hidden)),
                TOKEN);
        StringBuilder lines = new StringBuilder();
        lines.append(Json.write(Map.of("key", "header", "value", Map.of("summary", "s"))));
        files.forEach((path, text) ->
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
                                                        "encoding",
                                                        "base64",
                                                        "content",
                                                        Base64.getEncoder()
                                                                .encodeToString(
                                                                        text.getBytes(
                                                                                StandardCharsets
                                                                                        .UTF_8)))))));
        HttpResponse<String> done =
                send(
                        "POST",
                        "/api/" + kind + "s/jebena/" + name + "/commit/main",
                        lines.toString(),
                        TOKEN);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    }

    private static String card(String metadata, String body) {
        return "---\n" + metadata + "\n---\n" + body;
    }

    @Test
    void theCardIsATreeOfWhatTheRulesLetThrough() throws Exception {
        repo(
                "model",
                "m",
                false,
                Map.of(
                        "README.md",
                        card(
                                "license: mit",
                                "# Title\n<script>x()</script><b onclick=x()>bold</b>\n\n[a](javascript:x)")));
        String reply = get("/api/models/jebena/m/card", "").body();
        assertThat(reply)
                .contains("[\"h1\",{},\"Title\"]", "[\"b\",{},\"bold\"]", "\"license\":\"mit\"")
                .doesNotContain("script:", "\"script\"", "onclick");
        assertThat(get("/api/models/jebena/m/card?revision=none", "").statusCode()).isEqualTo(404);
        repo("model", "bare", false, Map.of("a.txt", "x"));
        assertThat(get("/api/models/jebena/bare/card", "").body()).contains("\"tree\":null");
    }

    @Test
    void licencesFollowTheCardsOfTheSameHubAsFarAsTheCallerMayRead() throws Exception {
        repo("model", "base", true, Map.of("README.md", card("license: cc-by-nc-4.0", "x")));
        repo("dataset", "rows", false, Map.of("README.md", card("license: cc0-1.0", "x")));
        repo(
                "model",
                "tuned",
                false,
                Map.of(
                        "README.md",
                        card(
                                "license: mit\nbase_model: jebena/base\ndatasets: [jebena/rows, far/away]",
                                "x"),
                        "weights.gguf",
                        "no gguf at all"));
        String owner = get("/api/models/jebena/tuned/licence", TOKEN).body();
        assertThat(owner).contains("CC-BY-NC-4.0", "CC0-1.0", "\"verdict\":\"conflict\"");
        String anyone = get("/api/models/jebena/tuned/licence", "").body();
        assertThat(anyone).contains("CC0-1.0", "\"license\":\"MIT\"").doesNotContain("CC-BY-NC");
    }

    @Test
    void opennessNamesTheFilesThatProveIt() throws Exception {
        repo(
                "model",
                "open",
                false,
                Map.of("README.md", card("license: apache-2.0", "# Open\ntext"), "train.py", "1"));
        assertThat(get("/api/models/jebena/open/openness", "").body())
                .contains("Model Openness Framework", "train.py");
    }

    @Test
    void reportsOfHiddenAndGatedRepositoriesAreForThoseWhoMayRead() throws Exception {
        repo("model", "hidden", true, Map.of("README.md", card("license: mit", "x")));
        repo("model", "gated", false, Map.of("README.md", card("license: mit", "x")));
        send("PUT", "/api/models/jebena/gated/settings", "{\"gated\": \"manual\"}", TOKEN);
        for (String report : new String[] {"card", "licence", "openness"}) {
            assertThat(get("/api/models/jebena/hidden/" + report, "").statusCode()).isEqualTo(401);
            assertThat(get("/api/models/jebena/gated/" + report, "").statusCode()).isIn(401, 403);
            assertThat(get("/api/models/jebena/hidden/" + report, TOKEN).statusCode())
                    .isEqualTo(200);
        }
    }
}
