package dev.jebena.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Damaged requests to our server over HTTP, and damaged answers to our client: each ends with an
/// answer, or with one problem of ours.
class StreamableHttpFuzzTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 1000);
    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                    + "\"io.modelcontextprotocol/clientCapabilities\":{},\"progressToken\":1}";
    private static final List<String> REQUESTS =
            List.of(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\"}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{"
                            + META
                            + "}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"arguments\":{\"to\":2},"
                            + META
                            + "}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/list\",\"params\":{\"cursor\":\"100\"}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"resources/read\",\"params\":{\"uri\":\"x:y\"}}",
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":2}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
                    "[" + "[".repeat(500) + "]".repeat(500) + "]");
    private static final List<String> HEADERS =
            List.of(
                    "MCP-Protocol-Version: 2026-07-28",
                    "MCP-Protocol-Version: 2025-11-25",
                    "MCP-Protocol-Version: 1999-01-01",
                    "Mcp-Method: tools/call",
                    "Mcp-Method: server/discover",
                    "Mcp-Name: count",
                    "Mcp-Name: =?base64?!!?=",
                    "Mcp-Session-Id: none",
                    "Last-Event-ID: c1-1",
                    "Last-Event-ID: c999999999999999999-999999999",
                    "Accept: text/event-stream",
                    "Accept: application/json");

    private final long seed = Long.getLong("jebena.fuzz.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private byte[] damaged(String good) {
        byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Test
    @Timeout(1800)
    void theServerAnswersEveryRequest() throws Exception {
        Router router = new Router();
        McpRoutes.register(router, "/mcp", TestServers.small(new CountDownLatch(1)));
        try (dev.jebena.base.HttpServer server =
                        dev.jebena.base.HttpServer.start(
                                HttpServerOptions.defaults().port(0), router);
                HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port() + "/mcp");
            String session = "";
            for (int i = 0; i < CASES; i++) {
                byte[] body = damaged(REQUESTS.get(random.nextInt(REQUESTS.size())));
                if (new String(body, StandardCharsets.ISO_8859_1).contains("\"wait\"")) {
                    continue;
                }
                HttpRequest.Builder request =
                        HttpRequest.newBuilder(uri)
                                .timeout(Duration.ofSeconds(20))
                                .method(
                                        List.of("POST", "POST", "POST", "POST", "GET", "DELETE")
                                                .get(random.nextInt(6)),
                                        BodyPublishers.ofByteArray(body));
                for (int n = random.nextInt(4); n > 0; n--) {
                    String[] header = HEADERS.get(random.nextInt(HEADERS.size())).split(": ", 2);
                    request.setHeader(header[0], header[1]);
                }
                if (!session.isEmpty() && random.nextBoolean()) {
                    request.setHeader("Mcp-Session-Id", session);
                }
                HttpResponse<String> reply = http.send(request.build(), BodyHandlers.ofString());
                session = reply.headers().firstValue("Mcp-Session-Id").orElse(session);
                assertThat(reply.statusCode())
                        .as(
                                "seed %d case %d: %s -> %s",
                                seed,
                                i,
                                new String(body, StandardCharsets.ISO_8859_1),
                                reply.body())
                        .isLessThan(500);
            }
        }
    }

    private static final List<String> ANSWERS =
            List.of(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}}}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"x\"}}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[{\"name\":\"a\",\"inputSchema\":{}}]}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32022,\"message\":\"no\",\"data\":{\"supported\":[]}}}",
                    "id: c1-1\nretry: 1\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"supportedVersions\":[\"2026-07-28\"]}}\n\n",
                    "id: c1-1\nretry: 1\ndata: \n\n: beat\n\n",
                    "");

    /// Answers with anything: status, type, body.
    private void answer(com.sun.net.httpserver.HttpExchange exchange) throws IOException {
        byte[] body;
        int status;
        String type;
        synchronized (random) {
            body =
                    ANSWERS.get(random.nextInt(ANSWERS.size())).isEmpty()
                            ? new byte[0]
                            : damaged(ANSWERS.get(random.nextInt(ANSWERS.size() - 1)));
            status = List.of(200, 200, 200, 202, 400, 401, 404, 405, 500).get(random.nextInt(9));
            type =
                    List.of("application/json", "text/event-stream", "text/html")
                            .get(random.nextInt(3));
            if (random.nextInt(3) == 0) {
                exchange.getResponseHeaders().set("Mcp-Session-Id", "s");
            }
        }
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Test
    @Timeout(1800)
    void theClientEndsWithATruthOrAProblem() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        McpClientOptions options =
                McpClientOptions.defaults()
                        .connectTime(Duration.ofSeconds(2))
                        .requestTime(Duration.ofMillis(300));
        McpServerAddress address =
                McpServerAddress.http("http://127.0.0.1:" + server.getAddress().getPort() + "/mcp");
        try {
            // Answers that belong to no request are waited for: so few cases.
            for (int i = 0; i < Math.clamp(CASES / 50, 20, 200); i++) {
                try (McpClient client = McpClient.connect(address, options)) {
                    client.tools();
                    client.call("a", Map.of());
                } catch (McpException e) {
                    assertThat(e)
                            .as("seed %d case %d", seed, i)
                            .hasMessageNotContaining("Exception");
                }
            }
        } finally {
            server.stop(0);
        }
    }
}
