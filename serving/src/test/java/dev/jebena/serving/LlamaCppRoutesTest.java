package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaCppRoutesTest {
    private static final String SENTENCE = "The sea is wide and blue, and nobody knows all of it.";
    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) {
        server =
                new RunningServer(
                        home,
                        FakeLlm.Settings.defaults(),
                        RunningServer.options().defaultModel("smollm2"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void completionReportsWhyItStoppedAndHowLongItTook() {
        Node reply =
                server.json("/completion", "{\"prompt\":\"The sea\",\"n_predict\":6,\"seed\":1}");
        assertThat(reply.text("content")).isEqualTo("The se");
        assertThat(reply.text("stop_type")).isEqualTo("limit");
        assertThat(reply.get("tokens_predicted")).isEqualTo(6L);
        assertThat(reply.get("tokens_evaluated")).isEqualTo(8L);
        assertThat(reply.get("timings.predicted_n")).isEqualTo(6L);
        assertThat(reply.get("generation_settings.n_predict")).isEqualTo(6L);
        Node word = server.json("/completion", "{\"prompt\":\"a\",\"stop\":[\"blue\"]}");
        assertThat(word.text("stop_type")).isEqualTo("word");
        assertThat(word.text("stopping_word")).isEqualTo("blue");
        assertThat(server.json("/completions", "{\"prompt\":\"a\"}").text("stop_type"))
                .isEqualTo("eos");
    }

    @Test
    void promptsMayBeIdsMixedOrSeveral() {
        Node ids =
                server.json(
                        "/completion",
                        "{\"model\":\"smollm2\",\"prompt\":[72,105],\"n_predict\":2,\"n_probs\":3,"
                                + "\"return_tokens\":true}");
        assertThat(ids.text("prompt")).isEqualTo("Hi");
        assertThat(ids.list("tokens")).isEqualTo(List.of(84L, 104L));
        Node first = ids.at("completion_probabilities.0");
        assertThat(first.get("id")).isEqualTo(84L);
        assertThat(first.list("top_logprobs")).hasSize(3);
        assertThat(first.get("top_logprobs.0.id")).isEqualTo(84L);
        assertThat(server.json("/completion", "{\"prompt\":[72,\"ello\"]}").text("prompt"))
                .isEqualTo("Hello");
        assertThat(
                        server.json("/completion", "{\"prompt\":[\"a\",[72,105]],\"n_predict\":1}")
                                .text("1.prompt"))
                .isEqualTo("Hi");
        assertThat(server.json("/completion", "{\"prompt\":\"a\",\"n_predict\":0}").text("content"))
                .isEmpty();
    }

    @Test
    void streamEndsWithAStopAndNoDone() {
        String body = "{\"prompt\":\"The sea\",\"n_predict\":6,\"stream\":true}";
        assertThat(server.post("/completion", body).body()).doesNotContain("[DONE]");
        List<Node> events = server.events("/completion", body);
        assertThat(events.stream().map(e -> e.text("content")).collect(Collectors.joining()))
                .isEqualTo(SENTENCE.substring(0, 6));
        assertThat(events.getLast().text("stop")).isEqualTo("true");
        assertThat(
                        server.json(
                                        "/completion",
                                        "{\"prompt\":\"x\",\"json_schema\":{\"type\":\"boolean\"}}")
                                .text("content"))
                .isEqualTo("true");
    }

    @Test
    void tokensGoBothWays() {
        assertThat(server.json("/tokenize", "{\"content\":\"Hi\"}").list("tokens"))
                .isEqualTo(List.of(72L, 105L));
        Node pieces = server.json("/tokenize", "{\"content\":\"é\",\"with_pieces\":true}");
        assertThat(pieces.list("tokens.0.piece")).isEqualTo(List.of(195L));
        assertThat(server.json("/detokenize", "{\"tokens\":[72,105]}").text("content"))
                .isEqualTo("Hi");
        assertThat(
                        server.json(
                                        "/apply-template",
                                        "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}")
                                .text("prompt"))
                .contains("user: hello");
    }

    @Test
    void stateIsReported() {
        assertThat(Node.parse(server.get("/health").body()).text("status")).isEqualTo("ok");
        assertThat(Node.parse(server.get("/props").body()).text("chat_template")).isNotEmpty();
        assertThat(Node.parse(server.get("/slots").body()).get("0.id")).isEqualTo(0L);
        server.json("/completion", "{\"prompt\":\"a\",\"n_predict\":3}");
        String metrics = server.get("/metrics").body();
        assertThat(metrics)
                .contains("jebena_answer_tokens_total{model=\"smollm2:latest\"} 3")
                .contains("route=\"/completion\",status=\"200\"")
                .contains("jebena_models_loaded 1")
                .contains("vllm:prefix_cache_hits_total{model_name=\"smollm2:latest\"} 0")
                .contains("vllm:spec_decode_num_accepted_tokens_total{model_name=")
                .contains("vllm:generation_tokens_total{model_name=\"smollm2:latest\"} 3")
                .contains("finished_reason=\"length\"} 1")
                .contains("vllm:time_to_first_token_seconds_count{model_name=")
                .contains("vllm:inter_token_latency_seconds_count{model_name=\"smollm2:latest\"} 2")
                .contains("vllm:request_params_max_tokens_sum{model_name=\"smollm2:latest\"} 3.0")
                .contains("vllm:request_params_n_sum{model_name=\"smollm2:latest\"} 1.0")
                .contains("vllm:request_generation_tokens_sum{model_name=\"smollm2:latest\"} 3.0")
                .contains(
                        "vllm:request_max_num_generation_tokens_count{model_name=\"smollm2:latest\"} 1")
                .contains("vllm:request_decode_time_seconds_bucket{model_name=")
                .contains("vllm:iteration_tokens_total_count{model_name=")
                .contains("llamacpp:tokens_predicted_total 3");
        assertThat(metrics.lines())
                .allMatch(l ->
                        l.startsWith("# TYPE ") || l.matches("[a-z0-9_:]+(\\{.*})? [0-9.E+-]+"));
    }

    @Test
    void aModelSuggestsHowItsTokensAreDrawn(@TempDir Path home) {
        Map<String, Object> metadata =
                Map.of("general.sampling.temp", 0.25, "general.sampling.top_k", 7L);
        try (RunningServer other =
                new RunningServer(
                        home.resolve("other"), FakeLlm.Settings.defaults().metadata(metadata))) {
            Node props = Node.parse(other.get("/props").body());
            assertThat(props.get("default_generation_settings.params.temperature")).isEqualTo(0.25);
            Node said = other.json("/completion", "{\"prompt\":\"a\",\"temperature\":0.5}");
            assertThat(said.get("generation_settings.temperature")).isEqualTo(0.5);
            assertThat(said.get("generation_settings.top_k")).isEqualTo(7L);
        }
    }

    @Test
    void infillNeedsAVocabularyWithMarksForIt(@TempDir Path home) {
        String body = "{\"input_prefix\":\"a\",\"input_suffix\":\"b\"}";
        assertThat(server.json("/infill", body).text("content")).isEqualTo(SENTENCE);
        try (RunningServer plain =
                new RunningServer(
                        home.resolve("plain"), FakeLlm.Settings.defaults().fillsIn(false))) {
            HttpResponse<String> refused = plain.post("/infill", body);
            assertThat(refused.statusCode()).isEqualTo(501);
            assertThat(Node.parse(refused.body()).text("error.type"))
                    .isEqualTo("not_supported_error");
        }
    }

    @Test
    void aGrammarReachesTheModel() {
        Node reply = server.json("/completion", "{\"prompt\":\"a\",\"grammar\":\"root ::= [a]\"}");
        assertThat(reply.text("content")).isEqualTo("root ::= [a]");
    }

    @Test
    void errorsHaveTheStatusAsCode() {
        HttpResponse<String> response = server.post("/completion", "{\"prompt\":[999]}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Node.parse(response.body()).get("error.code")).isEqualTo(400L);
        assertThat(server.post("/completion", "{}").statusCode()).isEqualTo(400);
        assertThat(server.post("/completion", "{\"prompt\":[1,\"a\",null]}").statusCode())
                .isEqualTo(400);
        String both = "{\"prompt\":\"a\",\"grammar\":\"x\",\"json_schema\":{}}";
        assertThat(server.post("/completion", both).statusCode()).isEqualTo(400);
        Node large =
                Node.parse(
                        server.post("/completion", "{\"prompt\":\"" + "x".repeat(3000) + "\"}")
                                .body());
        assertThat(large.text("error.type")).isEqualTo("exceed_context_size_error");
    }
}
