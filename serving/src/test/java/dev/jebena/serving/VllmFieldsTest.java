package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VllmFieldsTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "/v1/completions";
    private static final String ASK =
            "{\"model\":\"smollm2\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String GO_ON =
            "{\"model\":\"smollm2\",\"max_tokens\":5,\"prompt\":\"abc\"";

    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path home) {
        server =
                new RunningServer(
                        home,
                        FakeLlm.Settings.defaults()
                                .script(p -> p.contains("SHOW") ? p : "The sea is wide."));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void promptsAreScored() {
        Node chat = server.json(CHAT, ASK + ",\"prompt_logprobs\":2}");
        assertThat(chat.list("prompt_logprobs")).hasSize((int) chat.integer("usage.prompt_tokens"));
        assertThat(chat.get("prompt_logprobs.0")).isNull();
        Node text = server.json(TEXT, GO_ON + ",\"prompt_logprobs\":0}");
        assertThat(text.get("choices.0.prompt_logprobs.1.97.decoded_token")).isEqualTo("a");
        refused(TEXT, GO_ON + ",\"prompt_logprobs\":1,\"stream\":true}", "prompt_logprobs");
    }

    @Test
    void anEchoedPromptIsScoredEvenWithoutAnAnswer() {
        for (int tokens : List.of(0, 5)) {
            Node reply =
                    server.json(
                            TEXT,
                            GO_ON.replace("5", String.valueOf(tokens))
                                    + ",\"echo\":true,\"logprobs\":1}");
            Node scores = reply.at("choices.0.logprobs");
            assertThat(scores.list("tokens")).hasSize(4 + tokens);
            assertThat(scores.get("token_logprobs.0")).isNull();
            assertThat(scores.get("token_logprobs.1")).isEqualTo(-0.5);
            assertThat(reply.text("choices.0.text"))
                    .isEqualTo("abc" + "The s".substring(0, tokens));
        }
    }

    @Test
    void idsOfTokensAreTold() {
        Node chat = server.json(CHAT, ASK + ",\"return_token_ids\":true}");
        assertThat(chat.list("choices.0.token_ids")).hasSize(5);
        assertThat(chat.list("prompt_token_ids"))
                .hasSize((int) chat.integer("usage.prompt_tokens"));
        Node text = server.json(TEXT, GO_ON + ",\"return_token_ids\":true}");
        assertThat(text.get("choices.0.prompt_token_ids")).isEqualTo(List.of(256L, 97L, 98L, 99L));
        List<Node> events =
                server.events(CHAT, ASK + ",\"return_token_ids\":true,\"stream\":true}");
        assertThat(events.getFirst().list("prompt_token_ids")).isNotEmpty();
        long told =
                events.stream().mapToLong(e -> e.at("choices.0").has("token_ids") ? 1 : 0).sum();
        assertThat(told).isGreaterThanOrEqualTo(5);
        Node named =
                server.json(CHAT, ASK + ",\"logprobs\":true,\"return_tokens_as_token_ids\":true}");
        assertThat(named.text("choices.0.logprobs.content.0.token")).isEqualTo("token_id:84");
    }

    @Test
    void theStopStringMayStayInTheText() {
        String stop = ",\"stop\":[\" sea\"],\"include_stop_str_in_output\":true";
        assertThat(server.json(CHAT, ASK + stop + "}").text("choices.0.message.content"))
                .isEqualTo("The sea");
        assertThat(server.json(TEXT, GO_ON + stop + "}").text("choices.0.text"))
                .isEqualTo("The sea");
        String streamed =
                server.events(CHAT, ASK + stop + ",\"stream\":true}").stream()
                        .map(e -> e.text("choices.0.delta.content"))
                        .collect(Collectors.joining());
        assertThat(streamed).isEqualTo("The sea");
    }

    @Test
    void theStopStringIsTheReasonToStop() {
        String stop = ",\"stop\":[\" blue\",\" sea\"]";
        for (String more : List.of("", ",\"stream\":true")) {
            String text = GO_ON.replace("5", "50") + stop + more + "}";
            String chat = ASK.replace("5", "50") + stop + more + "}";
            for (Node last :
                    List.of(
                            server.events(TEXT, text).getLast(),
                            server.events(CHAT, chat).getLast())) {
                assertThat(last.text("choices.0.finish_reason")).isEqualTo("stop");
                assertThat(last.text("choices.0.stop_reason")).isEqualTo(" sea");
            }
        }
        Node whole = server.json(CHAT, ASK + "}");
        assertThat(whole.at("choices.0").has("stop_reason")).isTrue();
        assertThat(whole.get("choices.0.stop_reason")).isNull();
    }

    @Test
    void aRequestMayBringItsTemplateAndCutItsPrompt() {
        String show = ASK.replace("hi", "SHOW").replace("5", "50");
        Node reply =
                server.json(CHAT, show + ",\"chat_template\":\"[{{ messages[0].content }}]\"}");
        assertThat(reply.text("choices.0.message.content"))
                .contains("[SHOW]")
                .doesNotContain("user");
        refused(CHAT, ASK + ",\"chat_template\":\"{% if\"}", "");
        Node cut = server.json(TEXT, GO_ON + ",\"truncate_prompt_tokens\":2,\"echo\":true}");
        assertThat(cut.text("choices.0.text")).isEqualTo("bcThe s");
        assertThat(cut.integer("usage.prompt_tokens")).isEqualTo(2);
        refused(TEXT, GO_ON + ",\"truncate_prompt_tokens\":0}", "truncate_prompt_tokens");
    }

    @Test
    void whatCannotBeHeededIsRefusedByName() {
        for (String field :
                Arrays.asList(
                        "\"logits_processors\":[\"x\"]",
                        "\"stop_token_ids\":[9999]",
                        "\"allowed_token_ids\":[]",
                        "\"bad_words\":[\"\"]",
                        "\"skip_special_tokens\":1",
                        "\"priority\":\"high\"")) {
            String name = field.substring(1, field.indexOf('"', 1));
            refused(CHAT, ASK + "," + field + "}", name);
            refused(TEXT, GO_ON + "," + field + "}", name);
        }
    }

    private void refused(String path, String body, String name) {
        HttpResponse<String> reply = server.post(path, body);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(400);
        assertThat(reply.body()).contains(name);
    }
}
