package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import dev.jebena.llm.Answer;
import dev.jebena.llm.Generation;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.ToolCall;
import dev.jebena.mcp.McpCall;
import dev.jebena.mcp.McpRoutes;
import dev.jebena.mcp.McpServer;
import dev.jebena.mcp.McpServerAddress;
import dev.jebena.mcp.McpTool;
import dev.jebena.mcp.McpToolResult;
import dev.jebena.testkit.FakeLlm;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Questions that a scripted model answers with tools of a server.
class ToolTurnTest {
    private static final String CALL =
            "<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 2, \"b\": 3}}</tool_call>";

    private final Deque<String> answers = new ArrayDeque<>();
    private final List<String> prompts = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();
    private final CountDownLatch waiting = new CountDownLatch(1);
    private HttpServer server;
    private Models models;
    private Conversation conversation;
    private ToolBox box;

    @BeforeEach
    void begin() {
        ToyModels.store("toy", ToyModels.chat());
        models = Models.open();
        Router router = new Router();
        McpRoutes.register(
                router,
                "/mcp",
                McpServer.named("sums", "1")
                        .tool(tool("add"), ToolTurnTest::add)
                        .tool(tool("wait"), this::waitForCancel));
        server = HttpServer.start(HttpServerOptions.defaults().port(0), router);
        FakeLlm llm =
                FakeLlm.of(
                        FakeLlm.Settings.defaults()
                                .script(prompt -> {
                                    prompts.add(prompt);
                                    return answers.remove();
                                }));
        conversation =
                new Conversation(llm, models.local("toy"), Generation.defaults().maxTokens(1000));
        box =
                ToolBox.open(
                        Map.of(
                                "sums",
                                McpServerAddress.http(server.uri().resolve("/mcp").toString())),
                        Duration.ofSeconds(10),
                        notes::add,
                        false);
    }

    @AfterEach
    void end() {
        box.close();
        server.close();
        models.close();
    }

    private static McpTool tool(String name) {
        return new McpTool(name, null, "Tool " + name, Map.of("type", "object"), null, Map.of());
    }

    private static McpToolResult add(McpCall call) {
        if (call.arguments().get("a") instanceof Long a
                && call.arguments().get("b") instanceof Long b) {
            return McpToolResult.text(String.valueOf(a + b));
        }
        throw new IllegalArgumentException("a and b have to be numbers");
    }

    private McpToolResult waitForCancel(McpCall call) {
        waiting.countDown();
        CountDownLatch cancelled = new CountDownLatch(1);
        call.onCancel(cancelled::countDown);
        try {
            cancelled.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return McpToolResult.text("");
    }

    private ToolTurn turn(int rounds, Predicate<ToolCall> consent) {
        return new ToolTurn(conversation, box, rounds, consent, notes::add);
    }

    private void ask(ToolTurn turn) {
        try (Answer answer = turn.run("What is 2 + 3?", out::append)) {
            assertThat(answer.finishReason()).isNotNull();
        }
    }

    @Test
    void theModelReadsTheResultOfItsCall() {
        answers.addAll(List.of("Let me see. " + CALL, "It is 5."));
        ToolTurn turn = turn(10, _ -> true);
        ask(turn);
        assertThat(out).hasToString("Let me see. It is 5.");
        assertThat(prompts.getFirst()).contains("Tool add").doesNotContain("tool_response");
        assertThat(prompts.getLast()).contains("2 + 3?", "5");
        assertThat(notes).containsExactly("→ add(a=2, b=3)", "← 5");
        assertThat(turn.calls()).hasSize(1);
        assertThat(turn.calls().getFirst()).containsEntry("result", "5");
        assertThat(conversation.messages()).hasSize(4);
    }

    @Test
    void aCallThatIsNotAllowedIsNotRun() {
        answers.addAll(List.of(CALL, "As you like."));
        ask(turn(10, _ -> false));
        assertThat(notes).containsExactly("→ add(a=2, b=3)", "✗ The user did not allow this call.");
        assertThat(prompts.getLast()).contains("did not allow");
        assertThat(out).hasToString("As you like.");
    }

    @Test
    void anErrorOfAToolGoesToTheModel() {
        answers.addAll(List.of(CALL.replace("3", "\"x\""), CALL, "5"));
        ask(turn(10, _ -> true));
        assertThat(notes.get(1)).startsWith("✗ a and b have to be numbers");
        assertThat(prompts.get(1)).contains("have to be numbers");
        assertThat(out).hasToString("5");
    }

    @Test
    void afterTheLastRoundThereAreNoToolsAnyMore() {
        answers.addAll(List.of(CALL, CALL, CALL));
        ToolTurn turn = turn(2, _ -> true);
        ask(turn);
        assertThat(turn.calls()).hasSize(2);
        assertThat(out).hasToString(CALL);
    }

    @Test
    void aFailureLeavesTheConversationAsItWas() {
        answers.add(CALL);
        assertThatThrownBy(() ->
                        turn(
                                        10,
                                        _ -> {
                                            throw new LlmException(
                                                    LlmException.Code.CLOSED, "gone");
                                        })
                                .run("Hi", out::append))
                .hasMessage("gone");
        assertThat(conversation.messages()).isEmpty();
    }

    @Test
    void aToolThatRunsIsStopped() throws Exception {
        answers.add("<tool_call>{\"name\": \"wait\", \"arguments\": {}}</tool_call>");
        ToolTurn turn = turn(10, _ -> true);
        Thread thread = Thread.startVirtualThread(() -> ask(turn));
        waiting.await();
        turn.stop();
        assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
        assertThat(notes.getLast()).startsWith("✗ tools/call was interrupted");
    }

    @Test
    void aServerThatIsGoneIsAResultToo() {
        answers.addAll(List.of(CALL, "Then not."));
        server.close();
        ask(turn(10, _ -> true));
        assertThat(notes.getLast()).startsWith("✗ no answer of the MCP server");
        assertThat(out).hasToString("Then not.");
    }
}
