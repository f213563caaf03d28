package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Calls over HTTP. What a server that restarts or has too much to do did not answer is sent again
/// for a minute; calls that make something new only when the server cannot have taken them.
final class HttpTrackingClient implements TrackingClient {
    static final String API = "/api/2.0/mlflow/";

    private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Set<Integer> NOT_TAKEN = Set.of(429, 503);
    private static final Set<Integer> AGAIN = Set.of(408, 429, 502, 503, 504);

    private final String root;
    private final @Nullable String authorization;
    private final Duration patience;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();

    HttpTrackingClient(URI address) {
        this(address, PATIENCE);
    }

    /// @param patience how long a call is sent again
    HttpTrackingClient(URI address, Duration patience) {
        String user = address.getUserInfo();
        root = address.toString().replaceFirst("//[^/@]*@", "//");
        authorization = user == null ? fromEnvironment(System.getenv()) : basic(user);
        this.patience = patience;
    }

    /// As MLflow's clients take it.
    private static @Nullable String fromEnvironment(Map<String, String> environment) {
        String user = environment.get("MLFLOW_TRACKING_USERNAME");
        String token = environment.get("MLFLOW_TRACKING_TOKEN");
        if (user != null) {
            return basic(user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", ""));
        }
        return token == null ? null : "Bearer " + token;
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(root + path)).timeout(Duration.ofMinutes(2));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request;
    }

    @Override
    public Map<String, @Nullable Object> get(String path, Map<String, String> query) {
        String text =
                query.entrySet().stream()
                        .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                        .collect(Collectors.joining("&"));
        return json(request(API + path + (text.isEmpty() ? "" : "?" + text)).GET().build(), true);
    }

    @Override
    public Map<String, @Nullable Object> post(String path, Map<String, ?> body) {
        HttpRequest request =
                request(API + path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(HttpJson.bytes(body)))
                        .build();
        return json(request, !path.endsWith("/create"));
    }

    private Map<String, @Nullable Object> json(HttpRequest request, boolean repeatable) {
        HttpResponse<byte[]> reply = send(request, BodyHandlers.ofByteArray(), repeatable);
        return TrackingClient.checked(reply.statusCode(), reply.body(), shown(request));
    }

    private static String shown(HttpRequest request) {
        return request.method() + " " + request.uri();
    }

    @Override
    public void upload(String artifactUri, String path, Path file) {
        try {
            HttpRequest request =
                    request(stored(artifactUri, path))
                            .timeout(Duration.ofHours(12))
                            .PUT(BodyPublishers.ofFile(file))
                            .build();
            json(request, true);
        } catch (FileNotFoundException e) {
            throw Problem.storage("cannot read " + file, e);
        }
    }

    @Override
    public void download(String artifactUri, String path, Path file) {
        HttpRequest request =
                request(stored(artifactUri, path)).timeout(Duration.ofHours(12)).GET().build();
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            HttpResponse<Path> reply = send(request, BodyHandlers.ofFile(part), true);
            if (reply.statusCode() >= 400) {
                byte[] body = Files.size(part) > 65_536 ? new byte[0] : Files.readAllBytes(part);
                TrackingClient.checked(reply.statusCode(), body, shown(request));
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Problem.storage("cannot write " + file, e);
        } finally {
            deleteQuietly(part);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // It was only half of a file that nobody wants.
        }
    }

    private static String stored(String artifactUri, String path) {
        String below = TrackingClient.below(artifactUri, path);
        return ARTIFACTS
                + Stream.of(below.split("/"))
                        .map(HttpTrackingClient::encoded)
                        .collect(Collectors.joining("/"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private <T> HttpResponse<T> send(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, boolean repeatable) {
        long end = System.nanoTime() + patience.toNanos();
        Duration pause = Duration.ofMillis(100);
        while (true) {
            boolean patient = System.nanoTime() + pause.toNanos() < end;
            try {
                HttpResponse<T> reply = client.send(request, handler);
                Set<Integer> again = repeatable ? AGAIN : NOT_TAKEN;
                if (!patient || !again.contains(reply.statusCode())) {
                    return reply;
                }
            } catch (IOException e) {
                if (!patient || !(repeatable || e instanceof ConnectException)) {
                    throw unreachable(request, e);
                }
            } catch (InterruptedException e) {
                throw interrupted(request, e);
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                throw interrupted(request, e);
            }
            pause =
                    pause.multipliedBy(2).compareTo(Duration.ofSeconds(5)) > 0
                            ? Duration.ofSeconds(5)
                            : pause.multipliedBy(2);
        }
    }

    private Problem unreachable(HttpRequest request, IOException cause) {
        String why = cause.getMessage();
        return new Problem(
                Problem.Code.UNREACHABLE,
                "%s does not answer %s: %s"
                        .formatted(
                                root,
                                request.method() + " " + request.uri().getPath(),
                                why == null ? cause.getClass().getSimpleName() : why),
                "start it with: jebena serve",
                cause);
    }

    private static Problem interrupted(HttpRequest request, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new Problem(
                Problem.Code.UNAVAILABLE, "interrupted during " + shown(request), null, cause);
    }

    @Override
    public void close() {
        client.close();
    }
}
