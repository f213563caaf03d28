package dev.jebena.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpServerTest {
    private static final HttpServerOptions OPTIONS = HttpServerOptions.defaults().port(0);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CountDownLatch gone = new CountDownLatch(1);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private @Nullable HttpServer server;

    @AfterEach
    void stop() {
        release.countDown();
        if (server != null) {
            server.close();
        }
        client.close();
    }

    private HttpServer start(HttpServerOptions options) {
        Router router =
                new Router()
                        .get("/hello", x -> x.text(200, "Hello"))
                        .get("/models/{id...}", x -> x.text(200, x.parameter("id")))
                        .get("/models/list", x -> x.text(200, "the list"))
                        .post("/echo", x -> x.json(200, x.json()))
                        .post("/slow", this::slow)
                        .get("/events", this::events)
                        .get(
                                "/fails",
                                _ -> {
                                    throw new IllegalStateException("broken");
                                })
                        .errors("/models/", p -> HttpJson.object("styled", p.code()))
                        .open("/hello");
        server = HttpServer.start(options, router);
        return server;
    }

    private void slow(HttpExchange x) throws IOException {
        x.body(1000);
        try (var _ = x.whenGone(gone::countDown)) {
            entered.countDown();
            release.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        x.text(200, "done");
    }

    private void events(HttpExchange x) throws IOException {
        try (HttpStream stream = x.stream(200, "text/event-stream")) {
            stream.event(HttpJson.object("n", 1));
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            stream.event(HttpJson.object("n", 2));
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server().uri() + path));
    }

    private HttpServer server() {
        HttpServer started = server;
        assertThat(started).isNotNull();
        return started;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server().port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void restOfPathMatchesRawAndEncodedSlashes() throws Exception {
        start(OPTIONS);
        assertThat(send(request("/models/a/b:c")).body()).isEqualTo("a/b:c");
        assertThat(send(request("/models/a%2Fb%3Ac")).body()).isEqualTo("a/b:c");
        assertThat(send(request("/models/list")).body()).isEqualTo("the list");
    }

    @Test
    void unknownPathsAndMethodsUseTheErrorStyleOfTheirPrefix() throws Exception {
        start(OPTIONS);
        assertThat(send(request("/nothing")).statusCode()).isEqualTo(404);
        HttpResponse<String> wrong = send(request("/models/x").DELETE());
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.body()).isEqualTo("{\"styled\":\"method_not_allowed\"}");
        assertThat(wrong.headers().firstValue("Allow")).contains("GET, HEAD");
        assertThat(raw("GET /models/%zz HTTP/1.0\r\n\r\n")).contains("400");
    }

    @Test
    void headHasTheLengthButNoBody() throws Exception {
        start(OPTIONS);
        HttpResponse<String> head = send(request("/hello").method("HEAD", BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Length")).contains("5");
    }

    @Test
    void bodiesAreBoundedInSizeAndDepth() throws Exception {
        start(OPTIONS.maxBodyBytes(100_000));
        HttpResponse<String> large =
                send(request("/echo").POST(BodyPublishers.ofString("\"" + "a".repeat(1 << 20))));
        assertThat(large.statusCode()).isEqualTo(413);
        HttpResponse<String> deep =
                send(request("/echo").POST(BodyPublishers.ofString("[".repeat(50_000))));
        assertThat(deep.statusCode()).isEqualTo(400);
        assertThat(deep.body()).contains("nested deeper");
        assertThat(send(request("/echo").POST(BodyPublishers.ofString("{\n]"))).body())
                .contains("not valid JSON (line 2, column");
        assertThat(send(request("/echo").POST(BodyPublishers.ofString("{"))).body())
                .contains("expected close marker for Object\"")
                .doesNotContain("Source");
        assertThat(send(request("/echo").POST(BodyPublishers.ofString("[1]"))).statusCode())
                .isEqualTo(400);
        assertThat(send(request("/echo").POST(BodyPublishers.ofString("{\"a\":1}"))).body())
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void vanishedClientIsNoticedWhileNothingIsWritten() throws Exception {
        start(OPTIONS);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server().port())) {
            socket.getOutputStream()
                    .write(
                            "POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
                                    .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(gone.await(300, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(gone.await(2, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        start(OPTIONS);
        Thread.startVirtualThread(() -> {
            try {
                Thread.sleep(500);
            } catch (InterruptedException _) {
                return;
            }
            release.countDown();
        });
        String reply =
                raw(
                        "POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
                                + "GET /hello HTTP/1.1\r\nHost: localhost\r\n"
                                + "Connection: close\r\n\r\n");
        assertThat(reply).containsSubsequence("200 OK", "done", "200 OK", "Hello");
        assertThat(gone.getCount()).isEqualTo(1);
    }

    @Test
    void eventsArriveBeforeTheStreamEnds() throws Exception {
        start(OPTIONS);
        HttpResponse<InputStream> response =
                client.send(request("/events").build(), BodyHandlers.ofInputStream());
        byte[] first = response.body().readNBytes(15);
        assertThat(new String(first, StandardCharsets.UTF_8)).isEqualTo("data: {\"n\":1}\n\n");
        release.countDown();
        assertThat(response.body().readAllBytes()).hasSize(15);
    }

    @Test
    void http2WithoutTlsIsSpoken() throws Exception {
        start(OPTIONS);
        try (HttpClient two = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpResponse<String> response =
                    two.send(request("/hello").build(), BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.body()).isEqualTo("Hello");
        }
    }

    @Test
    void http10AndConnectionCloseEndTheConnection() throws Exception {
        start(OPTIONS);
        assertThat(raw("GET /hello HTTP/1.0\r\n\r\n")).endsWith("Hello");
        assertThat(raw("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .endsWith("Hello");
    }

    @Test
    void nonsenseIsRefusedWithAJsonBody() throws Exception {
        start(OPTIONS);
        assertThat(raw("NONSENSE\r\n\r\n")).contains("400").contains("{\"error\"");
        assertThat(raw("GET /hello HTTP/1.0\r\nX-Long: " + "a".repeat(100_000) + "\r\n\r\n"))
                .contains("431");
        assertThat(send(request("/fails")).statusCode()).isEqualTo(500);
    }

    @Test
    void keysAreAskedForExceptWhereThePathIsOpen() throws Exception {
        start(OPTIONS.apiKeys(List.of("secret-a", "secret-b")));
        assertThat(send(request("/models/list")).statusCode()).isEqualTo(401);
        assertThat(send(request("/models/list").header("Authorization", "Bearer no")).statusCode())
                .isEqualTo(401);
        assertThat(
                        send(request("/models/list").header("Authorization", "Bearer secret-b"))
                                .statusCode())
                .isEqualTo(200);
        assertThat(send(request("/models/list").header("X-API-Key", "secret-a")).statusCode())
                .isEqualTo(200);
        assertThat(send(request("/hello")).statusCode()).isEqualTo(200);
    }

    @Test
    void pagesOfOtherSitesAndForeignHostNamesAreRefused() throws Exception {
        start(OPTIONS);
        HttpResponse<String> local =
                send(request("/hello").header("Origin", "http://localhost:3000"));
        assertThat(local.headers().firstValue("Access-Control-Allow-Origin"))
                .contains("http://localhost:3000");
        HttpResponse<String> foreign =
                send(request("/hello").header("Origin", "https://example.org"));
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(raw("GET /hello HTTP/1.0\r\nHost: example.org\r\n\r\n")).contains("403");
        HttpResponse<String> preflight =
                send(
                        request("/models/list")
                                .header("Origin", "http://localhost:3000")
                                .header("Access-Control-Request-Method", "POST")
                                .method("OPTIONS", BodyPublishers.noBody()));
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
                .contains("Authorization");
    }

    @Test
    void moreRequestsThanTheLimitGet429() throws Exception {
        start(OPTIONS.maxConcurrent(1));
        var first =
                client.sendAsync(
                        request("/slow").POST(BodyPublishers.ofString("{}")).build(),
                        BodyHandlers.ofString());
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        HttpResponse<String> second = send(request("/models/list"));
        assertThat(second.statusCode()).isEqualTo(429);
        assertThat(second.headers().firstValue("Retry-After")).contains("1");
        release.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void closeLetsRunningRequestsFinish() throws Exception {
        HttpServer started = start(OPTIONS.graceTime(Duration.ofSeconds(20)));
        var running =
                client.sendAsync(
                        request("/slow").POST(BodyPublishers.ofString("{}")).build(),
                        BodyHandlers.ofString());
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        Thread closing = Thread.startVirtualThread(started::close);
        Thread.sleep(200);
        assertThat(closing.isAlive()).isTrue();
        release.countDown();
        assertThat(running.get(10, TimeUnit.SECONDS).body()).isEqualTo("done");
        closing.join();
        assertThatThrownBy(() -> send(request("/hello"))).isInstanceOf(IOException.class);
    }

    @Test
    void openServerOnAReachableAddressIsRefused() {
        assertThatThrownBy(() -> start(OPTIONS.host("0.0.0.0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--api-key");
    }

    @Test
    void accessLogHasOneLineForEachRequest(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("access.log");
        start(OPTIONS.accessLog(file));
        send(request("/hello?secret=1"));
        send(request("/nothing"));
        server().close();
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).contains(" GET /hello 200 5 ").doesNotContain("secret");
    }
}
