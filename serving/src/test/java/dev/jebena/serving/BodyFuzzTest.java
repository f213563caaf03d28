package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Broken bodies get an error of their protocol, never a failure of the server.
class BodyFuzzTest {
    private static final Map<String, String> BODIES =
            Map.ofEntries(
                    Map.entry(
                            "/v1/chat/completions",
                            """
                            {"model":"smollm2","messages":[{"role":"user","content":[{"type":"text","text":"hi"}]},
                            {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":
                            {"name":"f","arguments":"{}"}}]}],"tools":[{"type":"function","function":{"name":"f",
                            "parameters":{"type":"object","properties":{}}}}],"tool_choice":"auto","n":2,"max_tokens":3,
                            "logit_bias":{"5":1.5},"stop":["x"],"stream_options":{"include_usage":true},"top_p":0.5,
                            "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}}\
                            """),
                    Map.entry(
                            "/v1/completions",
                            "{\"model\":\"smollm2\",\"prompt\":[[1,2],\"ab\"],\"max_tokens\":2,\"logprobs\":1,\"best_of\":2,\"n\":1}"),
                    Map.entry(
                            "/v1/embeddings",
                            "{\"model\":\"minilm\",\"input\":[\"a\",[1,2]],\"dimensions\":4,\"encoding_format\":\"base64\"}"),
                    Map.entry(
                            "/api/generate",
                            "{\"model\":\"smollm2\",\"prompt\":\"a\",\"context\":[1,2],\"keep_alive\":\"1h30m\",\"template\":\"{{ if .System }}a{{ end }}\",\"options\":{\"num_ctx\":64,\"num_predict\":2,\"stop\":[\"x\"]},\"format\":{\"type\":\"object\"}}"),
                    Map.entry(
                            "/api/chat",
                            "{\"model\":\"smollm2\",\"messages\":[{\"role\":\"tool\",\"tool_name\":\"f\",\"content\":\"a\"}],\"options\":{\"num_predict\":2},\"think\":false,\"keep_alive\":5}"),
                    Map.entry(
                            "/api/embed",
                            "{\"model\":\"minilm\",\"input\":[\"a\",\"b\"],\"truncate\":true}"),
                    Map.entry("/api/show", "{\"model\":\"smollm2\",\"verbose\":true}"),
                    Map.entry(
                            "/api/create",
                            "{\"model\":\"new\",\"from\":\"smollm2\",\"parameters\":{\"temperature\":0.5,\"stop\":[\"a\"]},\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"license\":[\"MIT\"],\"stream\":false}"),
                    Map.entry(
                            "/completion",
                            "{\"model\":\"smollm2\",\"prompt\":[1,\"a\",3],\"n_predict\":2,\"n_probs\":2,\"logit_bias\":[[5,false]],\"json_schema\":{\"type\":\"boolean\"}}"),
                    Map.entry(
                            "/tokenize",
                            "{\"model\":\"smollm2\",\"content\":\"abc\",\"with_pieces\":true}"),
                    Map.entry(
                            "/infill",
                            "{\"model\":\"smollm2\",\"input_prefix\":\"a\",\"input_suffix\":\"b\",\"prompt\":\"c\",\"input_extra\":[{\"filename\":\"a\",\"text\":\"b\"}],\"n_predict\":2}"),
                    Map.entry("/detokenize", "{\"model\":\"smollm2\",\"tokens\":[1,72,105]}"),
                    Map.entry(
                            "/apply-template",
                            "{\"model\":\"smollm2\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}"),
                    Map.entry("/embedding", "{\"model\":\"minilm\",\"content\":[\"a\",[1,2]]}"),
                    Map.entry(
                            "/api/embeddings",
                            "{\"model\":\"minilm\",\"prompt\":\"a\",\"options\":{\"num_ctx\":8}}"),
                    Map.entry(
                            "/v1/messages",
                            """
                            {"model":"smollm2","max_tokens":3,"system":[{"type":"text","text":"s"}],"messages":[
                            {"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"t",
                            "name":"f","input":{"x":1}}]},{"role":"user","content":[{"type":"tool_result",
                            "tool_use_id":"t","content":"b"}]}],"stop_sequences":["x"],"tools":[{"name":"f",
                            "input_schema":{"type":"object"}}],"tool_choice":{"type":"auto"},"top_k":5}\
                            """),
                    Map.entry(
                            "/v1/messages/count_tokens",
                            "{\"model\":\"smollm2\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}]}"),
                    Map.entry(
                            "/v1/rerank",
                            "{\"model\":\"minilm\",\"query\":\"a\",\"documents\":[\"a\",{\"text\":\"b\"}],\"top_n\":1}"),
                    Map.entry(
                            "/score",
                            "{\"model\":\"minilm\",\"text_1\":\"a\",\"text_2\":[\"a\",\"b\"]}"),
                    Map.entry("/pooling", "{\"model\":\"minilm\",\"input\":[\"a\",[1,2]]}"),
                    Map.entry(
                            "/generate",
                            "{\"inputs\":\"a\",\"parameters\":{\"max_new_tokens\":2,\"details\":true,\"truncate\":3,\"stop\":[\"x\"],\"grammar\":{\"type\":\"json\",\"value\":{\"type\":\"object\"}}}}"),
                    Map.entry("/embed", "{\"inputs\":[\"a\",\"b\"],\"truncate\":true}"),
                    Map.entry("/decode", "{\"ids\":[[72],[105]],\"skip_special_tokens\":false}"),
                    Map.entry("/api/delete", "{\"model\":\"gone\",\"name\":\"gone:latest\"}"),
                    Map.entry("/api/copy", "{\"source\":\"smollm2\",\"destination\":\"copy\"}"));

