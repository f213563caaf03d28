package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ContentId;
import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import dev.jebena.testkit.TinyGguf;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OllamaRoutesTest {
    private static final String SENTENCE = "The sea is wide and blue, and nobody knows all of it.";
    private static final String PROMPT = "{\"model\":\"smollm2\",\"prompt\":\"The sea\"";
    private static final String CHAT =
            "{\"model\":\"smollm2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    @TempDir private Path home;
    private RunningServer server;

    @BeforeEach
    void start() {
        server =
                new RunningServer(
                        home,
                        FakeLlm.Settings.defaults()
                                .contextLength(400)
                                .script(p ->
                                        p.contains("echo")
                                                ? p.substring(Math.max(0, p.length() - 30))
                                                : SENTENCE));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> delete(String body) {
        return server.send(
                server.request("/api/delete").method("DELETE", BodyPublishers.ofString(body)));
    }

    @Test
    void rootGreetsProgramsAndHeadWorks() {
        assertThat(server.get("/").body()).isEqualTo("Ollama is running");
        assertThat(
                        server.send(
                                        server.request("/api/tags")
                                                .method("HEAD", BodyPublishers.noBody()))
                                .statusCode())
                .isEqualTo(200);
        assertThat(Node.parse(server.get("/api/version").body()).text("version"))
                .matches("[0-9.]+");
    }

    @Test
    void generateHasCountersAndContextOnlyInTheLastLine() {
        List<Node> lines = server.events("/api/generate", PROMPT + "}");
        assertThat(lines.stream().map(l -> l.text("response")).collect(Collectors.joining()))
                .isEqualTo(SENTENCE);
        assertThat(lines.getFirst().has("eval_count")).isFalse();
        Node last = lines.getLast();
        assertThat(last.text("done")).isEqualTo("true");
        assertThat(last.text("done_reason")).isEqualTo("stop");
        assertThat(last.get("eval_count")).isEqualTo((long) SENTENCE.length());
        assertThat(last.list("context")).hasSizeGreaterThan(SENTENCE.length());
        assertThat(last.integer("total_duration")).isPositive();
        Node whole =
                server.json(
                        "/api/generate",
                        PROMPT + ",\"stream\":false,\"options\":{\"num_predict\":3}}");
        assertThat(whole.text("response")).isEqualTo("The");
        assertThat(whole.text("done_reason")).isEqualTo("length");
    }

    @Test
    void templatesSystemRawAndContextShapeThePrompt() {
        String body = "{\"model\":\"smollm2\",\"stream\":false,\"prompt\":\"echo this prompt\",";
        assertThat(
                        server.json(
                                        "/api/generate",
                                        body
                                                + "\"system\":\"Be terse.\",\"template\":"
                                                + "\"{{ if .System }}[{{ .System }}]{{ end }} {{ .Prompt }}\"}")
                                .text("response"))
                .endsWith("[Be terse.] echo this prompt");
        assertThat(server.json("/api/generate", body + "\"raw\":true,\"context\":[65,66]}"))
                .extracting(r -> r.list("context").subList(0, 2))
                .isEqualTo(List.of(65L, 66L));
        assertThat(
                        server.post("/api/generate", body + "\"template\":\"{{ range .X }}\"}")
                                .statusCode())
                .isEqualTo(400);
        HttpResponse<String> unclosed =
                server.post("/api/generate", body + "\"template\":\"{{ .Prompt\"}");
        assertThat(unclosed.statusCode()).isEqualTo(400);
        assertThat(unclosed.body()).contains("{{ without }}");
    }

    @Test
    void aModelThatMakesNoEmbeddingsIsNamedAsTheUserKnowsIt() {
        HttpResponse<String> refused =
                server.post("/api/embed", "{\"model\":\"smollm2\",\"input\":\"a\"}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Node.parse(refused.body()).text("error"))
                .isEqualTo("Model 'smollm2:latest' continues text and makes no embeddings");
    }

    @Test
    void emptyPromptLoadsAndKeepAliveZeroUnloads() throws Exception {
        Node loaded = server.json("/api/generate", "{\"model\":\"smollm2\",\"keep_alive\":-1}");
        assertThat(loaded.text("done_reason")).isEqualTo("load");
        Node ps = Node.parse(server.get("/api/ps").body());
        assertThat(ps.text("models.0.name")).isEqualTo("smollm2:latest");
        assertThat(ps.text("models.0.expires_at")).startsWith("2");
        assertThat(ps.get("models.0.context_length")).isEqualTo(400L);
        assertThat(server.json("/api/chat", "{\"model\":\"smollm2\",\"keep_alive\":\"0s\"}"))
                .extracting(r -> r.text("done_reason"))
                .isEqualTo("unload");
        assertThat(Node.parse(server.get("/api/ps").body()).list("models")).isEmpty();
        Thread.sleep(200);
        assertThat(server.engines.getFirst().closed()).isTrue();
    }

    @Test
    void chatStreamsAndCallsTools() {
        List<Node> lines = server.events("/api/chat", CHAT + ",\"tools\":[]}");
        assertThat(lines.stream().map(l -> l.text("message.content")).collect(Collectors.joining()))
                .isEqualTo(SENTENCE);
        Node forced =
                server.json(
                        "/api/chat",
                        CHAT
                                + ",\"stream\":false,\"tool_choice\":\"required\",\"tools\":[{"
                                + "\"type\":\"function\",\"function\":{\"name\":\"f\","
                                + "\"parameters\":{\"type\":\"object\",\"properties\":{\"n\":{"
                                + "\"type\":\"integer\"}}}}}]}");
        assertThat(forced.text("message.tool_calls.0.function.name")).isEqualTo("f");
        assertThat(forced.get("message.tool_calls.0.function.arguments.n")).isEqualTo(7L);
        assertThat(server.json("/api/chat", CHAT + ",\"stream\":false,\"format\":\"json\"}"))
                .extracting(r -> r.text("message.content"))
                .isEqualTo("{\"a\": 1}");
    }

    @Test
    void longConversationsLoseTheirOldestMessages() {
        String long1 = "{\"role\":\"user\",\"content\":\"" + "a".repeat(300) + "\"},";
        String body =
                "{\"model\":\"smollm2\",\"stream\":false,\"messages\":["
                        + long1
                        + long1
                        + "{\"role\":\"user\",\"content\":\"hi\"}]";
        Node reply = server.json("/api/chat", body + "}");
        assertThat(reply.integer("prompt_eval_count")).isLessThan(400);
        assertThat(server.post("/api/chat", body + ",\"truncate\":false}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void embeddingsAreNormalizedListsAndLegacy() {
        Node reply = server.json("/api/embed", "{\"model\":\"minilm\",\"input\":[\"a\",\"b\"]}");
        assertThat(reply.list("embeddings")).hasSize(2);
        assertThat(server.json("/api/embed", "{\"model\":\"minilm\",\"input\":[]}"))
                .extracting(r -> r.list("embeddings"))
                .isEqualTo(List.of());
        assertThat(server.json("/api/embeddings", "{\"model\":\"minilm\",\"prompt\":\"a\"}"))
                .extracting(r -> r.list("embedding").size())
                .isEqualTo(64);
        assertThat(server.post("/api/generate", "{\"model\":\"minilm\",\"prompt\":\"a\"}").body())
                .contains("embeddings, not text");
    }

    @Test
    void modelsAreListedShownCreatedCopiedAndDeleted() {
        Node tags = Node.parse(server.get("/api/tags").body());
        assertThat(tags.list("models")).hasSize(2);
        assertThat(tags.text("models.0.digest")).matches("[0-9a-f]{64}");
        Node shown = server.json("/api/show", "{\"name\":\"smollm2\"}");
        assertThat(shown.text("details.family")).isEqualTo("llama");
        assertThat(shown.list("capabilities").stream().map(Object::toString))
                .contains("completion");
        List<Node> lines =
                server.events(
                        "/api/create",
                        "{\"model\":\"p\",\"from\":\"smollm2\",\"system\":\"Arr.\",\"license\":\"MIT\","
                                + "\"parameters\":{\"temperature\":0.5,\"stop\":[\"X\",\"Y\"]}}");
        assertThat(lines.getLast().text("status")).isEqualTo("success");
        assertThat(server.json("/api/show", "{\"model\":\"p\"}").text("parameters"))
                .contains("temperature")
                .contains("\"Y\"");
        assertThat(
                        server.post("/api/copy", "{\"source\":\"p\",\"destination\":\"q\"}")
                                .statusCode())
                .isEqualTo(200);
        assertThat(delete("{\"name\":\"p\"}").statusCode()).isEqualTo(200);
        assertThat(delete("{\"model\":\"p\"}").statusCode()).isEqualTo(404);
        assertThat(Node.parse(server.get("/api/tags").body()).list("models")).hasSize(3);
    }

    @Test
    void uploadedBlobsBecomeModels() throws Exception {
        byte[] file = Files.readAllBytes(TinyGguf.write(home.resolve("up.gguf"), "qwen2"));
        String digest = ContentId.of(file).toString();
        String wrong = "/api/blobs/sha256:" + "0".repeat(64);
        assertThat(
                        server.send(server.request(wrong).method("HEAD", BodyPublishers.noBody()))
                                .statusCode())
                .isEqualTo(404);
        assertThat(server.send(server.request(wrong).POST(BodyPublishers.ofByteArray(file))))
                .extracting(HttpResponse::statusCode)
                .isEqualTo(400);
        assertThat(
                        server.send(
                                        server.request("/api/blobs/" + digest)
                                                .POST(BodyPublishers.ofByteArray(file)))
                                .statusCode())
                .isEqualTo(201);
        server.json(
                "/api/create",
                "{\"model\":\"up\",\"stream\":false,\"files\":{\"up.gguf\":\"" + digest + "\"}}");
        assertThat(server.json("/api/show", "{\"model\":\"up\"}").text("details.family"))
                .isEqualTo("qwen2");
    }

    @Test
    void errorsAreOneStringAndPathsAreNotModels() {
        for (String path : List.of("/api/show", "/api/chat", "/api/generate", "/api/embed")) {
            HttpResponse<String> response = server.post(path, "{\"model\":\"nope\"}");
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(Node.parse(response.body()).text("error"))
                    .isEqualTo("model 'nope' not found");
        }
        String file = home.resolve("smollm2.gguf").toString();
        assertThat(
                        server.post("/api/create", "{\"model\":\"x\",\"from\":\"" + file + "\"}")
                                .statusCode())
                .isEqualTo(404);
        assertThat(server.post("/api/pull", "{}").statusCode()).isEqualTo(400);
        assertThat(server.post("/api/push", "{\"model\":\"smollm2\"}").statusCode()).isEqualTo(501);
        HttpResponse<String> pull =
                server.post(
                        "/api/pull",
                        "{\"model\":\"127.0.0.1:9/nobody/none\",\"insecure\":true,\"stream\":false}");
        assertThat(pull.statusCode()).isEqualTo(500);
        assertThat(Node.parse(pull.body()).text("error")).isNotEmpty();
    }

    @Test
    void termsThatAreNoOpenLicenceMustBeAccepted() throws IOException {
        Path file = home.resolve("smollm2.gguf");
        Files.writeString(
                home.resolve("catalog.json"),
                """
                {"models": {"bound": {"license": {"id": "own", "name": "My Terms"},
                  "files": [{"name": "bound.gguf", "sha256": "%s", "size": %d}],
                  "sources": [{"file": "%s"}]}}}
                """
                        .formatted(
                                ContentId.of(Files.readAllBytes(file)).hex(),
                                Files.size(file),
                                file));
        HttpResponse<String> refused =
                server.post("/api/pull", "{\"model\":\"bound\",\"stream\":false}");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(Node.parse(refused.body()).text("error"))
                .contains("My Terms")
                .contains("\"accept_license\": true");
        assertThat(server.events("/api/pull", "{\"model\":\"bound\"}").getLast().text("error"))
                .contains("\"accept_license\": true");
        for (String field : List.of("acceptLicense", "accept_license")) {
            assertThat(
                            server.json(
                                            "/api/pull",
                                            "{\"model\":\"bound\",\"stream\":false,\""
                                                    + field
                                                    + "\":true}")
                                    .text("status"))
                    .isEqualTo("success");
        }
    }
}
