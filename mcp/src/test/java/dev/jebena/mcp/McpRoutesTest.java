package dev.jebena.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class McpRoutesTest {
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private @Nullable HttpServer server;
    private URI uri = URI.create("http://127.0.0.1");

    @BeforeEach
    void start() {
        Router router = new Router();
        McpRoutes.register(router, "/mcp", TestServers.small(cancelled));
        HttpServer started = HttpServer.start(HttpServerOptions.defaults().port(0), router);
        server = started;
        uri = URI.create("http://127.0.0.1:" + started.port() + "/mcp");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private HttpResponse<String> post(String body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .header("Accept", "application/json, text/event-stream")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }

    private String session() throws Exception {
        HttpResponse<String> reply =
                post(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":"
                                + "{\"protocolVersion\":\"2025-11-25\"}}");
        assertThat(reply.statusCode()).isEqualTo(200);
        return reply.headers().firstValue("Mcp-Session-Id").orElseThrow();
    }

    @Test
    void requestsNeedASessionThatStands() throws Exception {
        String ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
        assertThat(post(ping).statusCode()).isEqualTo(400);
        assertThat(post(ping, "Mcp-Session-Id", "nope").statusCode()).isEqualTo(404);
        String session = session();
        assertThat(post(ping, "Mcp-Session-Id", session).statusCode()).isEqualTo(200);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest end =
                    HttpRequest.newBuilder(uri).header("Mcp-Session-Id", session).DELETE().build();
            assertThat(http.send(end, BodyHandlers.ofString()).statusCode()).isEqualTo(204);
        }
        assertThat(post(ping, "Mcp-Session-Id", session).statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsWrongIsAJsonRpcError() throws Exception {
        assertThat(post("[]").body()).contains("\"jsonrpc\":\"2.0\"", "\"code\":-32600");
        assertThat(post("{}").statusCode()).isEqualTo(400);
        HttpResponse<String> reply =
                post(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
                        "Mcp-Session-Id",
                        session(),
                        "MCP-Protocol-Version",
                        "1999-01-01");
        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(reply.body()).contains("expected 2026-07-28, 2025-11-25");
    }

    @Test
    void aPageOfAnotherSiteIsRefused() throws Exception {
        HttpResponse<String> reply =
                post(
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
                        "Origin",
                        "https://evil.example");
        assertThat(reply.statusCode()).isEqualTo(403);
    }

    @Test
    void aNotificationIsAccepted() throws Exception {
        HttpResponse<String> reply =
                post(
                        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
                        "Mcp-Session-Id",
                        session());
        assertThat(reply.statusCode()).isEqualTo(202);
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void aStreamThatBrokeIsTakenUpAgain() throws Exception {
        String session = session();
        HttpResponse<String> all =
                post(
                        "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":"
                                + "\"count\",\"arguments\":{\"to\":3},\"_meta\":{\"progressToken\":1}}}",
                        "Mcp-Session-Id",
                        session);
        assertThat(all.body()).startsWith("id: c1-0\ndata: \n\n").contains("id: c1-4\n");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest resume =
                    HttpRequest.newBuilder(uri)
                            .header("Mcp-Session-Id", session)
                            .header("Last-Event-ID", "c1-2")
                            .build();
            String rest = http.send(resume, BodyHandlers.ofString()).body();
            assertThat(rest)
                    .doesNotContain("id: c1-2\n")
                    .contains("id: c1-3\n", "\"counted\\\":3")
                    .contains("id: c1-4\n");
            HttpRequest standing =
                    HttpRequest.newBuilder(uri).header("Mcp-Session-Id", session).build();
            assertThat(http.send(standing, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
        }
    }

    @Test
    void aCallOfTheStatelessRevisionThatLosesItsClientIsCancelled() throws Exception {
        String call =
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":\"wait\","
                        + "\"_meta\":{\"progressToken\":1,"
                        + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                        + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .headers(
                                "Accept", "application/json, text/event-stream",
                                "MCP-Protocol-Version", "2026-07-28",
                                "Mcp-Method", "tools/call",
                                "Mcp-Name", "wait")
                        .POST(HttpRequest.BodyPublishers.ofString(call))
                        .build();
        HttpClient http = HttpClient.newHttpClient();
        try (InputStream body = http.send(request, BodyHandlers.ofInputStream()).body()) {
            assertThat(body.read()).isEqualTo(':');
        }
        http.shutdownNow();
        cancelled.await();
        assertThat(post(call, "MCP-Protocol-Version", "2026-07-28").body())
                .contains("-32020", "Mcp-Method");
    }

    @ParameterizedTest
    @CsvSource({"true, 2025-11-25", "false, 2026-07-28"})
    void ourClientUsesOurServer(boolean handshake, String revision) {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        McpListener listener =
                new McpListener() {
                    @Override
                    public void progress(double done, double total, String message) {
                        told.add(message);
                    }
                };
        McpClientOptions options =
                McpClientOptions.defaults().handshake(handshake).listener(listener);
        try (McpClient client = McpClient.connect(McpServerAddress.http(uri.toString()), options)) {
            assertThat(client.protocolVersion()).isEqualTo(revision);
            assertThat(client.serverName()).isEqualTo("small");
            assertThat(client.tools()).hasSize(104).extracting(McpTool::name).contains("more99");
            assertThat(client.call("echo", Map.of("text", "héllo")).text()).isEqualTo("héllo");
            assertThat(client.call("fail", Map.of()).error()).isTrue();
            assertThat(client.call("count", Map.of("to", 3)).structured())
                    .containsEntry("counted", 3L);
            assertThat(told).containsExactly("step 1", "step 2", "step 3");
            assertThatThrownBy(() -> client.call("nope", Map.of()))
                    .isInstanceOf(McpException.class)
                    .hasMessageContaining("there is no tool nope");
            client.ping();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallThatTakesTooLongIsCancelledAtTheServer(boolean handshake) throws Exception {
        McpClientOptions options =
                McpClientOptions.defaults()
                        .handshake(handshake)
                        .requestTime(Duration.ofMillis(300));
        try (McpClient client = McpClient.connect(McpServerAddress.http(uri.toString()), options)) {
            assertThatThrownBy(() -> client.call("wait", Map.of()))
                    .isInstanceOf(McpException.class)
                    .hasMessageContaining("gave no answer to tools/call within");
            cancelled.await();
        }
    }
}
