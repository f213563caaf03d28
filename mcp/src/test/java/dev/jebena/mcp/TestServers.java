package dev.jebena.mcp;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Servers with small tools.
final class TestServers {
    private TestServers() {}

    private static McpTool tool(String name) {
        return new McpTool(
                name, null, "Test " + name, McpJson.object("type", "object"), null, Map.of());
    }

    /// `echo`, `fail`, `count` (tells progress), `wait` (until cancelled), and a hundred more.
    ///
    /// @param cancelled counted down when `wait` is cancelled
    static McpServer small(CountDownLatch cancelled) {
        McpServer server =
                McpServer.named("small", "1")
                        .tool(
                                tool("echo"),
                                call ->
                                        McpToolResult.text(
                                                String.valueOf(call.arguments().get("text"))))
                        .tool(
                                tool("fail"),
                                _ -> {
                                    throw new IllegalStateException("it is broken");
                                })
                        .tool(tool("count"), TestServers::count)
                        .tool(tool("wait"), call -> wait(call, cancelled));
        for (int i = 0; i < 100; i++) {
            server.tool(tool("more" + i), _ -> McpToolResult.text(""));
        }
        return server;
    }

    private static McpToolResult count(McpCall call) {
        long to = call.arguments().get("to") instanceof Long n ? n : 0;
        for (int i = 1; i <= to; i++) {
            call.progress(i, (double) to, "step " + i);
        }
        Map<String, @Nullable Object> data = McpJson.object("counted", to);
        return McpToolResult.of(data);
    }

    private static McpToolResult wait(McpCall call, CountDownLatch cancelled) {
        CountDownLatch end = new CountDownLatch(1);
        call.onCancel(end::countDown);
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cancelled.countDown();
        return McpToolResult.text("waited");
    }
}
