package dev.jebena.console;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.HttpStream;
import dev.jebena.base.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The chat page on a server whose answers a test writes: it says the words of [#answer], each when
/// [#words] has a permit for it.
final class ScriptedServer implements AutoCloseable {
    /// Bodies of the chat requests.
    final List<Map<String, @Nullable Object>> asked = new CopyOnWriteArrayList<>();

    /// Answers that the page gave up.
    final Semaphore stopped = new Semaphore(0);

    volatile List<String> models = List.of("alpha:latest", "beta:latest");
    volatile String answer = "The sky is blue because of scattering.";
    volatile @Nullable HttpException failure;
    volatile boolean breaksOff;
    volatile Semaphore words = new Semaphore(1_000_000);

    private final HttpServer server;

    ScriptedServer(String... apiKeys) {
        Router router = new Router();
        ConsoleRoutes.mount(router);
        router.get("/", exchange -> exchange.text(200, "greeting"));
        router.errors("/v1/", e -> Map.of("error", Map.of("message", e.message())));
        router.get("/v1/models", this::list);
        router.post("/v1/chat/completions", this::chat);
        HttpServerOptions options =
                HttpServerOptions.defaults()
                        .port(0)
                        .apiKeys(List.of(apiKeys))
                        .graceTime(Duration.ZERO);
        server = HttpServer.start(options, router);
    }

    String address() {
        return server.uri() + "/";
    }

    private void list(HttpExchange exchange) throws IOException {
        exchange.json(
                200, Map.of("data", models.stream().map(name -> Map.of("id", name)).toList()));
    }

    private void chat(HttpExchange exchange) throws IOException {
        asked.add(exchange.json());
        HttpException refused = failure;
        if (refused != null) {
            throw refused;
        }
        Semaphore permits = words;
        List<String> pieces = List.of(answer.split("(?<=\\s)"));
        try (HttpExchange.AutoCloseableHandle _ =
                        exchange.whenGone(() -> {
                            stopped.release();
                            permits.release(pieces.size());
                        });
                HttpStream stream = exchange.stream(200, "text/event-stream")) {
            for (String piece : pieces) {
                permits.acquireUninterruptibly();
                stream.event(chunk(Map.of("delta", Map.of("content", piece))));
            }
            if (breaksOff) {
                return;
            }
            stream.event(chunk(Map.of("delta", Map.of(), "finish_reason", "stop")));
            stream.event(
                    Map.of(
                            "choices",
                            List.of(),
                            "usage",
                            Map.of("completion_tokens", pieces.size())));
            stream.write("data: [DONE]\n\n");
        }
    }

    private static Map<String, Object> chunk(Map<String, Object> choice) {
        return Map.of("object", "chat.completion.chunk", "choices", List.of(choice));
    }

    @Override
    public void close() {
        words.release(10_000);
        server.close();
    }
}