    private static final List<String> VALUES =
            List.of(
                    "null",
                    "-1",
                    "1e999",
                    "99999999999999999999",
                    "\"\"",
                    "\"x\"",
                    "[]",
                    "{}",
                    "true",
                    "[[[[]]]]",
                    "{\"a\":{\"b\":[]}}",
                    "0.5",
                    "-0",
                    "[null]",
                    "\"\\ud800\"",
                    "[1,\"a\",{}]");

    @Test
    void brokenBodiesGetA4xxInTheProtocolsShape(@TempDir Path home) {
        long seed = Long.getLong("jebena.fuzz.seed", 11);
        int cases = Integer.getInteger("jebena.fuzz.cases", 2000);
        Random random = new Random(seed);
        List<String> paths = BODIES.keySet().stream().sorted().toList();
        try (RunningServer server = new RunningServer(home, FakeLlm.Settings.defaults())) {
            for (int i = 0; i < cases; i++) {
                String path = paths.get(random.nextInt(paths.size()));
                byte[] body = mutated(random, BODIES.getOrDefault(path, "{}"));
                HttpResponse<String> response =
                        server.send(
                                server.request(path)
                                        .method(
                                                path.equals("/api/delete") ? "DELETE" : "POST",
                                                BodyPublishers.ofByteArray(body)));
                String what =
                        "seed %d case %d: %s %s -> %d %s"
                                .formatted(
                                        seed,
                                        i,
                                        path,
                                        new String(body, StandardCharsets.UTF_8),
                                        response.statusCode(),
                                        response.body());
                assertThat(response.statusCode()).as(what).isLessThan(500);
                if (response.statusCode() >= 400) {
                    assertThat(Node.parse(response.body()).has("error")).as(what).isTrue();
                }
            }
            assertThat(server.running()).isZero();
            HttpResponse<String> large = server.post("/api/chat", " ".repeat(3 << 20));
            assertThat(large.statusCode()).isEqualTo(413);
            assertThat(Node.parse(large.body()).text("error")).contains("larger");
        }
    }

    private static byte[] mutated(Random random, String body) {
        String text = body;
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            text =
                    switch (random.nextInt(4)) {
                        case 0 -> withValue(random, text);
                        case 1 -> text.substring(0, random.nextInt(text.length() + 1));
                        case 2 -> duplicated(random, text);
                        default -> text;
                    };
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(3) == 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    /// Puts another value after a random colon or comma.
    private static String withValue(Random random, String text) {
        int from = random.nextInt(text.length() + 1);
        int at = from + Math.max(0, text.substring(from).replace(',', ':').indexOf(':')) + 1;
        if (at >= text.length()) {
            return text;
        }
        int end = at;
        while (end < text.length() && ",}]".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(0, at)
                + VALUES.get(random.nextInt(VALUES.size()))
                + text.substring(end);
    }

    private static String duplicated(Random random, String text) {
        int from = random.nextInt(text.length() + 1);
        int to = from + random.nextInt(text.length() + 1 - from);
        return text.substring(0, to) + text.substring(from);
    }
}
