package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalAiRoutesTest {
    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) {
        server = new RunningServer(home, FakeLlm.Settings.defaults());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Node get(String path) {
        return Node.parse(server.get(path).body());
    }

    private Node done(Node job) throws InterruptedException {
        Node state = get("/models/jobs/" + job.text("uuid"));
        for (int i = 0; i < 500 && !Boolean.TRUE.equals(state.get("processed")); i++) {
            Thread.sleep(10);
            state = get("/models/jobs/" + job.text("uuid"));
        }
        return state;
    }

    @Test
    void jobsTellHowTheyWent() throws Exception {
        assertThat(get("/models/available").value())
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .isNotEmpty();
        Node job = server.json("/models/apply", "{\"id\":\"none@no-such-model-xyz\"}");
        assertThat(job.text("status")).endsWith(job.text("uuid"));
        Node failed = done(job);
        assertThat(failed.text("error")).contains("no-such-model-xyz");
        assertThat(done(server.json("/models/delete/minilm", "")).get("error")).isNull();
        assertThat(server.get("/v1/models/minilm").statusCode()).isEqualTo(404);
        assertThat(server.get("/models/jobs/1").statusCode()).isEqualTo(404);
    }

    @Test
    void loadedModelsAreSeenAndUnloaded() {
        assertThat(server.get("/backend/monitor?model=smollm2").statusCode()).isEqualTo(404);
        server.json("/v1/completions", "{\"model\":\"smollm2\",\"prompt\":\"a\"}");
        assertThat(get("/system").text("loaded_models.0.id")).isEqualTo("smollm2:latest");
        assertThat(get("/backend/monitor?model=smollm2").text("state")).isEqualTo("READY");
        server.json("/backend/shutdown", "{\"model\":\"smollm2\"}");
        assertThat(get("/system").list("loaded_models")).isEmpty();
    }

    @Test
    void textsAreEdited() {
        for (String path : List.of("/v1/edits", "/edits")) {
            Node reply =
                    server.json(
                            path,
                            "{\"model\":\"smollm2\",\"input\":\"see\",\"n\":2,\"max_tokens\":7,"
                                    + "\"instruction\":\"Mend the spelling.\"}");
            assertThat(reply.text("object")).isEqualTo("edit");
            assertThat(reply.text("choices.1.text")).isEqualTo("The sea");
            assertThat(reply.integer("usage.completion_tokens")).isEqualTo(14);
            assertThat(server.post(path, "{\"model\":\"smollm2\"}").body()).contains("instruction");
        }
    }

    @Test
    void storesFindTextsByVectors() {
        String keys = "{\"store\":\"s\",\"keys\":[[1,0],[0,2],[1,1]]";
        assertThat(server.post("/stores/set", keys + ",\"values\":[\"x\",\"y\",\"z\"]}").body())
                .isEmpty();
        Node found = server.json("/stores/find", "{\"store\":\"s\",\"key\":[3,0.1],\"topk\":2}");
        assertThat(found.list("values")).isEqualTo(List.of("x", "z"));
        assertThat(Double.parseDouble(found.text("similarities.0"))).isBetween(0.99, 1.0);
        assertThat(server.json("/stores/find", "{\"key\":[1]}").list("keys")).isEmpty();
        server.post("/stores/delete", "{\"store\":\"s\",\"keys\":[[1,0]]}");
        Node left = server.json("/stores/get", keys + "}");
        assertThat(left.list("values")).isEqualTo(List.of("y", "z"));
        for (String wrong :
                List.of(
                        "{}",
                        "{\"keys\":[[1]],\"values\":[]}",
                        "{\"keys\":[[]],\"values\":[\"a\"]}",
                        "{\"keys\":[[1e999]],\"values\":[\"a\"]}",
                        "{\"keys\":[[1],[1,2]],\"values\":[\"a\",\"b\"]}",
                        "{\"store\":\"s\",\"keys\":[[1]],\"values\":[\"a\"]}")) {
            assertThat(server.post("/stores/set", wrong).statusCode()).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void oneEntryForAllAndSignsOfLife() {
        assertThat(server.get("/ping").statusCode()).isEqualTo(200);
        assertThat(get("/load").integer("server_load")).isZero();
        assertThat(
                        server.json(
                                        "/invocations",
                                        "{\"model\":\"smollm2\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}")
                                .text("object"))
                .isEqualTo("chat.completion");
        assertThat(server.post("/invocations", "{}").statusCode()).isEqualTo(400);
        assertThat(server.post("/predict", "{}").statusCode()).isEqualTo(424);
        assertThat(server.post("/embed_sparse", "{}").body()).contains("SPLADE");
    }
}
