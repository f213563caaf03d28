package dev.jebena.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.testkit.FakeLlm;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusyServerTest {
    private static final FakeLlm.Settings SLOW =
            FakeLlm.Settings.defaults().delay(Duration.ofMillis(5)).script(_ -> "x".repeat(1500));
    private static final String CHAT =
            "{\"model\":\"smollm2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    @TempDir private Path home;
    private @Nullable RunningServer started;

    @AfterEach
    void stop() {
        if (started != null) {
            started.close();
        }
    }

    private RunningServer start(FakeLlm.Settings settings) {
        RunningServer server = new RunningServer(home, settings);
        started = server;
        return server;
    }

    private static HttpRequest chat(RunningServer server, String path, boolean stream) {
        return server.request(path)
                .POST(BodyPublishers.ofString(CHAT + ",\"stream\":" + stream + "}"))
                .build();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void vanishedClientsCancelTheirAnswers() throws Exception {
        RunningServer server = start(SLOW);
        for (String path : List.of("/v1/chat/completions", "/api/chat")) {
            HttpResponse<InputStream> stream =
                    server.client.send(chat(server, path, true), BodyHandlers.ofInputStream());
            assertThat(stream.body().read()).isPositive();
            assertThat(server.running()).isEqualTo(1);
            stream.body().close();
            await(() -> server.running() == 0);
        }
    }

    @Test
    void clientThatVanishesBeforeAWholeReplyCancelsToo() throws Exception {
        RunningServer server = start(SLOW);
        CompletableFuture<HttpResponse<String>> reply =
                server.client.sendAsync(
                        chat(server, "/v1/chat/completions", false), BodyHandlers.ofString());
        await(() -> server.running() == 1);
        reply.cancel(true);
        await(() -> server.running() == 0);
    }

    @Test
    void fullQueueIs429WithRetryAfter() throws Exception {
        RunningServer server = start(SLOW.places(1));
        CompletableFuture<HttpResponse<InputStream>> first =
                server.client.sendAsync(
                        chat(server, "/v1/chat/completions", true), BodyHandlers.ofInputStream());
        await(() -> server.running() == 1);
        for (String path : List.of("/v1/chat/completions", "/api/chat")) {
            HttpResponse<String> refused =
                    server.client.send(chat(server, path, true), BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.body()).contains("\"error\"");
        }
        first.get(10, TimeUnit.SECONDS).body().close();
    }

    @Test
    void aRequestWhoseTimeHasPassedIs504() throws Exception {
        RunningServer server = start(SLOW);
        for (String path : List.of("/v1/chat/completions", "/api/chat")) {
            HttpRequest.Builder request =
                    server.request(path).POST(BodyPublishers.ofString(CHAT + ",\"stream\":false}"));
            HttpResponse<String> late =
                    server.client.send(
                            request.header("X-Request-Timeout", "0.05").build(),
                            BodyHandlers.ofString());
            assertThat(late.statusCode()).isEqualTo(504);
            assertThat(late.body()).contains("time limit");
            HttpResponse<String> bad =
                    server.client.send(
                            request.setHeader("X-Request-Timeout", "soon").build(),
                            BodyHandlers.ofString());
            assertThat(bad.statusCode()).isEqualTo(400);
            assertThat(bad.body()).contains("X-Request-Timeout is 'soon'");
        }
        assertThat(server.running()).isZero();
    }

    @Test
    void closeLetsRunningStreamsFinish() throws Exception {
        RunningServer server = start(SLOW.delay(Duration.ofMillis(1)));
        HttpResponse<InputStream> stream =
                server.client.send(
                        chat(server, "/v1/chat/completions", true), BodyHandlers.ofInputStream());
        stream.body().read();
        Thread closing = Thread.startVirtualThread(server.server::close);
        String all = new String(stream.body().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(all).endsWith("data: [DONE]\n\n");
        closing.join();
        assertThat(server.engines.getFirst().closed()).isTrue();
    }

    @Test
    void manyStreamsWithVanishingClientsLeaveNothingBehind() throws Exception {
        RunningServer server = start(FakeLlm.Settings.defaults().delay(Duration.ofMillis(1)));
        List<CompletableFuture<Integer>> streams = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            boolean vanishes = i % 3 == 0;
            streams.add(
                    server.client
                            .sendAsync(
                                    chat(
                                            server,
                                            i % 2 == 0 ? "/v1/chat/completions" : "/api/chat",
                                            true),
                                    BodyHandlers.ofInputStream())
                            .thenApplyAsync(r -> read(r, vanishes)));
        }
        for (int i = 0; i < streams.size(); i++) {
            assertThat(streams.get(i).get(60, TimeUnit.SECONDS)).isPositive();
        }
        await(() -> server.running() == 0);
        // Platform threads of the server; its requests run on virtual ones.
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(t -> t.getName().startsWith("jebena"))
                .hasSizeLessThan(70);
        assertThat(server.server.pool().loaded()).allMatch(m -> m.users() == 0);
    }

    private static int read(HttpResponse<InputStream> response, boolean vanishes) {
        try (InputStream body = response.body()) {
            return vanishes ? body.read() : body.readAllBytes().length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
