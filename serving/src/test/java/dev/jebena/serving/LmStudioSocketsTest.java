package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpJson;
import dev.jebena.serving.RunningServer.Node;
import dev.jebena.testkit.FakeLlm;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmStudioSocketsTest {
    private static final String SENTENCE = "The sea is wide.";
    private static final String LOGIN =
            "{\"authVersion\":1,\"clientIdentifier\":\"a\",\"clientPasskey\":\"b\"}";
    private static final String SPECIFIER =
            "\"modelSpecifier\":{\"type\":\"query\",\"query\":{\"identifier\":\"smollm2\"}}";

    @TempDir Path home;
    private RunningServer server;

    /// One connection.
    private final class Socket implements WebSocket.Listener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final WebSocket socket;

        Socket(String namespace) {
            socket =
                    server.client
                            .newWebSocketBuilder()
                            .buildAsync(
                                    URI.create(
                                            "ws://127.0.0.1:"
                                                    + server.server.port()
                                                    + "/"
                                                    + namespace),
                                    this)
                            .join();
        }

        Socket login() {
            send(LOGIN);
            assertThat(next().get("success")).isEqualTo(true);
            return this;
        }

        void send(String message) {
            socket.sendText(message, true).join();
        }

        Node next() {
            try {
                String message = heard.poll(10, TimeUnit.SECONDS);
                if (message == null) {
                    throw new AssertionError("no message");
                }
                return Node.parse(message);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        Node call(String endpoint, String parameter) {
            send(
                    "{\"type\":\"rpcCall\",\"endpoint\":\"%s\",\"callId\":7,\"parameter\":%s}"
                            .formatted(endpoint, parameter));
            return next();
        }

        /// The messages of a channel until it closes or fails.
        List<Node> channel(String endpoint, String parameter) {
            send(
                    "{\"type\":\"channelCreate\",\"endpoint\":\"%s\",\"channelId\":3,\"creationParameter\":%s}"
                            .formatted(endpoint, parameter));
            List<Node> messages = new ArrayList<>();
            while (true) {
                Node message = next();
                messages.add(message);
                if (!message.text("type").equals("channelSend")) {
                    return messages;
                }
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            heard.add("{\"closed\":" + status + "}");
            return null;
        }
    }

    @BeforeEach
    void start() {
        start(Duration.ZERO);
    }

    private void start(Duration delay) {
        server =
                new RunningServer(
                        home,
                        FakeLlm.Settings.defaults()
                                .delay(delay)
                                .script(p ->
                                        p.contains("CALL")
                                                ? "<tool_call>{\"name\":\"add\",\"arguments\":"
                                                        + "{\"a\":1}}</tool_call>"
                                                : p.contains("SHOW") ? p : SENTENCE));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String history(String text) {
        return "\"history\":{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\""
                + text
                + "\"}]}]}";
    }

    private static String ask(String text, String fields) {
        return "{%s,%s,\"predictionConfigStack\":{\"layers\":[{\"layerName\":\"a\",\"config\":{\"fields\":[%s]}}]}}"
                .formatted(SPECIFIER, history(text), fields);
    }

    private static String text(List<Node> messages) {
        StringBuilder text = new StringBuilder();
        messages.forEach(m -> text.append(m.text("message.fragment.content")));
        return text.toString();
    }

    @Test
    void clientsFindTheServer() {
        assertThat(server.get("/lmstudio-greeting").body()).isEqualTo("{\"lmstudio\":true}");
        Socket system = new Socket("system").login();
        assertThat(system.call("listDownloadedModels", "null").list("result")).hasSize(2);
        system.send("{\"type\":\"keepAlive\"}");
        assertThat(system.next().text("type")).isEqualTo("keepAliveAck");
        assertThat(server.get("/llm").statusCode()).isEqualTo(426);
    }

    @Test
    void aModelIsLoadedAskedAndUnloaded() {
        Socket llm = new Socket("llm").login();
        List<Node> loaded =
                llm.channel("getOrLoad", "{\"identifier\":\"smollm2\",\"loadConfigStack\":{}}");
        assertThat(loaded.get(loaded.size() - 2).text("message.info.identifier"))
                .isEqualTo("smollm2");
        assertThat(loaded.getLast().text("type")).isEqualTo("channelClose");
        assertThat(llm.call("listLoaded", "null").list("result")).hasSize(1);
        List<Node> answer = llm.channel("predict", ask("hi", ""));
        assertThat(text(answer)).isEqualTo(SENTENCE);
        Node success = answer.get(answer.size() - 2);
        assertThat(success.text("message.stats.stopReason")).isEqualTo("eosFound");
        assertThat(success.text("message.modelInfo.identifier")).isEqualTo("smollm2:latest");
        assertThat(llm.call("unloadModel", "{\"identifier\":\"smollm2\"}").text("type"))
                .isEqualTo("rpcResult");
        assertThat(llm.call("listLoaded", "null").list("result")).isEmpty();
    }

    @Test
    void settingsAreHeeded() {
        Socket llm = new Socket("llm").login();
        List<Node> answer =
                llm.channel(
                        "predict",
                        ask(
                                "hi",
                                "{\"key\":\"llm.prediction.maxPredictedTokens\",\"value\":"
                                        + "{\"checked\":true,\"value\":2}}"));
        assertThat(answer.get(answer.size() - 2).text("message.stats.stopReason"))
                .isEqualTo("maxPredictedTokensReached");
        List<Node> complete =
                llm.channel(
                        "predict",
                        ask(
                                "SHOW me",
                                "{\"key\":\"llm.prediction.promptTemplate\",\"value\":{\"type\":\"jinja\","
                                        + "\"jinjaPromptTemplate\":{\"template\":"
                                        + "\"{% for m in messages %}[{{ m.content }}]{% endfor %}\"}}}"));
        assertThat(text(complete)).contains("[SHOW me]").doesNotContain("user");
    }

    @Test
    void callsOfToolsAreTold() {
        Socket llm = new Socket("llm").login();
        List<Node> answer =
                llm.channel(
                        "predict",
                        ask(
                                "CALL",
                                "{\"key\":\"llm.prediction.tools\",\"value\":{\"type\":\"toolArray\","
                                        + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"add\","
                                        + "\"parameters\":{\"type\":\"object\"}}}]}}"));
        Node call =
                answer.stream()
                        .filter(m -> m.text("message.type").equals("toolCallGenerationEnd"))
                        .findFirst()
                        .orElseThrow();
        assertThat(call.text("message.toolCallRequest.name")).isEqualTo("add");
        assertThat(call.integer("message.toolCallRequest.arguments.a")).isEqualTo(1);
    }

    @Test
    void embeddingsAndTokensAreCounted() {
        Socket embedding = new Socket("embedding").login();
        String specifier = "{\"type\":\"query\",\"query\":{\"identifier\":\"minilm\"}}";
        assertThat(
                        embedding
                                .call(
                                        "embedString",
                                        "{\"modelSpecifier\":"
                                                + specifier
                                                + ",\"inputString\":\"a\"}")
                                .list("result.embedding"))
                .hasSize(64);
        assertThat(
                        embedding
                                .call(
                                        "countTokens",
                                        "{\"specifier\":" + specifier + ",\"inputString\":\"abc\"}")
                                .integer("result.tokenCount"))
                .isPositive();
    }

    @Test
    void attachedTextsReachTheModel() {
        Socket files = new Socket("files").login();
        Node file =
                files.call(
                        "uploadFileBase64",
                        "{\"name\":\"a.txt\",\"contentBase64\":\"U0hPVyBtZQ==\"}");
        String part =
                "{%s,\"history\":{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"name\":\"a.txt\",\"fileType\":\"text/plain\",\"identifier\":\"%s\",\"sizeBytes\":7}]}]}}"
                        .formatted(SPECIFIER, file.text("result.identifier"));
        assertThat(text(new Socket("llm").login().channel("predict", part))).contains("SHOW me");
    }

    @Test
    void aCancelledPredictionEndsAtOnce() {
        server.close();
        start(Duration.ofMillis(200));
        Socket llm = new Socket("llm").login();
        llm.send(
                "{\"type\":\"channelCreate\",\"endpoint\":\"predict\",\"channelId\":3,\"creationParameter\":"
                        + ask("hi", "")
                        + "}");
        llm.next();
        llm.send("{\"type\":\"channelSend\",\"channelId\":3,\"message\":{\"type\":\"cancel\"}}");
        Node last = llm.next();
        while (!last.text("message.type").equals("success")) {
            last = llm.next();
        }
        assertThat(last.text("message.stats.stopReason")).isEqualTo("userStopped");
        assertThat(server.running()).isZero();
    }

    @Test
    void failuresAreTold() {
        Socket llm = new Socket("llm").login();
        Node unknown = llm.channel("getOrLoad", "{\"identifier\":\"none\"}").getLast();
        assertThat(unknown.text("type")).isEqualTo("channelError");
        assertThat(unknown.text("error.displayData.code"))
                .isEqualTo("generic.noModelMatchingQuery");
        assertThat(llm.call("fly", "{}").text("error.title")).contains("fly");
        assertThat(llm.channel("fly", "{}").getLast().text("error.title")).contains("fly");
        llm.send("{\"type\":\"signalSubscribe\",\"endpoint\":\"x\",\"subscribeId\":1}");
        assertThat(llm.next().text("type")).isEqualTo("signalError");
    }

    @Test
    void aBadMessageGetsOneWarningAndTheEnd() {
        for (String bad :
                List.of("no json", "[]", "{\"type\":\"fly\"}", "{\"type\":\"rpcCall\"}")) {
            Socket llm = new Socket("llm").login();
            llm.send(bad);
            assertThat(llm.next().text("type")).as(bad).isEqualTo("communicationWarning");
            assertThat(llm.next().integer("closed")).as(bad).isEqualTo(1008);
        }
        Socket stranger = new Socket("llm");
        stranger.send("{\"type\":\"keepAlive\"}");
        assertThat(stranger.next().get("success")).isEqualTo(false);
    }

    /// Mutated messages: the server answers or ends the connection, and works on.
    @Test
    void anyMessageIsSurvived() {
        int cases = Integer.getInteger("jebena.fuzz.cases", 2000);
        long seed = Long.getLong("jebena.fuzz.seed", 11);
        SplittableRandom random = new SplittableRandom(seed);
        List<String> good =
                List.of(
                        "{\"type\":\"channelCreate\",\"endpoint\":\"predict\",\"channelId\":3,\"creationParameter\":"
                                + ask("hi", "{\"key\":\"llm.prediction.seed\",\"value\":1}")
                                + "}",
                        "{\"type\":\"rpcCall\",\"endpoint\":\"tokenize\",\"callId\":7,\"parameter\":{\"specifier\":"
                                + "{\"type\":\"query\",\"query\":{}},\"inputString\":\"a\"}}",
                        "{\"type\":\"channelSend\",\"channelId\":3,\"ackId\":1,\"message\":{\"type\":\"cancel\"}}",
                        "{\"type\":\"keepAlive\"}");
        Socket socket = new Socket("llm").login();
        for (int i = 0; i < cases; i++) {
            String message = mutated(good.get(random.nextInt(good.size())), random);
            try {
                socket.send(message);
            } catch (RuntimeException e) {
                socket = new Socket("llm").login();
            }
            if (socket.heard.stream().anyMatch(m -> m.startsWith("{\"closed\""))) {
                socket = new Socket("llm").login();
            }
            socket.heard.clear();
        }
        Socket after = new Socket("llm").login();
        assertThat(text(after.channel("predict", ask("hi", ""))))
                .as("seed " + seed)
                .isEqualTo(SENTENCE);
    }

    private static String mutated(String message, SplittableRandom random) {
        StringBuilder text = new StringBuilder(message);
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(32, 127));
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 9)));
                case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 9)));
                default -> text.insert(at, HttpJson.text(random.nextLong()));
            }
            if (text.isEmpty()) {
                text.append('x');
            }
        }
        return text.toString();
    }
}
