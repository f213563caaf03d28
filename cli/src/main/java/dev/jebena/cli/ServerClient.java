package dev.jebena.cli;

import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls a running `jebena serve`.
final class ServerClient {
    static final String DEFAULT_URL = "http://127.0.0.1:11500";

    private final String url;

    /// @param url the server's address; null for `JEBENA_URL`, or the default port of this machine
    ServerClient(@Nullable String url) {
        String given = url != null ? url : System.getenv().getOrDefault("JEBENA_URL", DEFAULT_URL);
        if (!given.matches("https?://[^\\s/?#]+/?") || !isAddress(given)) {
            throw new UserError(
                    "the server's address is not an address: "
                            + given
                            + "\n        expected one like "
                            + DEFAULT_URL);
        }
        this.url = given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
    }

    private static boolean isAddress(String text) {
        try {
            return new URI(text).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    Map<String, @Nullable Object> get(String path) throws InterruptedException {
        return send(request(path).GET().build());
    }

    Map<String, @Nullable Object> post(String path, Map<String, ?> body)
            throws InterruptedException {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                        .build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60));
        String key = System.getenv("JEBENA_API_KEY");
        return key == null ? builder : builder.header("Authorization", "Bearer " + key);
    }

    private Map<String, @Nullable Object> send(HttpRequest request) throws InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build()) {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            Map<String, @Nullable Object> body = Json.object(Json.parse(response.body()));
            if (response.statusCode() >= 400) {
                throw new UserError(String.valueOf(body.getOrDefault("error", response.body())));
            }
            return body;
        } catch (ConnectException e) {
            throw new UserError(
                    "no server answers at " + url + "\n        start one: jebena serve");
        } catch (IOException | JsonException e) {
            throw new UserError(
                    "the server at " + url + " gave no usable answer: " + e.getMessage());
        }
    }
}
