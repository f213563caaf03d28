package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpServerOptions;
import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnthropicRoutesTest {
    private static final String SENTENCE = "The sea is wide and blue, and nobody knows all of it.";
    private static final String ASK = body("{\"role\":\"user\",\"content\":\"hi\"}");
    private static final String TOOLS =
            """
            ,"tools":[{"name":"get_weather","input_schema":{"type":"object",
            "properties":{"city":{"type":"string"}},"required":["city"]}}]\
            """;

    private RunningServer server;

    /// An answer that calls a tool for `call it`, the prompt itself for `SHOW`, else the sentence.
    private static final FakeLlm.Settings SETTINGS =
            FakeLlm.Settings.defaults()
                    .script(p ->
                            p.contains("call it")
                                    ? "Sure. <tool_call>\n{\"name\": \"get_weather\","
                                            + " \"arguments\": {\"city\": \"Paris\"}}\n</tool_call>"
                                    : p.contains("SHOW") ? p : SENTENCE);

    private static String body(String messages) {
        return "{\"model\":\"smollm2\",\"max_tokens\":300,\"messages\":[" + messages + "]";
    }

    @BeforeEach
    void start(@TempDir Path home) {
        server = new RunningServer(home, SETTINGS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<Node> stream(String body) {
        return server.post("/v1/messages", body + ",\"stream\":true}")
                .body()
                .lines()
                .filter(l -> l.startsWith("data: "))
                .map(l -> Node.parse(l.substring(6)))
                .toList();
    }

    @Test
    void answersCarryUsageAndTheReasonOfTheirEnd() {
        Node whole = server.json("/v1/messages", ASK + "}");
        assertThat(whole.text("type")).isEqualTo("message");
        assertThat(whole.text("id")).startsWith("msg_");
        assertThat(whole.text("role")).isEqualTo("assistant");
        assertThat(whole.text("model")).isEqualTo("smollm2");
        assertThat(whole.text("content.0.text")).isEqualTo(SENTENCE);
        assertThat(whole.text("stop_reason")).isEqualTo("end_turn");
        assertThat(whole.integer("usage.input_tokens")).isPositive();
        assertThat(whole.integer("usage.output_tokens")).isEqualTo(SENTENCE.length());
        Node cut = server.json("/v1/messages", ASK.replace("300", "4") + "}");
        assertThat(cut.text("content.0.text")).isEqualTo("The ");
        assertThat(cut.text("stop_reason")).isEqualTo("max_tokens");
        Node stopped = server.json("/v1/messages", ASK + ",\"stop_sequences\":[\"blue\"]}");
        assertThat(stopped.text("content.0.text")).isEqualTo("The sea is wide and ");
        assertThat(stopped.text("stop_reason")).isEqualTo("stop_sequence");
        assertThat(stopped.text("stop_sequence")).isEqualTo("blue");
    }

    @Test
    void eventsComeInTheOrderOfTheProtocolAndRebuildTheAnswer() {
        List<Node> events = stream(ASK);
        List<String> types =
                events.stream().map(e -> e.text("type")).filter(t -> !t.equals("ping")).toList();
        assertThat(types.subList(0, 2)).containsExactly("message_start", "content_block_start");
        assertThat(types.subList(types.size() - 3, types.size()))
                .containsExactly("content_block_stop", "message_delta", "message_stop");
        assertThat(types.subList(2, types.size() - 3)).containsOnly("content_block_delta");
        assertThat(events.stream().map(e -> e.text("delta.text")).collect(Collectors.joining()))
                .isEqualTo(SENTENCE);
        Node start = events.getFirst();
        assertThat(start.list("message.content")).isEmpty();
        assertThat(start.integer("message.usage.input_tokens")).isPositive();
        Node end = events.get(events.size() - 2);
        assertThat(end.text("delta.stop_reason")).isEqualTo("end_turn");
        assertThat(end.integer("usage.output_tokens")).isEqualTo(SENTENCE.length());
        assertThat(server.post("/v1/messages", ASK + ",\"stream\":true}").body())
                .startsWith("event: message_start\n")
                .contains("event: ping\n")
                .doesNotContain("[DONE]");
    }

    @Test
    void toolCallsAreBlocksOfTheirOwn() {
        String ask = ASK.replace("hi", "call it") + TOOLS;
        Node reply = server.json("/v1/messages", ask + "}");
        assertThat(reply.text("stop_reason")).isEqualTo("tool_use");
        assertThat(reply.text("content.0.text")).startsWith("Sure.");
        assertThat(reply.text("content.1.type")).isEqualTo("tool_use");
        assertThat(reply.text("content.1.id")).startsWith("toolu_");
        assertThat(reply.text("content.1.input.city")).isEqualTo("Paris");
        List<Node> events = stream(ask);
        List<String> starts =
                events.stream()
                        .map(e -> e.text("content_block.type"))
                        .filter(t -> !t.isEmpty())
                        .toList();
        assertThat(starts).containsExactly("text", "tool_use");
        String input =
                events.stream()
                        .map(e -> e.text("delta.partial_json"))
                        .collect(Collectors.joining());
        assertThat(Node.parse(input).text("city")).isEqualTo("Paris");
        assertThat(events.stream().map(e -> e.text("index")).distinct())
                .containsExactlyInAnyOrder("", "0", "1");
        for (String choice :
                List.of("{\"type\":\"any\"}", "{\"type\":\"tool\",\"name\":\"get_weather\"}")) {
            Node forced =
                    server.json("/v1/messages", ASK + TOOLS + ",\"tool_choice\":" + choice + "}");
            assertThat(forced.text("stop_reason")).isEqualTo("tool_use");
            assertThat(forced.text("content.0.input.city")).isEqualTo("text");
        }
        Node none = server.json("/v1/messages", ask + ",\"tool_choice\":{\"type\":\"none\"}}");
        assertThat(none.text("content.0.type")).isEqualTo("text");
        assertThat(none.text("stop_reason")).isEqualTo("end_turn");
    }

    @Test
    void systemTextBlocksAndToolResultsReachTheModel() {
        String conversation =
                body(
                        """
                        {"role":"user","content":[{"type":"text","text":"SHOW a"}]},
                        {"role":"user","content":"b"},
                        {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":""},
                        {"type":"text","text":"c"},
                        {"type":"tool_use","id":"t1","name":"f","input":{"x":1}}]},
                        {"role":"user","content":[
                        {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"d"}]},
                        {"type":"tool_result","tool_use_id":"t1","content":"e","is_error":true},
                        {"type":"document","source":{"type":"text","media_type":"text/plain","data":"f"}}]},
                        {"role":"assistant","content":"So"}\
                        """);
        Node reply =
                server.json(
                        "/v1/messages",
                        conversation + ",\"system\":[{\"type\":\"text\",\"text\":\"Be brief.\"}]}");
        assertThat(reply.text("content.0.text"))
                .isEqualTo(
                        "<s>system: Be brief.\nuser: SHOW a\nb\nassistant: c\ntool: d\n"
                                + "tool: Error: e\nuser: f\nassistant: So");
    }

    @Test
    void countedTokensAreThoseOfTheAnswersPrompt() {
        String ask = ASK + TOOLS + ",\"system\":\"x\"}";
        assertThat(server.json("/v1/messages/count_tokens", ask).get("input_tokens"))
                .isEqualTo(server.json("/v1/messages", ask).get("usage.input_tokens"));
    }

    @Test
    void aSchemaShapesTheAnswer() {
        String format =
                ",\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\","
                        + "\"properties\":{\"k\":{\"type\":\"boolean\"}}}}}}";
        assertThat(server.json("/v1/messages", ASK + format).text("content.0.text"))
                .isEqualTo("{\"k\":true}");
    }

    @Test
    void errorsHaveAnthropicsTypes() {
        assertError(ASK.replace("smollm2", "nope") + "}", 404, "not_found_error");
        assertError(body("") + "}", 400, "invalid_request_error");
        assertError(body("{\"role\":\"user\",\"content\":[]}") + "}", 400, "invalid_request_error");
        assertError(
                body("{\"role\":\"robot\",\"content\":\"a\"}") + "}", 400, "invalid_request_error");
        assertError(ASK.replace("\"max_tokens\":300,", "") + "}", 400, "invalid_request_error");
        assertError(
                ASK.replace("\"hi\"", "[{\"type\":\"image\"}]") + "}",
                400,
                "invalid_request_error");
        assertError(
                ASK + ",\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"w\"}]}",
                400,
                "invalid_request_error");
        assertError("{", 400, "invalid_request_error");
        assertThat(server.post("/v1/messages/batches", "{}").statusCode()).isEqualTo(400);
        assertThat(server.running()).isZero();
    }

    private void assertError(String body, int status, String type) {
        HttpResponse<String> response = server.post("/v1/messages", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        Node error = Node.parse(response.body());
        assertThat(error.text("type")).isEqualTo("error");
        assertThat(error.text("error.type")).isEqualTo(type);
        assertThat(error.text("error.message")).isNotEmpty();
        assertThat(error.text("request_id")).startsWith("req_");
    }

    @Test
    void modelsHaveAnthropicsShapeForItsClients() {
        Node page = Node.parse(models("/v1/models?limit=1").body());
        assertThat(page.list("data")).hasSize(1);
        assertThat(page.text("data.0.type")).isEqualTo("model");
        assertThat(page.text("data.0.created_at")).matches("20\\d\\d-.*Z");
        assertThat(page.get("has_more")).isEqualTo(true);
        Node rest = Node.parse(models("/v1/models?after_id=" + page.text("last_id")).body());
        assertThat(rest.list("data")).hasSize(1);
        assertThat(rest.get("has_more")).isEqualTo(false);
        assertThat(
                        Node.parse(models("/v1/models?before_id=" + rest.text("first_id")).body())
                                .get("data.0.id"))
                .isEqualTo(page.get("data.0.id"));
        assertThat(Node.parse(models("/v1/models/smollm2").body()).text("display_name"))
                .isEqualTo("smollm2:latest");
        HttpResponse<String> unknown = models("/v1/models/nope");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(Node.parse(unknown.body()).text("error.type")).isEqualTo("not_found_error");
        assertThat(models("/v1/models?limit=0").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> models(String path) {
        return server.send(server.request(path).header("anthropic-version", "2023-06-01").GET());
    }

    @Test
    void keysComeInEitherHeaderAndThePostAtTheRootNeedsOne(@TempDir Path home) {
        ServingOptions options =
                RunningServer.options()
                        .http(HttpServerOptions.defaults().port(0).apiKeys(List.of("k")));
        try (RunningServer closed = new RunningServer(home, SETTINGS, options)) {
            assertThat(closed.send(asking(closed).header("x-api-key", "k")).statusCode())
                    .isEqualTo(200);
            assertThat(closed.send(asking(closed).header("Authorization", "Bearer k")).statusCode())
                    .isEqualTo(200);
            HttpResponse<String> refused = closed.send(asking(closed));
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(Node.parse(refused.body()).text("error.type"))
                    .isEqualTo("authentication_error");
            assertThat(closed.get("/").statusCode()).isEqualTo(200);
            assertThat(closed.post("/", "{\"inputs\":\"a\"}").statusCode()).isEqualTo(401);
        }
    }

    private static HttpRequest.Builder asking(RunningServer server) {
        return server.request("/v1/messages").POST(BodyPublishers.ofString(ASK + "}"));
    }
}
