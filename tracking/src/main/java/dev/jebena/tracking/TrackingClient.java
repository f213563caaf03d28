package dev.jebena.tracking;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// MLflow's REST interface as calls, of a server or of a data folder on this machine. A refusal is
/// a [Problem] with the server's message. Safe for use by many threads.
///
/// ```java
/// try (TrackingClient client = TrackingClient.at("http://127.0.0.1:11500")) {
///     client.get("runs/get", Map.of("run_id", id));
/// }
/// ```
public sealed interface TrackingClient extends AutoCloseable
        permits HttpTrackingClient, FolderTrackingClient {
    /// A server's address (`http://…`, also `https`), with `user:password@` where it has accounts,
    /// or a data folder, which is made when it is missing.
    static TrackingClient at(String place) {
        return place.matches("(?i)https?://.*")
                ? new HttpTrackingClient(address(place))
                : new FolderTrackingClient(Path.of(place));
    }

    private static URI address(String place) {
        try {
            URI uri = URI.create(place.replaceFirst("/+$", ""));
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw Problem.badRequest(
                place
                        + " is no address of a tracking server; expected one like"
                        + " http://127.0.0.1:11500");
    }

    /// The reply to a GET of a path below `/api/2.0/mlflow/`.
    Map<String, @Nullable Object> get(String path, Map<String, String> query);

    /// The reply to a POST to a path below `/api/2.0/mlflow/`.
    Map<String, @Nullable Object> post(String path, Map<String, ?> body);

    /// Stores a file below an artifact URI, such as a run's.
    void upload(String artifactUri, String path, Path file);

    /// Writes an artifact to a file, in place of one that is there.
    void download(String artifactUri, String path, Path file);

    @Override
    void close();

    /// A run with its latest values, `{"info", "data", "inputs", "outputs"}`.
    default Map<String, @Nullable Object> run(String id) {
        return HttpJson.objectOf(get("runs/get", Map.of("run_id", id)).get("run"));
    }

    /// The id of the active experiment with this name, which is made when it is missing.
    default String experiment(String name) {
        try {
            return found(name);
        } catch (Problem e) {
            if (e.code() != Problem.Code.NOT_FOUND) {
                throw e;
            }
        }
        try {
            return Objects.toString(
                    post("experiments/create", Map.of("name", name)).get("experiment_id"));
        } catch (Problem e) {
            if (e.code() != Problem.Code.CONFLICT) {
                throw e;
            }
            // Another program was faster.
            return found(name);
        }
    }

    private String found(String experiment) {
        Map<?, ?> reply = get("experiments/get-by-name", Map.of("experiment_name", experiment));
        Map<?, ?> found = HttpJson.objectOf(reply.get("experiment"));
        if (!"active".equals(found.get("lifecycle_stage"))) {
            throw Problem.badRequest(
                    "the experiment " + experiment + " is deleted; restore it first");
        }
        return Objects.toString(found.get("experiment_id"));
    }

    /// The whole history of a metric, by time, as MLflow's points.
    default List<Map<String, @Nullable Object>> history(String run, String metric) {
        return all(
                token ->
                        get(
                                "metrics/get-history",
                                Map.of(
                                        "run_id", run,
                                        "metric_key", metric,
                                        "max_results", "25000",
                                        "page_token", token)),
                "metrics");
    }

    /// The entries of all pages.
    ///
    /// @param page the reply to a page's token, which is empty for the first one
    static List<Map<String, @Nullable Object>> all(
            java.util.function.Function<String, Map<String, @Nullable Object>> page, String name) {
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        String token = "";
        do {
            Map<String, @Nullable Object> reply = page.apply(token);
            found.addAll(entries(reply, name));
            token = Objects.toString(reply.get("next_page_token"), "");
        } while (!token.isEmpty());
        return found;
    }

    /// The objects of a list that may be missing.
    static List<Map<String, @Nullable Object>> entries(Map<?, ?> json, String name) {
        List<Map<String, @Nullable Object>> entries = new ArrayList<>();
        if (json.get(name) instanceof List<?> list) {
            list.forEach(entry -> entries.add(HttpJson.objectOf(entry)));
        }
        return entries;
    }

    /// A reply's body; an error's message as a [Problem].
    static Map<String, @Nullable Object> checked(int status, byte[] body, String what) {
        Map<String, @Nullable Object> json;
        try {
            json = body.length == 0 ? Map.of() : HttpJson.objectOf(HttpJson.parse(body));
        } catch (HttpException e) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    "%s: the server answered with status %d and no JSON: %s"
                            .formatted(what, status, excerpt(body)),
                    "is this the address of an MLflow or Jebena server?",
                    e);
        }
        if (status < 400) {
            return json;
        }
        Object message = json.get("message");
        throw new Problem(
                code(status, Objects.toString(json.get("error_code"), "")),
                message == null ? what + ": status " + status : message.toString());
    }

    /// Where a file below an artifact URI lies in the server's store.
    static String below(String artifactUri, String path) {
        try {
            return ArtifactRoutes.below(artifactUri, path);
        } catch (HttpException e) {
            throw Problem.badRequest(e.message());
        }
    }

    /// The same refusal as a server's.
    static Problem problem(HttpException e) {
        return new Problem(code(e.status(), ""), e.message());
    }

    private static String excerpt(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8);
        return text.replaceAll("\\s+", " ");
    }

    private static Problem.Code code(int status, String name) {
        return switch (status) {
            case 401 -> Problem.Code.UNAUTHORIZED;
            case 403 -> Problem.Code.FORBIDDEN;
            case 404 -> Problem.Code.NOT_FOUND;
            case 409 -> Problem.Code.CONFLICT;
            case 413 -> Problem.Code.TOO_LARGE;
            case 429 -> Problem.Code.TOO_MANY_REQUESTS;
            case 501 -> Problem.Code.NOT_IMPLEMENTED;
            case 503 -> Problem.Code.UNAVAILABLE;
            default ->
                    name.equals("RESOURCE_ALREADY_EXISTS")
                            ? Problem.Code.CONFLICT
                            : status < 500 ? Problem.Code.BAD_REQUEST : Problem.Code.BAD_GATEWAY;
        };
    }
}
