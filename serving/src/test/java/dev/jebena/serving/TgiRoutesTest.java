package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TgiRoutesTest {
    private static final String SENTENCE = "The sea is wide and blue, and nobody knows all of it.";
    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) {
        server = new RunningServer(home, FakeLlm.Settings.defaults());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String ask(String parameters) {
        return "{\"inputs\":\"The sea\",\"parameters\":{" + parameters + "}";
    }

    @Test
    void textIsGeneratedWithDetails() {
        Node reply =
                server.json(
                        "/generate",
                        ask("\"max_new_tokens\":4,\"details\":true,\"top_n_tokens\":2") + "}");
        assertThat(reply.text("generated_text")).isEqualTo("The ");
        assertThat(reply.list("details.tokens")).hasSize(4);
        assertThat(reply.get("details.tokens.0.id")).isEqualTo(84L);
        assertThat(reply.list("details.top_tokens.3")).hasSize(2);
        assertThat(reply.text("details.finish_reason")).isEqualTo("length");
        assertThat(reply.get("details.generated_tokens")).isEqualTo(4L);
        assertThat(reply.get("details.seed")).isNull();
        assertThat(server.json("/generate", "{\"inputs\":\"a\"}").text("generated_text"))
                .isEqualTo(SENTENCE);
        Node full = server.json("/generate", ask("\"return_full_text\":true") + "}");
        assertThat(full.text("generated_text")).isEqualTo("The sea" + SENTENCE);
    }

    @Test
    void aStopSequenceStaysInTheText() {
        Node reply =
                server.json(
                        "/generate",
                        ask("\"stop\":[\"blue\"],\"details\":true,\"seed\":7,\"do_sample\":true")
                                + "}");
        assertThat(reply.text("generated_text")).isEqualTo("The sea is wide and blue");
        assertThat(reply.text("details.finish_reason")).isEqualTo("stop_sequence");
        assertThat(reply.get("details.seed")).isEqualTo(7L);
    }

    @Test
    void theLastEventOfAStreamHasTheWholeText() {
        List<Node> events = server.events("/generate_stream", ask("\"max_new_tokens\":4") + "}");
        assertThat(events).hasSize(4);
        assertThat(events.getFirst().get("index")).isEqualTo(1L);
        assertThat(events.getFirst().get("generated_text")).isNull();
        assertThat(events.getLast().text("generated_text")).isEqualTo("The ");
        assertThat(events.getLast().get("details.generated_tokens")).isEqualTo(4L);
        assertThat(events.getLast().integer("details.input_length")).isPositive();
        assertThat(events.stream().map(e -> e.text("token.text")).collect(Collectors.joining()))
                .isEqualTo("The ");
        assertThat(server.events("/", ask("\"max_new_tokens\":4") + ",\"stream\":true}"))
                .hasSize(4);
    }

    @Test
    void theRootAndModelsByNameAnswerInLists() {
        for (String path : List.of("/", "/models/smollm2")) {
            assertThat(
                            server.json(path, ask("\"max_new_tokens\":4") + "}")
                                    .text("0.generated_text"))
                    .isEqualTo("The ");
        }
        assertThat(server.json("/models/minilm", "{\"inputs\":\"a\"}").list("0")).hasSize(64);
        assertThat(server.json("/embed", "{\"inputs\":[\"a\",\"b\"]}").list("1")).hasSize(64);
        Node short8 = server.json("/embed", "{\"inputs\":\"a\",\"dimensions\":8}");
        assertThat(short8.list("0")).hasSize(8);
    }

    @Test
    void theServerTellsWhatItServes() {
        Node info = Node.parse(server.get("/info").body());
        assertThat(info.text("model_id")).isEqualTo("smollm2:latest");
        assertThat(info.integer("max_total_tokens")).isEqualTo(2000);
        assertThat(Node.parse(server.get("/version").body()).text("version")).isNotEmpty();
    }

    @Test
    void tokensAreToldInEachProtocolsShape() {
        Node vllm =
                server.json(
                        "/tokenize",
                        "{\"model\":\"smollm2\",\"prompt\":\"Hi\",\"add_special_tokens\":false,"
                                + "\"return_token_strs\":true}");
        assertThat(vllm.list("tokens")).isEqualTo(List.of(72L, 105L));
        assertThat(vllm.get("count")).isEqualTo(2L);
        assertThat(vllm.get("max_model_len")).isEqualTo(2000L);
        assertThat(vllm.list("token_strs")).isEqualTo(List.of("H", "i"));
        Node chat =
                server.json("/tokenize", "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(chat.integer("count")).isGreaterThan(10);
        Node tei = server.json("/tokenize", "{\"inputs\":\"Hi\"}");
        assertThat(tei.get("0.0.special")).isEqualTo(true);
        assertThat(tei.get("0.0.start")).isNull();
        assertThat(tei.get("0.2.id")).isEqualTo(105L);
        assertThat(tei.get("0.2.start")).isEqualTo(1L);
        assertThat(tei.get("0.2.stop")).isEqualTo(2L);
        assertThat(server.json("/v1/tokenize", "{\"content\":\"Hi\"}").list("tokens")).hasSize(2);
        Node text = server.json("/detokenize", "{\"model\":\"smollm2\",\"tokens\":[72,105]}");
        assertThat(text.text("prompt")).isEqualTo("Hi");
        assertThat(text.text("content")).isEqualTo("Hi");
        assertThat(server.json("/decode", "{\"ids\":[256,72]}").text("0")).isEqualTo("H");
        assertThat(server.json("/decode", "{\"ids\":[[72],[105]]}").text("1")).isEqualTo("i");
    }

    @Test
    void theBestOfSeveralIsTold() {
        Node reply =
                server.json(
                        "/generate",
                        ask("\"best_of\":3,\"do_sample\":true,\"details\":true") + "}");
        assertThat(reply.text("generated_text")).isNotEmpty();
        assertThat(reply.get("details.best_of_sequences.1.generated_text")).isNotNull();
        assertThat(reply.get("details.best_of_sequences.2")).isNull();
    }

    @Test
    void errorsHaveAMessageAndAType() {
        for (String body :
                List.of(
                        "{}",
                        ask("\"max_new_tokens\":0") + "}",
                        ask("\"grammar\":{\"type\":\"gbnf\",\"value\":\"a\"}") + "}",
                        ask("\"best_of\":2") + "}")) {
            HttpResponse<String> response = server.post("/generate", body);
            assertThat(response.statusCode()).as(body).isEqualTo(400);
            assertThat(Node.parse(response.body()).text("error")).as(body).isNotEmpty();
            assertThat(Node.parse(response.body()).text("error_type")).isEqualTo("validation");
        }
        assertThat(server.running()).isZero();
    }
}
