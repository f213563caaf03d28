package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.llm.Generation;
import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchRoutesTest {
    private static final String SENTENCE = "The sea is wide.";
    private static final String CHAT = "/v1/chat/completions";

    @TempDir Path home;
    private RunningServer server;

    @BeforeEach
    void start() {
        server = server(Duration.ZERO);
    }

    private RunningServer server(Duration delay) {
        return new RunningServer(
                home, FakeLlm.Settings.defaults().delay(delay).script(_ -> SENTENCE));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static HttpResponse<String> upload(RunningServer server, String purpose, String content) {
        String boundary = "xXx";
        String form =
                "--xXx\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n"
                        + purpose
                        + "\r\n--xXx\r\nContent-Disposition: form-data; name=\"file\";"
                        + " filename=\"in.jsonl\"\r\n\r\n"
                        + content
                        + "\r\n--xXx--\r\n";
        return server.send(
                server.request("/v1/files")
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(BodyPublishers.ofString(form)));
    }

    private String file(String content) {
        HttpResponse<String> reply = upload(server, "batch", content);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        return Node.parse(reply.body()).text("id");
    }

    static String line(String id, String url, String body) {
        return "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"%s\",\"body\":%s}\n"
                .formatted(id, url, body);
    }

    private static String chats(int count) {
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, count)
                .forEach(i ->
                        lines.append(
                                line(
                                        "r" + i,
                                        CHAT,
                                        "{\"model\":\"smollm2\",\"messages\":"
                                                + "[{\"role\":\"user\",\"content\":\"hi\"}]}")));
        return lines.toString();
    }

    private Node batch(String file, String endpoint) {
        return server.json(
                "/v1/batches",
                "{\"input_file_id\":\"%s\",\"endpoint\":\"%s\",\"completion_window\":\"24h\"}"
                        .formatted(file, endpoint));
    }

    private Node ended(String id) {
        for (int i = 0; i < 2000; i++) {
            Node batch = Node.parse(server.get("/v1/batches/" + id).body());
            if (List.of("completed", "failed", "cancelled", "expired")
                    .contains(batch.text("status"))) {
                return batch;
            }
            pause();
        }
        throw new AssertionError(server.get("/v1/batches/" + id).body());
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Node> lines(String fileId) {
        List<Node> lines = new ArrayList<>();
        server.get("/v1/files/" + fileId + "/content")
                .body()
                .lines()
                .forEach(line -> lines.add(Node.parse(line)));
        return lines;
    }

    @Test
    void linesComeAfterAllThatSomebodyWaitsFor() {
        Node done = ended(batch(file(chats(1)), CHAT).text("id"));
        assertThat(done.text("status")).isEqualTo("completed");
        assertThat(priority()).isEqualTo(4);
        server.json(
                CHAT,
                "{\"model\":\"smollm2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(priority()).isZero();
    }

    private int priority() {
        Generation last = server.engines.getLast().lastOptions();
        return Objects.requireNonNull(last).priority();
    }

    @Test
    void filesAreStoredListedAndRemoved() {
        String id = file("{}\n");
        file("{}\n");
        Node file = Node.parse(server.get("/v1/files/" + id).body());
        assertThat(file.text("filename")).isEqualTo("in.jsonl");
        assertThat(file.integer("bytes")).isEqualTo(3);
        assertThat(server.get("/v1/files/" + id + "/content").body()).isEqualTo("{}\n");
        assertThat(Node.parse(server.get("/v1/files?purpose=batch&limit=1").body()).get("has_more"))
                .isEqualTo(true);
        assertThat(Node.parse(server.get("/v1/files?purpose=vision").body()).list("data"))
                .isEmpty();
        assertThat(server.send(server.request("/v1/files/" + id).DELETE()).statusCode())
                .isEqualTo(200);
        assertThat(server.get("/v1/files/" + id).statusCode()).isEqualTo(404);
        assertThat(upload(server, "fun", "x").statusCode()).isEqualTo(400);
    }

    @Test
    void everyLineIsAnswered() {
        Node done = ended(batch(file(chats(9)), CHAT).text("id"));
        assertThat(done.text("status")).isEqualTo("completed");
        assertThat(done.integer("request_counts.total")).isEqualTo(9);
        assertThat(done.integer("request_counts.completed")).isEqualTo(9);
        List<Node> lines = lines(done.text("output_file_id"));
        assertThat(lines).hasSize(9);
        assertThat(lines.get(4).text("custom_id")).isEqualTo("r4");
        assertThat(lines.get(4).integer("response.status_code")).isEqualTo(200);
        assertThat(lines.get(4).text("response.body.choices.0.message.content"))
                .isEqualTo(SENTENCE);
        assertThat(done.get("error_file_id")).isNull();
    }

    @Test
    void linesThatFailStandInTheErrorFile() {
        String lines =
                line("good", "/v1/embeddings", "{\"model\":\"minilm\",\"input\":\"a\"}")
                        + line("bad", "/v1/embeddings", "{\"model\":\"none\",\"input\":\"a\"}");
        Node done = ended(batch(file(lines), "/v1/embeddings").text("id"));
        assertThat(done.integer("request_counts.failed")).isEqualTo(1);
        assertThat(lines(done.text("output_file_id"))).hasSize(1);
        Node error = lines(done.text("error_file_id")).getFirst();
        assertThat(error.text("custom_id")).isEqualTo("bad");
        assertThat(error.integer("response.status_code")).isEqualTo(404);
        assertThat(error.text("response.body.error.code")).isEqualTo("model_not_found");
    }

    @Test
    void aFileWithWrongLinesFailsAndNamesThemAll() {
        String body = "{\"model\":\"smollm2\"}";
        String lines =
                "no json\n"
                        + line("a", CHAT, body)
                        + line("a", CHAT, body)
                        + line("b", "/v1/other", body)
                        + line("c", CHAT, "{\"stream\":true}")
                        + "\n{\"custom_id\":\"d\",\"method\":\"GET\"}\n";
        Node failed = ended(batch(file(lines), CHAT).text("id"));
        assertThat(failed.text("status")).isEqualTo("failed");
        assertThat(
                        IntStream.range(0, 5)
                                .mapToObj(i -> failed.integer("errors.data." + i + ".line")))
                .containsExactly(1L, 3L, 4L, 5L, 7L);
        assertThat(failed.text("errors.data.1.code")).isEqualTo("duplicate_custom_id");
    }

    @Test
    void wrongBatchesAreRefused() {
        String file = file(chats(1));
        assertRefused(file, "/v1/images", "24h", 400);
        assertRefused(file, CHAT, "1h", 400);
        assertRefused("file-none", CHAT, "24h", 404);
    }

    private void assertRefused(String file, String endpoint, String window, int status) {
        assertThat(
                        server.post(
                                        "/v1/batches",
                                        "{\"input_file_id\":\"%s\",\"endpoint\":\"%s\",\"completion_window\":\"%s\"}"
                                                .formatted(file, endpoint, window))
                                .statusCode())
                .isEqualTo(status);
    }

    @Test
    void aCancelledBatchKeepsWhatIsDone() {
        server.close();
        server = server(Duration.ofMillis(20));
        String id = batch(file(chats(200)), CHAT).text("id");
        while (Node.parse(server.get("/v1/batches/" + id).body())
                        .integer("request_counts.completed")
                == 0) {
            pause();
        }
        server.json("/v1/batches/" + id + "/cancel", "");
        Node done = ended(id);
        assertThat(done.text("status")).isEqualTo("cancelled");
        long completed = done.integer("request_counts.completed");
        assertThat(completed).isBetween(1L, 199L);
        assertThat(lines(done.text("output_file_id"))).hasSize((int) completed);
        assertThat(server.running()).isZero();
    }

    @Test
    void aRestartGoesOnAndDoesNoLineTwice() {
        server.close();
        server = server(Duration.ofMillis(20));
        String id = batch(file(chats(60)), CHAT).text("id");
        while (Node.parse(server.get("/v1/batches/" + id).body())
                        .integer("request_counts.completed")
                < 3) {
            pause();
        }
        server.close();
        server = server(Duration.ZERO);
        long before =
                Node.parse(server.get("/v1/batches/" + id).body())
                        .integer("request_counts.completed");
        assertThat(before).isBetween(3L, 60L);
        Node done = ended(id);
        assertThat(done.integer("request_counts.completed")).isEqualTo(60);
        assertThat(lines(done.text("output_file_id")))
                .extracting(line -> line.text("custom_id"))
                .doesNotHaveDuplicates()
                .hasSize(60);
    }

    @Test
    void anthropicsBatchesGiveResults() {
        String params =
                "{\"model\":\"%s\",\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        Node made =
                server.json(
                        "/v1/messages/batches",
                        "{\"requests\":[{\"custom_id\":\"a\",\"params\":%s},{\"custom_id\":\"b\",\"params\":%s}]}"
                                .formatted(params.formatted("smollm2"), params.formatted("none")));
        String path = "/v1/messages/batches/" + made.text("id");
        assertThat(made.text("type")).isEqualTo("message_batch");
        Node now = made;
        for (int i = 0; i < 500 && !now.text("processing_status").equals("ended"); i++) {
            pause();
            now = Node.parse(server.get(path).body());
        }
        assertThat(now.integer("request_counts.succeeded")).isEqualTo(1);
        assertThat(now.integer("request_counts.errored")).isEqualTo(1);
        List<Node> results = server.get(path + "/results").body().lines().map(Node::parse).toList();
        assertThat(results.get(0).text("result.message.content.0.text")).isEqualTo(SENTENCE);
        assertThat(results.get(1).text("result.error.error.type")).isEqualTo("not_found_error");
        assertThat(Node.parse(server.get("/v1/messages/batches").body()).list("data")).hasSize(1);
        assertThat(server.send(server.request(path).DELETE()).body())
                .contains("message_batch_deleted");
        assertThat(server.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void moderationSaysWhatToDo() {
        HttpResponse<String> reply = server.post("/v1/moderations", "{\"input\":\"hello\"}");
        assertThat(reply.statusCode()).isEqualTo(404);
        assertThat(reply.body()).contains("omni-moderation-latest", "chat model", "\"param\"");
        assertThat(server.post("/v1/moderations", "{}").statusCode()).isEqualTo(400);
    }
}
