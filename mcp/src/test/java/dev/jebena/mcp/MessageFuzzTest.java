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
