package dev.jebena.serving;

import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.ProgressListener;
import dev.jebena.hub.Hub;
import dev.jebena.hub.ModelRecipe;
import dev.jebena.json.Json;
import dev.jebena.testkit.FakeLlm;
import dev.jebena.testkit.TinyGguf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A server on a free port with two fake models: `smollm2` writes text, `minilm` makes embeddings.
final class RunningServer implements AutoCloseable {
    final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final List<FakeLlm> engines = new CopyOnWriteArrayList<>();
    final JebenaServer server;

    RunningServer(Path home, FakeLlm.Settings settings) {
        this(home, settings, options());
    }

    RunningServer(Path home, FakeLlm.Settings settings, ServingOptions options) {
        Hub hub = Hub.open(home, Map.of());
        create(hub, home, "smollm2", "llama");
        create(hub, home, "minilm", "bert");
        ModelLoader loader =
                (model, engine) -> {
                    FakeLlm llm =
                            FakeLlm.of(settings.embeds(model.name().model().equals("minilm")));
                    engine.adapters().forEach(llm::loadAdapter);
                    engines.add(llm);
                    return llm;
                };
        server = JebenaServer.start(options, hub, loader, _ -> {});
    }

    static ServingOptions options() {
        return ServingOptions.defaults()
                .http(
                        HttpServerOptions.defaults()
                                .port(0)
                                .maxBodyBytes(1 << 20)
                                .graceTime(Duration.ofSeconds(10)));
    }

    private static void create(Hub hub, Path home, String name, String architecture) {
        Path file = TinyGguf.write(home.resolve(name + ".gguf"), architecture);
        hub.store().create(name, ModelRecipe.from(file.toString()), ProgressListener.none());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.uri() + path))
                .timeout(Duration.ofSeconds(30));
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The JSON of a 200 reply.
    Node json(String path, String body) {
        HttpResponse<String> response = post(path, body);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return Node.parse(response.body());
    }

    /// The JSON values of an SSE or NDJSON stream, without `[DONE]`.
    List<Node> events(String path, String body) {
        List<Node> events = new ArrayList<>();
        for (String line : post(path, body).body().split("\n")) {
            String text = line.startsWith("data: ") ? line.substring(6) : line;
            boolean named = text.startsWith("event: ");
            if (!text.isEmpty() && !text.equals("[DONE]") && !named) {
                events.add(Node.parse(text));
            }
        }
        return events;
    }

    int running() {
        return engines.stream().mapToInt(e -> e.stats().running()).sum();
    }

    @Override
    public void close() {
        server.close();
        // Waiting for the end of a websocket whose reader asks for nothing would take for ever.
        client.shutdownNow();
    }

    /// A JSON value with short ways into it.
    record Node(@Nullable Object value) {
        static Node parse(String text) {
            return new Node(Json.parse(text));
        }

        /// Follows names and indexes: `choices.0.message.content`; null where there is nothing.
        Node at(String path) {
            Object here = value;
            for (String part : path.split("\\.")) {
                here =
                        switch (here) {
                            case Map<?, ?> map -> map.get(part);
                            case List<?> list when Integer.parseInt(part) < list.size() ->
                                    list.get(Integer.parseInt(part));
                            case null, default -> null;
                        };
            }
            return new Node(here);
        }

        @Nullable Object get(String path) {
            return at(path).value;
        }

        String text(String path) {
            Object found = get(path);
            return found == null ? "" : found.toString();
        }

        /// The integer there; fails when there is none.
        long integer(String path) {
            if (get(path) instanceof Long number) {
                return number;
            }
            throw new AssertionError(path + " is no integer: " + get(path));
        }

        List<?> list(String path) {
            return get(path) instanceof List<?> list ? list : List.of();
        }

        boolean has(String name) {
            return value instanceof Map<?, ?> map && map.containsKey(name);
        }
    }
}
