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
import java.util.stream.IntStream;
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

    private List<Node> response(String more) {
        return server.events(
                "/v1/responses",
                "{\"model\":\"smollm2\",\"input\":\"Hi\",\"stream\":true" + more + "}");
    }

    private static List<String> steps(List<Node> events) {
        List<String> types = events.stream().map(e -> e.text("type")).toList();
        return IntStream.range(0, types.size())
                .filter(i -> i == 0 || !types.get(i).equals(types.get(i - 1)))
                .mapToObj(i -> types.get(i).replace("response.", ""))
                .toList();
    }

    @Test
    void responsesHaveAnItemOfReasoning() {
        List<Node> events = response(",\"top_logprobs\":1");
        assertThat(steps(events))
                .containsExactly(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "content_part.added",
                        "reasoning_text.delta",
                        "reasoning_text.done",
                        "content_part.done",
                        "output_item.done",
                        "output_item.added",
                        "content_part.added",
                        "output_text.delta",
                        "output_text.done",
                        "content_part.done",
                        "output_item.done",
                        "completed");
        Node reply = events.getLast().at("response");
        assertThat(reply.text("output.0.type")).isEqualTo("reasoning");
        assertThat(reply.text("output.0.content.0.type")).isEqualTo("reasoning_text");
        assertThat(reply.text("output.0.content.0.text")).isEqualTo("It is a greeting.");
        assertThat(reply.text("output.1.content.0.text")).isEqualTo("Hello!");
        // One of a token, which is a byte; the line ends before it are not shown, but drawn.
        assertThat(reply.list("output.1.content.0.logprobs")).hasSize("\n\nHello!".length());
        assertThat(reply.integer("usage.output_tokens_details.reasoning_tokens"))
                .isBetween(17L, 36L);
    }

    @Test
    void aSummaryOfReasoningIsWhatTheModelThought() {
        List<Node> events = response(",\"reasoning\":{\"summary\":\"auto\"}");
        assertThat(steps(events))
                .containsSubsequence(
                        "output_item.added",
                        "reasoning_summary_part.added",
                        "reasoning_summary_text.delta",
                        "reasoning_summary_text.done",
                        "reasoning_summary_part.done",
                        "output_item.done",
                        "output_item.added",
                        "content_part.added");
        Node reply = events.getLast().at("response");
        assertThat(reply.text("output.0.summary.0.text")).isEqualTo("It is a greeting.");
        assertThat(reply.get("output.0.content")).isNull();
        assertThat(
                        server.post(
                                        "/v1/responses",
                                        "{\"model\":\"smollm2\",\"input\":\"Hi\","
                                                + "\"reasoning\":{\"summary\":\"long\"}}")
                                .body())
                .contains("reasoning.summary", "auto, concise or detailed");
    }

    @Test
    void argumentsOfResponsesAreStreamedAsTheyCome() {
        List<Node> events =
                response(
                        ",\"tools\":[{\"type\":\"function\",\"name\":\"find\",\"parameters\":{}}]");
        assertThat(steps(events))
                .endsWith(
                        "reasoning_text.done",
                        "content_part.done",
                        "output_item.done",
                        "output_item.added",
                        "function_call_arguments.delta",
                        "function_call_arguments.done",
                        "output_item.done",
                        "completed");
        List<Node> pieces =
                events.stream().filter(e -> e.text("type").endsWith("arguments.delta")).toList();
        assertThat(pieces).hasSizeGreaterThan(3);
        assertThat(joined(pieces, "delta")).isEqualTo("{\"what\": \"a b\"}");
        assertThat(events.getLast().text("response.output.1.arguments"))
                .isEqualTo("{\"what\": \"a b\"}");
        assertThat(events.getLast().text("response.output.1.status")).isEqualTo("completed");
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
