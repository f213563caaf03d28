package dev.jebena.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StdioServerTest {
    private final PipedOutputStream toServer = new PipedOutputStream();
    private final BlockingQueue<String> replies = new LinkedBlockingQueue<>();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private Thread serving = new Thread(() -> {});

    @BeforeEach
    void serve() throws IOException {
        PipedInputStream in = new PipedInputStream(toServer, 1 << 16);
        McpServer server = TestServers.small(cancelled);
        serving =
                Thread.startVirtualThread(() -> {
                    try {
                        new McpStdioServer(server).serve(in, new Lines());
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    /// A line is written whole.
    private final class Lines extends OutputStream {
        @Override
        public void write(int b) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(byte[] line) {
            replies.add(new String(line, StandardCharsets.UTF_8));
        }
    }

    @AfterEach
    void end() throws Exception {
        toServer.close();
        serving.join(5000);
        assertThat(serving.isAlive()).isFalse();
    }

    private void send(String line) throws IOException {
        toServer.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        toServer.flush();
    }

    private Map<String, @Nullable Object> reply() throws InterruptedException {
        String line = replies.poll(10, TimeUnit.SECONDS);
        assertThat(line).isNotNull().endsWith("\n");
        return McpJson.message(line == null ? "" : line);
    }

    private Map<String, @Nullable Object> ask(String method, String params) throws Exception {
        send(
                "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"%s\",\"params\":%s}"
                        .formatted(method, params));
        return reply();
    }

    @Test
    void theHandshakeAgreesOnTheClientsRevisionOrOnOurNewest() throws Exception {
        for (String[] pair :
                new String[][] {
                    {"2025-06-18", "2025-06-18"},
                    {"2024-11-05", "2024-11-05"},
                    {"1999-01-01", "2025-11-25"}
                }) {
            Map<String, @Nullable Object> result =
                    McpJson.map(
                            ask("initialize", "{\"protocolVersion\":\"" + pair[0] + "\"}"),
                            "result");
            assertThat(result).containsEntry("protocolVersion", pair[1]);
            assertThat(McpJson.map(result, "capabilities")).containsKeys("tools", "resources");
        }
    }

    @Test
    void whatIsNoMessageIsAnsweredByAnError() throws Exception {
        send("{nonsense");
        assertThat(McpJson.map(reply(), "error")).containsEntry("code", -32700L);
        send("[]");
        assertThat(McpJson.map(reply(), "error")).containsEntry("code", -32600L);
        assertThat(McpJson.map(ask("no/such", "{}"), "error")).containsEntry("code", -32601L);
        assertThat(McpJson.map(ask("tools/call", "{\"name\":\"nope\"}"), "error"))
                .containsEntry("code", -32602L)
                .extractingByKey("message")
                .asString()
                .contains("there is no tool nope", "echo");
        assertThat(McpJson.map(ask("tools/list", "{\"cursor\":\"x\"}"), "error"))
                .containsEntry("code", -32602L);
        assertThat(McpJson.map(ask("resources/read", "{\"uri\":\"x:y\"}"), "error"))
                .containsEntry("code", -32002L);
        assertThat(McpJson.map(ask("ping", "{}"), "result")).isEmpty();
    }

    @Test
    void aToolThatFailsIsAResultThatSaysSo() throws Exception {
        Map<String, @Nullable Object> result =
                McpJson.map(ask("tools/call", "{\"name\":\"fail\",\"arguments\":{}}"), "result");
        assertThat(result).containsEntry("isError", true);
        assertThat(McpToolResult.ofFields(result).text()).isEqualTo("it is broken");
    }

    @Test
    void progressComesToThoseWhoAsk() throws Exception {
        send(
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"count\","
                        + "\"arguments\":{\"to\":2},\"_meta\":{\"progressToken\":\"p\"}}}");
        assertThat(McpJson.map(reply(), "params"))
                .containsEntry("progressToken", "p")
                .containsEntry("progress", 1.0);
        assertThat(McpJson.map(reply(), "params")).containsEntry("progress", 2.0);
        assertThat(reply()).containsEntry("id", 7L).containsKey("result");
    }

    @Test
    void aCancelledCallEndsWithoutAReply() throws Exception {
        send(
                "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"tools/call\",\"params\":{\"name\":\"wait\"}}");
        while (cancelled.getCount() > 0) {
            send(
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":8}}");
            if (cancelled.await(10, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        assertThat(ask("ping", "{}")).containsEntry("id", "a");
    }

    @Test
    void listsComeInPages() throws Exception {
        Map<String, @Nullable Object> first = McpJson.map(ask("tools/list", "{}"), "result");
        assertThat(McpJson.maps(first, "tools")).hasSize(100);
        String cursor = McpJson.string(first, "nextCursor", "");
        Map<String, @Nullable Object> second =
                McpJson.map(ask("tools/list", "{\"cursor\":\"" + cursor + "\"}"), "result");
        assertThat(McpJson.maps(second, "tools")).hasSizeBetween(1, 99);
        assertThat(second).doesNotContainKey("nextCursor");
    }

    @Test
    void aLineWithoutAnEndIsTheLast() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new McpStdioServer(TestServers.small(cancelled))
                .serve(
                        new java.io.ByteArrayInputStream(
                                "\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"
                                        .getBytes(StandardCharsets.UTF_8)),
                        out);
        assertThat(List.of(out.toString(StandardCharsets.UTF_8).split("\n"))).hasSize(1);
    }
}
