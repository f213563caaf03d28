package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.llm.Message;
import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmStudioRoutesTest {
    private static final String SENTENCE = "The sea is wide and blue, and nobody knows all of it.";
    private static final String CHAT = "{\"model\":\"smollm2\",\"input\":\"hi\"";
    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) {
        server =
                new RunningServer(
                        home,
                        FakeLlm.Settings.defaults().script(p -> p.contains("SHOW") ? p : SENTENCE));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void version0IsOpenAisWithFigures() {
        Node list = Node.parse(server.get("/api/v0/models").body());
        assertThat(list.list("data")).hasSize(2);
        assertThat(Node.parse(server.get("/api/v0/models/minilm").body()).text("type"))
                .isEqualTo("embeddings");
        Node reply =
                server.json(
                        "/api/v0/chat/completions",
                        "{\"model\":\"smollm2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                                + "\"max_tokens\":4}");
        assertThat(reply.text("choices.0.message.content")).isEqualTo("The ");
        assertThat(reply.text("stats.stop_reason")).isEqualTo("maxPredictedTokensReached");
        assertThat(reply.text("model_info.arch")).isEqualTo("llama");
        assertThat(reply.text("runtime.name")).isEqualTo("jebena");
        assertThat(Node.parse(server.get("/api/v0/models/smollm2").body()).text("state"))
                .isEqualTo("loaded");
        Node text = server.json("/api/v0/completions", "{\"model\":\"smollm2\",\"prompt\":\"a\"}");
        assertThat(text.text("stats.tokens_per_second")).isNotEmpty();
        Node vector = server.json("/api/v0/embeddings", "{\"model\":\"minilm\",\"input\":\"a\"}");
        assertThat(vector.list("data.0.embedding")).hasSize(64);
    }

    @Test
    void modelsAreListedLoadedAndUnloaded() {
        Node loaded = server.json("/api/v1/models/load", "{\"model\":\"smollm2\"}");
        assertThat(loaded.text("status")).isEqualTo("loaded");
        assertThat(instances()).isEqualTo(1);
        String id = loaded.text("instance_id");
        assertThat(
                        server.json("/api/v1/models/unload", "{\"instance_id\":\"" + id + "\"}")
                                .text("instance_id"))
                .isEqualTo(id);
        assertThat(instances()).isZero();
    }

    private int instances() {
        Node models = Node.parse(server.get("/api/v1/models").body());
        int count = 0;
        for (int i = 0; i < models.list("models").size(); i++) {
            Node model = models.at("models." + i);
            assertThat(model.text("type")).isIn("llm", "embedding");
            assertThat(model.text("key")).isNotEmpty();
            count += model.list("loaded_instances").size();
        }
        return count;
    }

    @Test
    void chatsAnswerAndGoOn() {
        Node first = server.json("/api/v1/chat", CHAT + ",\"system_prompt\":\"Be brief.\"}");
        assertThat(first.text("output.0.content")).isEqualTo(SENTENCE);
        assertThat(first.integer("stats.total_output_tokens")).isEqualTo(SENTENCE.length());
        String id = first.text("response_id");
        assertThat(id).startsWith("resp_");
        Node next =
                server.json(
                        "/api/v1/chat",
                        CHAT.replace("hi", "SHOW") + ",\"previous_response_id\":\"" + id + "\"}");
        assertThat(next.text("output.0.content"))
                .isEqualTo(
                        "<s>system: Be brief.\nuser: hi\nassistant: "
                                + SENTENCE
                                + "\nuser: SHOW\nassistant: ");
        assertThat(server.json("/api/v1/chat", CHAT + ",\"store\":false}").get("response_id"))
                .isNull();
    }

    @Test
    void eventsRunFromStartToEnd() {
        String body = server.post("/api/v1/chat", CHAT + ",\"stream\":true}").body();
        List<Node> events =
                body.lines()
                        .filter(l -> l.startsWith("data: "))
                        .map(l -> Node.parse(l.substring(6)))
                        .toList();
        assertThat(body).startsWith("event: chat.start\n");
        assertThat(
                        events.stream()
                                .filter(e -> e.text("type").equals("message.delta"))
                                .map(e -> e.text("content"))
                                .collect(Collectors.joining()))
                .isEqualTo(SENTENCE);
        assertThat(events.getLast().text("type")).isEqualTo("chat.end");
        assertThat(events.getLast().text("result.output.0.content")).isEqualTo(SENTENCE);
        assertThat(events.stream().map(e -> e.text("type")))
                .containsSubsequence(
                        "chat.start",
                        "prompt_processing.start",
                        "prompt_processing.end",
                        "message.start",
                        "message.delta",
                        "message.end",
                        "chat.end");
    }

    @Test
    void errorsSayTheirType() {
        assertError("/api/v1/chat", CHAT.replace("smollm2", "nope") + "}", 404, "model_not_found");
        assertError("/api/v1/chat", "{\"model\":\"smollm2\"}", 400, "invalid_request");
        assertError(
                "/api/v1/chat",
                CHAT + ",\"previous_response_id\":\"resp_x\"}",
                404,
                "invalid_request");
        assertError("/api/v1/chat", CHAT + ",\"reasoning\":\"high\"}", 400, "invalid_request");
        assertError("/api/v1/models/download", "{\"model\":\"a\"}", 501, "not_implemented");
        assertError("/api/v0/chat/completions", "{\"model\":\"smollm2\"}", 400, "invalid_request");
        assertThat(server.running()).isZero();
    }

    private void assertError(String path, String body, int status, String type) {
        HttpResponse<String> response = server.post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(Node.parse(response.body()).text("error.type")).isEqualTo(type);
    }

    @Test
    void theLongestUnusedChatsGoFirst() {
        StoredChats chats = new StoredChats();
        List<Message> large = List.of(Message.user("x".repeat(12 << 20)));
        chats.put("a", large);
        chats.put("b", large);
        assertThat(chats.get("a")).isNotNull();
        chats.put("c", large);
        assertThat(chats.get("b")).isNull();
        assertThat(chats.get("a")).isNotNull();
        assertThat(chats.get("c")).isNotNull();
    }
}
