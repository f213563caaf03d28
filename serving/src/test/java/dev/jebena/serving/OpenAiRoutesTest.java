package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenAiRoutesTest {
    private static final String SENTENCE = "The sea is wide and blue, and nobody knows all of it.";
    private static final String CHAT =
            "{\"model\":\"smollm2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String TOOLS =
            """
            ,"tools":[{"type":"function","function":{"name":"get_weather","parameters":{
            "type":"object","properties":{"city":{"type":"string"},"unit":{"enum":["c","f"]}},
            "required":["city","unit"]}}}]\
            """;

    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) {
        server =
                new RunningServer(
                        home,
                        FakeLlm.Settings.defaults()
                                .script(p ->
                                        p.contains("call it")
                                                ? "Sure. <tool_call>\n{\"name\": \"get_weather\","
                                                        + " \"arguments\": {\"city\": \"Paris\"}}\n"
                                                        + "</tool_call>"
                                                : SENTENCE));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void modelsAreListedAndRetrieved() {
        Node list = Node.parse(server.get("/v1/models").body());
        assertThat(list.text("object")).isEqualTo("list");
        assertThat(list.list("data")).hasSize(2);
        Node model = Node.parse(server.get("/v1/models/smollm2").body());
        assertThat(model.text("id")).isEqualTo("smollm2:latest");
        assertThat(model.text("object")).isEqualTo("model");
        HttpResponse<String> unknown = server.get("/v1/models/no%2Fsuch");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(Node.parse(unknown.body()).text("error.code")).isEqualTo("model_not_found");
    }

    @Test
    void chatAnswersWithUsage() {
        Node reply = server.json("/v1/chat/completions", CHAT + ",\"max_tokens\":12}");
        assertThat(reply.text("object")).isEqualTo("chat.completion");
        assertThat(reply.text("id")).startsWith("chatcmpl-");
        assertThat(reply.text("choices.0.message.content")).isEqualTo(SENTENCE.substring(0, 12));
        assertThat(reply.text("choices.0.finish_reason")).isEqualTo("length");
        assertThat(reply.get("usage.completion_tokens")).isEqualTo(12L);
        assertThat(reply.integer("usage.prompt_tokens") + reply.integer("usage.completion_tokens"))
                .isEqualTo(reply.integer("usage.total_tokens"));
    }

    @Test
    void chatStreamRebuildsTheAnswerAndSendsUsageOnlyWhenAsked() {
        List<Node> events = server.events("/v1/chat/completions", CHAT + ",\"stream\":true}");
        String text =
                events.stream()
                        .map(e -> e.text("choices.0.delta.content"))
                        .collect(Collectors.joining());
        assertThat(text).isEqualTo(SENTENCE);
        assertThat(events).noneMatch(e -> e.has("usage"));
        assertThat(events.getFirst().text("choices.0.delta.role")).isEqualTo("assistant");
        assertThat(events.getLast().text("choices.0.finish_reason")).isEqualTo("stop");
        List<Node> counted =
                server.events(
                        "/v1/chat/completions",
                        CHAT + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        assertThat(counted.getLast().list("choices")).isEmpty();
        assertThat(counted.getLast().get("usage.completion_tokens"))
                .isEqualTo((long) SENTENCE.length());
        assertThat(counted.getFirst().has("usage")).isTrue();
        assertThat(counted.getFirst().get("usage")).isNull();
    }

    @Test
    void theLastMessageMayBeContinued() {
        long without =
                server.json("/v1/chat/completions", CHAT + "}").integer("usage.prompt_tokens");
        String begun = CHAT.replace("}]", "},{\"role\":\"assistant\",\"content\":\"The\"}]");
        assertThat(
                        server.json(
                                        "/v1/chat/completions",
                                        begun + ",\"continue_final_message\":true}")
                                .get("usage.prompt_tokens"))
                .isEqualTo(without + 3);
        assertThat(
                        server.post(
                                        "/v1/chat/completions",
                                        CHAT + ",\"continue_final_message\":true}")
                                .statusCode())
                .isEqualTo(400);
    }

    @Test
    void severalChoicesAreIndexed() {
        Node reply = server.json("/v1/chat/completions", CHAT + ",\"n\":3,\"max_tokens\":4}");
        assertThat(reply.list("choices")).hasSize(3);
        assertThat(reply.get("choices.2.index")).isEqualTo(2L);
        Set<Object> indexes =
                server
                        .events(
                                "/v1/chat/completions",
                                CHAT + ",\"n\":2,\"max_tokens\":4,\"stream\":true}")
                        .stream()
                        .map(e -> e.text("choices.0.index"))
                        .collect(Collectors.toSet());
        assertThat(indexes).containsExactlyInAnyOrder("0", "1");
    }

    @Test
    void stopStringsAreCutOut() {
        Node reply = server.json("/v1/chat/completions", CHAT + ",\"stop\":[\"blue\",\"x\"]}");
        assertThat(reply.text("choices.0.message.content")).isEqualTo("The sea is wide and ");
        assertThat(reply.text("choices.0.finish_reason")).isEqualTo("stop");
    }

    @Test
    void logprobsHaveTokensBytesAndAlternatives() {
        Node reply =
                server.json(
                        "/v1/chat/completions",
                        CHAT + ",\"max_tokens\":3,\"logprobs\":true,\"top_logprobs\":2}");
        Node first = reply.at("choices.0.logprobs.content.0");
        assertThat(first.text("token")).isEqualTo("T");
        assertThat(first.list("bytes")).isEqualTo(List.of(84L));
        assertThat(first.list("top_logprobs")).hasSize(2);
    }

    @Test
    void forcedToolIsOneCallWithValidArguments() {
        String forced =
                CHAT
                        + TOOLS
                        + ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":"
                        + "\"get_weather\"}}";
        Node reply = server.json("/v1/chat/completions", forced + "}");
        assertThat(reply.text("choices.0.finish_reason")).isEqualTo("tool_calls");
        assertThat(reply.get("choices.0.message.content")).isNull();
        Node call = reply.at("choices.0.message.tool_calls.0");
        assertThat(call.text("function.name")).isEqualTo("get_weather");
        assertThat(Node.parse(call.text("function.arguments")).text("unit")).isEqualTo("c");
        List<Node> events = server.events("/v1/chat/completions", forced + ",\"stream\":true}");
        String arguments =
                events.stream()
                        .map(e -> e.text("choices.0.delta.tool_calls.0.function.arguments"))
                        .collect(Collectors.joining());
        assertThat(arguments).isEqualTo(call.text("function.arguments"));
        assertThat(server.json("/v1/chat/completions", CHAT + TOOLS + ",\"tool_choice\":\"none\"}"))
                .extracting(r -> r.text("choices.0.message.content"))
                .isEqualTo(SENTENCE);
    }

    @Test
    void callsInTheTextAreRecognized() {
        String body = CHAT.replace("\"hi\"", "\"call it\"") + TOOLS;
        Node message = server.json("/v1/chat/completions", body + "}").at("choices.0.message");
        assertThat(message.text("tool_calls.0.function.arguments"))
                .isEqualTo("{\"city\": \"Paris\"}");
        assertThat(message.text("content")).isEqualTo("Sure. ");
        List<Node> events = server.events("/v1/chat/completions", body + ",\"stream\":true}");
        assertThat(events.getLast().text("choices.0.finish_reason")).isEqualTo("tool_calls");
        assertThat(events).noneMatch(e -> e.text("choices.0.delta.content").contains("<"));
    }

    @Test
    void jsonFormatsConstrainTheAnswer() {
        String schema = "{\"type\":\"object\",\"properties\":{\"k\":{\"type\":\"boolean\"}}}";
        for (String format :
                List.of(
                        "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\",\"schema\":"
                                + schema
                                + "}}",
                        "{\"type\":\"json_object\",\"value\":" + schema + "}")) {
            Node reply =
                    server.json(
                            "/v1/chat/completions", CHAT + ",\"response_format\":" + format + "}");
            assertThat(reply.text("choices.0.message.content")).isEqualTo("{\"k\":true}");
        }
    }

    @Test
    void completionsEchoListPromptsAndLogprobs() {
        Node reply =
                server.json(
                        "/v1/completions",
                        "{\"model\":\"smollm2\",\"prompt\":[\"One\",\"Two\"],\"echo\":true,"
                                + "\"max_tokens\":4}");
        assertThat(reply.text("choices.0.text")).isEqualTo("OneThe ");
        assertThat(reply.text("choices.1.text")).isEqualTo("TwoThe ");
        assertThat(reply.text("object")).isEqualTo("text_completion");
        Node scored =
                server.json(
                        "/v1/completions",
                        "{\"model\":\"smollm2\",\"prompt\":[1,2,3],\"logprobs\":2,\"best_of\":3,"
                                + "\"max_tokens\":4}");
        assertThat(scored.list("choices")).hasSize(1);
        assertThat(scored.list("choices.0.logprobs.text_offset"))
                .isEqualTo(List.of(0L, 1L, 2L, 3L));
        assertThat(
                        server.json(
                                        "/v1/completions",
                                        "{\"model\":\"smollm2\",\"prompt\":\"a\",\"suffix\":\"b\"}")
                                .text("choices.0.text"))
                .isEqualTo(SENTENCE.substring(0, 16));
    }

    @Test
    void embeddingsComeAsFloatsAndBase64AndShortened() {
        String input = "{\"model\":\"minilm\",\"input\":\"a cat\"";
        Node floats = server.json("/v1/embeddings", input + "}");
        Node packed = server.json("/v1/embeddings", input + ",\"encoding_format\":\"base64\"}");
        ByteBuffer bytes =
                ByteBuffer.wrap(Base64.getDecoder().decode(packed.text("data.0.embedding")))
                        .order(ByteOrder.LITTLE_ENDIAN);
        List<?> values = floats.list("data.0.embedding");
        assertThat(bytes.remaining()).isEqualTo(values.size() * 4);
        assertThat(bytes.getFloat(0)).isEqualTo(((Number) values.getFirst()).floatValue());
        assertThat(
                        server.json("/v1/embeddings", input + ",\"dimensions\":8}")
                                .list("data.0.embedding"))
                .hasSize(8);
        assertThat(
                        server.json(
                                        "/v1/embeddings",
                                        "{\"model\":\"minilm\",\"input\":[[101,102]]}")
                                .get("usage.total_tokens"))
                .isEqualTo(2L);
        assertThat(
                        server.post("/v1/embeddings", "{\"model\":\"minilm\",\"input\":[]}")
                                .statusCode())
                .isEqualTo(400);
    }

    @Test
    void errorsNameTheFieldInOpenAiShape() {
        assertError(CHAT.replace("smollm2", "nope") + "}", 404, "model_not_found", "model");
        assertError("{\"model\":\"smollm2\",\"messages\":[]}", 400, "invalid_value", "messages");
        assertError(CHAT + ",\"temperature\":\"hot\"}", 400, "invalid_value", "temperature");
        assertError(CHAT + ",\"n\":0}", 400, "invalid_value", "n");
        assertError(CHAT + ",\"logit_bias\":{\"999\":1}}", 400, "invalid_value", "logit_bias");
        assertError(CHAT.replace("hi", "refuse me") + "}", 400, "invalid_value", "null");
        assertError(
                CHAT.replace("hi", "x".repeat(3000)) + "}", 400, "context_length_exceeded", "null");
        assertError("{", 400, "invalid_json", "null");
        assertThat(server.post("/v1/videos", "{}").statusCode()).isEqualTo(501);
        assertThat(Node.parse(server.post("/v1/nothing", "{}").body()).text("error.type"))
                .isEqualTo("not_found_error");
    }

    private void assertError(String body, int status, String code, String param) {
        HttpResponse<String> response = server.post("/v1/chat/completions", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        Node error = Node.parse(response.body()).at("error");
        assertThat(error.text("code")).isEqualTo(code);
        assertThat(String.valueOf(error.get("param"))).isEqualTo(param);
        assertThat(error.text("message")).isNotEmpty();
        assertThat(server.running()).isZero();
    }
}
