package dev.jebena.tracking;

import dev.jebena.accounts.Accounts;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A running server with tracking only, and a client for it.
final class TrackingServer implements AutoCloseable {
    static final String API = "/api/2.0/mlflow/";

    final Tracking tracking;
    final HttpServer http;
    private final Caller caller;
    private final @Nullable Accounts accounts;

    record Reply(int status, String text) {
        Map<?, ?> json() {
            return (Map<?, ?>)
                    Objects.requireNonNull(HttpJson.parse(text.getBytes(StandardCharsets.UTF_8)));
        }

        /// The value at a path such as `run.info.run_id` or `runs.0.info`.
        Object at(String path) {
            Object value = json();
            for (String name : path.split("\\.")) {
                value =
                        value instanceof List<?> list
                                ? list.get(Integer.parseInt(name))
                                : ((Map<?, ?>) value).get(name);
                if (value == null) {
                    return "";
                }
            }
            return value;
        }
    }

    TrackingServer(TrackingOptions options) {
        this(options, null);
    }

    /// @param accounts closed with the server
    TrackingServer(TrackingOptions options, @Nullable Accounts accounts) {
        this.accounts = accounts;
        tracking = Tracking.open(options);
        Router router = new Router();
        TrackingRoutes.mount(router, tracking, accounts);
        http = HttpServer.start(HttpServerOptions.defaults().port(0), router);
        caller = new Caller(http.uri().toString());
    }

    /// A client of a tracking server.
    static final class Caller implements AutoCloseable {
        private final String uri;
        private final HttpClient client = HttpClient.newHttpClient();
        private String authorization = "";

        Caller(String uri) {
            this.uri = uri;
        }

        void login(String username, String password) {
            byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
            authorization = "Basic " + java.util.Base64.getEncoder().encodeToString(pair);
        }

        Reply get(String path) {
            return send("GET", path, null);
        }

        Reply post(String path, Map<String, ? extends @Nullable Object> body) {
            return send("POST", path, HttpJson.bytes(body));
        }

        /// @param path from the root, or below [#API]
        Reply send(String method, String path, byte @Nullable [] body, String... headers) {
            String full = path.startsWith("/") ? path : API + path;
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(uri + full))
                            .method(
                                    method,
                                    body == null
                                            ? HttpRequest.BodyPublishers.noBody()
                                            : HttpRequest.BodyPublishers.ofByteArray(body));
            if (!authorization.isEmpty()) {
                request.header("Authorization", authorization);
            }
            if (headers.length > 0) {
                request.headers(headers);
            }
            try {
                HttpResponse<String> reply =
                        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
                return new Reply(reply.statusCode(), reply.body());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            client.shutdownNow();
        }
    }

    void login(String username, String password) {
        caller.login(username, password);
    }

    Reply get(String path) {
        return caller.get(path);
    }

    Reply post(String path, Map<String, ? extends @Nullable Object> body) {
        return caller.post(path, body);
    }

    Reply send(String method, String path, byte @Nullable [] body, String... headers) {
        return caller.send(method, path, body, headers);
    }

    String experiment(String name) {
        return (String) post("experiments/create", Map.of("name", name)).at("experiment_id");
    }

    String run(String experiment, String name) {
        return (String)
                post("runs/create", Map.of("experiment_id", experiment, "run_name", name))
                        .at("run.info.run_id");
    }

    @Override
    public void close() {
        http.close();
        tracking.close();
        caller.close();
        if (accounts != null) {
            accounts.close();
        }
    }
}
