package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseRoutesTest {
    private static final String SENTENCE = "The sea is wide.";
    private static final String HEAD = "{\"model\":\"smollm2\",\"input\":";
    private static final String TOOL =
            ",\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":"
                    + "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}]";

    @TempDir Path home;
    private RunningServer server;

    @BeforeEach
    void start() {
        server = server(Duration.ZERO);
    }

    private RunningServer server(Duration delay) {
        return new RunningServer(
                home,
                FakeLlm.Settings.defaults()
                        .delay(delay)
                        .script(p ->
                                p.contains("SHOW")
                                        ? p
                                        : p.contains("CALL")
                                                ? "<tool_call>{\"name\":\"weather\",\"arguments\":"
                                                        + "{\"city\":\"Paris\"}}</tool_call>"
                                                : SENTENCE));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Node create(String input, String more) {
        return server.json("/v1/responses", HEAD + input + more + "}");
    }

    private Node get(String path) {
        return Node.parse(server.get(path).body());
    }

    @Test
    void anAnswerIsOneMessageThatIsKept() {
        Node made = create("\"hi\"", ",\"metadata\":{\"k\":\"v\"}");
        assertThat(made.text("status")).isEqualTo("completed");
        assertThat(made.text("output.0.content.0.text")).isEqualTo(SENTENCE);
        assertThat(made.integer("usage.output_tokens")).isPositive();
        Node kept = get("/v1/responses/" + made.text("id"));
        assertThat(kept.value()).isEqualTo(made.value());
        assertThat(kept.text("metadata.k")).isEqualTo("v");
        Node input = get("/v1/responses/" + made.text("id") + "/input_items");
        assertThat(input.text("data.0.role")).isEqualTo("user");
        assertThat(input.text("data.0.content.0.text")).isEqualTo("hi");
    }

    @Test
    void whatIsNotStoredIsNotKept() {
        Node made = create("\"hi\"", ",\"store\":false");
        assertThat(server.get("/v1/responses/" + made.text("id")).statusCode()).isEqualTo(404);
    }

    @Test
    void aLimitOnTokensMakesItIncomplete() {
        Node made = create("\"hi\"", ",\"max_output_tokens\":2");
        assertThat(made.text("status")).isEqualTo("incomplete");
        assertThat(made.text("incomplete_details.reason")).isEqualTo("max_output_tokens");
        assertThat(made.text("output.0.status")).isEqualTo("incomplete");
    }

    @Test
    void eventsComeInTheirOrderWithNumbers() {
        List<Node> events = stream("\"hi\"", "");
        assertThat(types(events))
                .startsWith(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta")
                .endsWith(
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(events.stream().map(e -> e.integer("sequence_number")))
                .containsExactlyElementsOf(
                        IntStream.range(0, events.size()).mapToObj(i -> (long) i).toList());
        StringBuilder text = new StringBuilder();
        events.forEach(e -> text.append(e.text("delta")));
        assertThat(text).hasToString(SENTENCE);
        assertThat(events.getFirst().text("response.status")).isEqualTo("in_progress");
        assertThat(events.getLast().text("response.output.0.content.0.text")).isEqualTo(SENTENCE);
    }

    private List<Node> stream(String input, String more) {
        return server.post("/v1/responses", HEAD + input + more + ",\"stream\":true}")
                .body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> Node.parse(line.substring(6)))
                .toList();
    }

    private static List<String> types(List<Node> events) {
        return events.stream().map(e -> e.text("type")).toList();
    }

    @Test
    void callsOfFunctionsAreItems() {
        List<Node> events = stream("\"CALL\"", TOOL);
        assertThat(types(events))
                .containsSubsequence(
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
        Node call = events.getLast().at("response.output.0");
        assertThat(call.text("type")).isEqualTo("function_call");
        assertThat(call.text("arguments")).isEqualTo("{\"city\":\"Paris\"}");
        assertThat(call.text("call_id")).startsWith("call_");
    }

    @Test
    void theModelReadsCallsOutputsAndInstructions() {
        String items =
                "[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"SHOW\"}]},"
                        + "{\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"weather\","
                        + "\"arguments\":\"{}\"},"
                        + "{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"sunny\"}]";
        String shown =
                create(items, ",\"instructions\":\"Be terse.\"").text("output.0.content.0.text");
        assertThat(shown).contains("Be terse.", "SHOW", "sunny");
    }

    @Test
    void aChainOfResponsesIsOneConversation() {
        Node first = create("\"My name is Ada.\"", "");
        Node second = create("\"SHOW\"", ",\"previous_response_id\":\"" + first.text("id") + "\"");
        assertThat(second.text("output.0.content.0.text")).contains("Ada", SENTENCE);
        assertThat(second.text("previous_response_id")).isEqualTo(first.text("id"));
        HttpResponse<String> unknown =
                server.post("/v1/responses", HEAD + "\"a\",\"previous_response_id\":\"resp_0\"}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("previous_response_not_found", "resp_0");
    }

    @Test
    void responsesSurviveARestart() {
        String id = create("\"My name is Ada.\"", "").text("id");
        server.close();
        server = server(Duration.ZERO);
        assertThat(get("/v1/responses/" + id).text("status")).isEqualTo("completed");
        assertThat(
                        create("\"SHOW\"", ",\"previous_response_id\":\"" + id + "\"")
                                .text("output.0.content.0.text"))
                .contains("Ada");
        assertThat(server.send(server.request("/v1/responses/" + id).DELETE()).body())
                .contains("\"deleted\":true");
        assertThat(server.get("/v1/responses/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void conversationsCollectItems() {
        Node conversation =
                server.json(
                        "/v1/conversations",
                        "{\"items\":[{\"role\":\"user\",\"content\":\"My name is Ada.\"}]}");
        String id = conversation.text("id");
        create("\"hi\"", ",\"conversation\":\"" + id + "\"");
        Node shown = create("\"SHOW\"", ",\"conversation\":{\"id\":\"" + id + "\"}");
        assertThat(shown.text("output.0.content.0.text")).contains("Ada", SENTENCE);
        Node items = get("/v1/conversations/" + id + "/items?order=asc&limit=3");
        assertThat(items.list("data")).hasSize(3);
        assertThat(items.get("has_more")).isEqualTo(true);
        assertThat(
                        get("/v1/conversations/"
                                        + id
                                        + "/items?order=asc&after="
                                        + items.text("last_id"))
                                .list("data"))
                .hasSize(2);
    }

    @Test
    void backgroundResponsesAreReadLater() throws Exception {
        Node queued = create("\"hi\"", ",\"background\":true");
        assertThat(queued.text("status")).isEqualTo("queued");
        Node done = queued;
        for (int i = 0; i < 500 && !done.text("status").equals("completed"); i++) {
            Thread.sleep(10);
            done = get("/v1/responses/" + queued.text("id"));
        }
        assertThat(done.text("output.0.content.0.text")).isEqualTo(SENTENCE);
    }

    @Test
    void backgroundStreamsAreFollowedAgain() {
        List<Node> events = stream("\"hi\"", ",\"background\":true");
        assertThat(types(events)).startsWith("response.created", "response.queued");
        String id = events.getFirst().text("response.id");
        String again = server.get("/v1/responses/" + id + "?stream=true&starting_after=3").body();
        List<Node> rest =
                again.lines()
                        .filter(line -> line.startsWith("data: "))
                        .map(line -> Node.parse(line.substring(6)))
                        .toList();
        assertThat(rest.getFirst().integer("sequence_number")).isEqualTo(4);
        assertThat(rest.getLast().value()).isEqualTo(events.getLast().value());
    }

    @Test
    void aBackgroundResponseIsCancelled() {
        server.close();
        server = server(Duration.ofMillis(300));
        String id = create("\"hi\"", ",\"background\":true").text("id");
        Node cancelled = server.json("/v1/responses/" + id + "/cancel", "");
        assertThat(cancelled.text("status")).isEqualTo("cancelled");
        assertThat(server.running()).isZero();
    }

    @Test
    void wrongRequestsAreNamed() {
        assertInvalid("{\"model\":\"smollm2\"}", "input");
        assertInvalid(HEAD + "[{\"type\":\"x\"}]}", "input[0].type");
        assertInvalid(HEAD + "[{\"role\":\"king\",\"content\":\"a\"}]}", "input[0].role");
        assertInvalid(HEAD + "\"a\",\"tools\":[{\"type\":\"web_search\"}]}", "web_search");
        assertInvalid(HEAD + "\"a\",\"background\":true,\"store\":false}", "store");
        assertInvalid(HEAD + "\"a\",\"metadata\":{\"k\":1}}", "metadata.k");
        assertInvalid(HEAD + "\"a\",\"truncation\":\"some\"}", "truncation");
        assertThat(server.get("/v1/responses/resp_1/input_items").statusCode()).isEqualTo(404);
    }

    private void assertInvalid(String body, String named) {
        HttpResponse<String> reply = server.post("/v1/responses", body);
        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(reply.body()).contains(named);
    }

    @Test
    void tokensAreCounted() {
        assertThat(
                        server.json("/v1/responses/input_tokens", HEAD + "\"hi\"}")
                                .integer("input_tokens"))
                .isPositive();
    }

    @Test
    void longConversationsAreShortenedOnRequest() {
        String items =
                "["
                        + "{\"role\":\"user\",\"content\":\""
                        + "many words ".repeat(300)
                        + "\"},"
                        + "{\"role\":\"user\",\"content\":\"hi\"}]";
        int length = 1 << 11;
        server.close();
        server =
                new RunningServer(
                        home,
                        FakeLlm.Settings.defaults().contextLength(length).script(_ -> SENTENCE));
        assertThat(server.post("/v1/responses", HEAD + items + "}").statusCode()).isEqualTo(400);
        assertThat(create(items, ",\"truncation\":\"auto\"").text("status")).isEqualTo("completed");
    }
}
