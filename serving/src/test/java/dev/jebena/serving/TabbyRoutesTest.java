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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TabbyRoutesTest {
    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) {
        server = new RunningServer(home, FakeLlm.Settings.defaults().script(prompt -> prompt));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String segments(String more) {
        return "{\"language\":\"python\",\"segments\":{\"prefix\":\"def f():\"" + more + "}}";
    }

    @Test
    void codeIsCompletedBetweenTwoTexts() {
        Node reply = server.json("/v1/completions", segments(",\"suffix\":\"return x\""));
        assertThat(reply.text("id")).startsWith("cmpl-");
        assertThat(reply.text("choices.0.text")).contains("def f():", "return x");
        Node alone = server.json("/v1/completions", segments(""));
        assertThat(alone.text("choices.0.text")).endsWith("def f():").doesNotContain("return");
    }

    @Test
    void codeOfOtherFilesComesFirstAsComments() {
        String more = ",\"declarations\":[{\"filepath\":\"a.py\",\"body\":\"def g():\\n  pass\"}]";
        assertThat(server.json("/v1/completions", segments(more)).text("choices.0.text"))
                .endsWith("# Path: a.py\n# def g():\n#   pass\ndef f():");
    }

    @Test
    void longCodeIsCutAroundTheCursor() {
        String prefix = "x".repeat(9000) + "END";
        String body =
                "{\"segments\":{\"prefix\":\""
                        + prefix
                        + "\",\"suffix\":\""
                        + "y".repeat(9000)
                        + "\"}}";
        assertThat(server.post("/v1/completions", body).statusCode()).isEqualTo(200);
        String alone = "{\"segments\":{\"prefix\":\"" + prefix + "\"}}";
        assertThat(server.post("/v1/completions", alone).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"segments\":{}}",
                "{\"segments\":{\"prefix\":1}}",
                "{\"segments\":{\"prefix\":\"a\",\"declarations\":[{}]}}",
                "{\"segments\":{\"prefix\":\"a\"},\"temperature\":9}",
                "{\"segments\":[]}"
            })
    void wrongRequestsAreRefused(String body) {
        assertThat(server.post("/v1/completions", body).statusCode()).isEqualTo(400);
    }

    @Test
    void theAgentsQuestionsAreAnswered() {
        Node health = Node.parse(server.get("/v1/health").body());
        assertThat(health.text("status")).isEqualTo("ok");
        assertThat(health.integer("cpu_count")).isPositive();
        assertThat(health.text("model")).isEqualTo("smollm2:latest");
        assertThat(health.text("version.git_describe")).isNotEmpty();
        Node models = Node.parse(server.get("/v1beta/models").body());
        assertThat(models.list("completion")).isEqualTo(List.of("smollm2:latest"));
        assertThat(models.list("embedding")).isEqualTo(List.of("minilm:latest"));
        assertThat(server.post("/v1/events", "{\"type\":\"view\"}").statusCode()).isEqualTo(200);
        assertThat(server.post("/v1/events", "{\"type\":\"look\"}").body()).contains("dismiss");
    }
}
