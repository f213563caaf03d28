package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.llm.Generation;
import dev.jebena.llm.Reasoning;
import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThinkingTest {
    private static final String ASK = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
    private static final String CALL =
            "<think>I look it up.</think><tool_call>{\"name\": \"find\", \"arguments\": {\"what\": \"a b\"}}</tool_call>";
    private static final String TOOLS =
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"find\",\"parameters\":{}}}]";

    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) {
        server =
                new RunningServer(
                        home,
                        FakeLlm.Settings.defaults()
                                .thinks(true)
                                .script(prompt ->
                                        prompt.contains("tools:")
                                                ? CALL
                                                : "<think>\nIt is a greeting.\n</think>\n\nHello!"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Generation options() {
        return Objects.requireNonNull(server.engines.getFirst().lastOptions());
    }

    private static String joined(List<Node> events, String path) {
        return events.stream().map(event -> event.text(path)).collect(Collectors.joining());
    }

    @Test
    void openAiRepliesTellThinkingApart() {
        Node reply = server.json("/v1/chat/completions", "{\"model\":\"smollm2\"," + ASK + "}");
        Node message = reply.at("choices.0.message");
        assertThat(message.text("reasoning_content")).isEqualTo("It is a greeting.");
        assertThat(message.text("reasoning")).isEqualTo("It is a greeting.");
        assertThat(message.text("content")).isEqualTo("Hello!");
        assertThat(reply.integer("usage.completion_tokens_details.reasoning_tokens"))
                .isBetween(17L, 36L);
        List<Node> events =
                server.events(
                        "/v1/chat/completions",
                        "{\"model\":\"smollm2\",\"stream\":true," + ASK + "}");
        assertThat(joined(events, "choices.0.delta.reasoning_content"))
                .isEqualTo("It is a greeting.");
        assertThat(joined(events, "choices.0.delta.content")).isEqualTo("Hello!");
    }

    @Test
    void theFormatNoneLeavesThinkingInTheText() {
        Node reply =
                server.json(
                        "/v1/chat/completions",
                        "{\"model\":\"smollm2\",\"reasoning_format\":\"none\"," + ASK + "}");
        assertThat(reply.text("choices.0.message.content"))
                .isEqualTo("<think>\nIt is a greeting.\n</think>\n\nHello!");
        HttpResponse<String> wrong =
                server.post(
                        "/v1/chat/completions",
                        "{\"model\":\"smollm2\",\"reasoning_format\":\"x\"," + ASK + "}");
        assertThat(wrong.statusCode()).isEqualTo(400);
    }

    @Test
    void budgetsAndConstraintsReachTheEngine() {
        server.json(
                "/v1/chat/completions",
                "{\"model\":\"smollm2\",\"thinking_budget\":5," + ASK + "}");
        assertThat(options().reasoning()).isEqualTo(new Reasoning("<think>", "</think>", false, 5));
        server.json(
                "/v1/chat/completions",
                "{\"model\":\"smollm2\",\"response_format\":{\"type\":\"json_object\"},"
                        + ASK
                        + "}");
        assertThat(options().reasoning())
                .isEqualTo(new Reasoning("<think>", "</think>", false, -1));
    }

    @Test
    void callsAfterThinkingAreStreamedAsTheyCome() {
        List<Node> events =
                server.events(
                        "/v1/chat/completions",
                        "{\"model\":\"smollm2\",\"stream\":true," + TOOLS + "," + ASK + "}");
        assertThat(joined(events, "choices.0.delta.reasoning")).isEqualTo("I look it up.");
        assertThat(joined(events, "choices.0.delta.content")).isEmpty();
        String arguments = "choices.0.delta.tool_calls.0.function.arguments";
        assertThat(joined(events, arguments)).isEqualTo("{\"what\": \"a b\"}");
        assertThat(events.stream().filter(e -> !e.text(arguments).isEmpty()).count())
                .isGreaterThan(3);
        assertThat(joined(events, "choices.0.finish_reason")).isEqualTo("tool_calls");
    }

    @Test
    void ollamaRepliesHaveThinking() {
        Node reply =
                server.json("/api/chat", "{\"model\":\"smollm2\",\"stream\":false," + ASK + "}");
        assertThat(reply.text("message.thinking")).isEqualTo("It is a greeting.");
        assertThat(reply.text("message.content")).isEqualTo("Hello!");
        List<Node> lines =
                server.events(
                        "/api/chat", "{\"model\":\"smollm2\",\"think\":\"high\"," + ASK + "}");
        assertThat(joined(lines, "message.thinking")).isEqualTo("It is a greeting.");
        assertThat(joined(lines, "message.content")).isEqualTo("Hello!");
        assertThat(
                        server.post("/api/chat", "{\"model\":\"smollm2\",\"think\":7," + ASK + "}")
                                .statusCode())
                .isEqualTo(400);
    }

    @Test
    void anthropicRepliesHaveThinkingBlocks() {
        String thinking =
                "\"max_tokens\":100,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024},";
        Node reply = server.json("/v1/messages", "{\"model\":\"smollm2\"," + thinking + ASK + "}");
        assertThat(reply.text("content.0.type")).isEqualTo("thinking");
        assertThat(reply.text("content.0.thinking")).isEqualTo("It is a greeting.");
        assertThat(reply.text("content.0.signature")).isNotEmpty();
        assertThat(reply.text("content.1.text")).isEqualTo("Hello!");
        List<Node> events =
                server.events(
                        "/v1/messages",
                        "{\"model\":\"smollm2\",\"stream\":true," + thinking + ASK + "}");
        assertThat(joined(events, "delta.thinking")).isEqualTo("It is a greeting.");
        assertThat(joined(events, "delta.text")).isEqualTo("Hello!");
        assertThat(events.stream().map(e -> e.text("delta.type")).distinct())
                .contains("thinking_delta", "signature_delta", "text_delta");
        Node without =
                server.json(
                        "/v1/messages", "{\"model\":\"smollm2\",\"max_tokens\":100," + ASK + "}");
        assertThat(without.list("content")).hasSize(1);
        assertThat(without.text("content.0.text")).isEqualTo("Hello!");
    }
}
