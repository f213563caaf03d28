package dev.jebena.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Damaged messages and streams of events: every line gets an answer or none, never a failure.
class MessageFuzzTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2000);
    private static final List<String> GOOD =
            List.of(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\"}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"tools/list\",\"params\":{\"cursor\":\"100\"}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"text\":\"a\"},\"_meta\":{\"progressToken\":1}}}",
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":2}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{}}");

    private static byte[] damaged(Random random, String good) {
        byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Test
    void aServerAnswersOrIgnoresEveryLine() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        McpServer server = TestServers.small(new CountDownLatch(1));
        for (int i = 0; i < CASES; i++) {
            byte[] line = damaged(random, GOOD.get(random.nextInt(GOOD.size())));
            if (new String(line, StandardCharsets.UTF_8).contains("wait")) {
                continue;
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new McpStdioServer(server).serve(new ByteArrayInputStream(line), out);
            for (String reply : out.toString(StandardCharsets.UTF_8).split("\n")) {
                if (!reply.isEmpty()) {
                    Map<String, @Nullable Object> message = McpJson.message(reply);
                    assertThat(message).as("seed %d", seed).containsEntry("jsonrpc", "2.0");
                }
            }
        }
    }

    private static final List<String> ANSWERS =
            List.of(
                    "{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{\"listChanged\":true}}}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"x\"}}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"tools\":[{\"name\":\"a\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"b\":{\"type\":\"string\",\"x-mcp-header\":\"B\"}}}}],\"nextCursor\":\"\"}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"isError\":false,\"resultType\":\"input_required\",\"inputRequests\":{\"k\":{\"method\":\"roots/list\"}},\"requestState\":\"s\"}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":9,\"error\":{\"code\":-32601,\"message\":\"no\"}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"method\":\"roots/list\"}",
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":9,\"progress\":1,\"message\":\"m\"}}",
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":{\"a\":[1]}}}");

    /// Answers of a server that are damaged, or belong to other questions, make a call fail with a
    /// problem of ours; afterwards none waits for ever.
    @Test
    void aClientTakesWhateverAServerSays() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            ScriptedTransport transport =
                    new ScriptedTransport((sent, out) -> {
                        Object id = sent.message().get("id");
                        for (int n = random.nextInt(3); n >= 0; n--) {
                            answer(random, id, out);
                        }
                        if (id != null) {
                            // The last word, so that nobody waits for the time limit.
                            out.accept(McpJson.error(id, new McpException(-32601, "no")));
                        }
                    });
            try (McpClient client =
                    McpClient.connect(transport, "fuzz", McpClientOptions.defaults())) {
                client.tools();
                client.call("a", Map.of("b", "c"));
                client.ping();
            } catch (McpException e) {
                assertThat(e).as("seed %d case %d", seed, i).hasMessageNotContaining("java.");
            }
        }
    }

    private static void answer(
            Random random, @Nullable Object id, Consumer<Map<String, @Nullable Object>> out) {
        String good =
                ANSWERS.get(random.nextInt(ANSWERS.size()))
                        .replace(":9", ":" + (id == null ? 0 : id));
        byte[] bytes =
                random.nextBoolean()
                        ? damaged(random, good)
                        : good.getBytes(StandardCharsets.UTF_8);
        Map<String, @Nullable Object> message;
        try {
            message = McpJson.message(bytes);
        } catch (McpException _) {
            // Transports drop what is no message.
            return;
        }
        out.accept(message);
    }

    @Test
    void aStreamOfEventsEndsWhateverIsInIt() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String good =
                "id: c1-1\nevent: message\nretry: 10\ndata: {\"a\":1}\n\n: beat\n\ndata: x\r\n\r\n";
        for (int i = 0; i < CASES; i++) {
            EventStreamReader events =
                    new EventStreamReader(new ByteArrayInputStream(damaged(random, good)));
            int count = 0;
            while (events.next() != null) {
                count++;
            }
            assertThat(count).as("seed %d", seed).isLessThan(20);
            assertThat(events.retryMillis()).isBetween(0L, 99_999L);
        }
    }
}
