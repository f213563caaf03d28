package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.nio.file.Path;
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
