package dev.jebena.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.AccountsRoutes;
import dev.jebena.accounts.Level;
import dev.jebena.accounts.OidcOptions;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import dev.jebena.repositories.Repositories;
import dev.jebena.repositories.RepositoryOptions;
import dev.jebena.repositories.RepositoryRoutes;
import dev.jebena.tracking.Tracking;
import dev.jebena.tracking.TrackingOptions;
import dev.jebena.tracking.TrackingRoutes;
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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pages over a real tracking server and a real hub, and over a made-up machine with two
/// models.
final class PageServer implements AutoCloseable {
    private static final String METRICS =
            """
            # TYPE jebena_http_requests_total counter
            jebena_http_requests_total{method="GET",route="/api/tags",status="200"} 41
            jebena_http_requests_total{method="GET",route="/api/tags",status="404"} 1
            jebena_http_request_seconds_bucket{route="/api/tags",le="0.01"} 40
            jebena_http_request_seconds_bucket{route="/api/tags",le="+Inf"} 42
            jebena_models_loaded 1
            jebena_models_memory_bytes{model="alpha:latest"} 123000000
            jebena_answer_tokens_total{model="alpha:latest"} 700
            """;

    static final String HUB_TOKEN = "hf_ThePagesTestsTokenOfTheOwner";

    private final Tracking tracking;
    private final Repositories repositories;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String authorization;

    PageServer(Path folder) {
        this(folder, null, null);
    }

    /// @param accounts everybody needs one of these; null for none
    /// @param oidc another system's login; null for none
    PageServer(Path folder, @Nullable Accounts accounts, @Nullable OidcOptions oidc) {
        authorization =
                accounts == null
                        ? ""
                        : "Bearer "
                                + accounts.tokens()
                                        .create(Accounts.ADMIN, "the test", Level.MANAGE, null);
        tracking = Tracking.open(TrackingOptions.in(folder.resolve("tracking")));
        repositories =
                Repositories.open(
                        RepositoryOptions.in(folder.resolve("hub"))
                                .ownerToken(HUB_TOKEN)
                                .checks(List.of(HubReplies::check)));
        Router router = new Router();
        ConsoleRoutes.mount(router, accounts != null);
        TrackingRoutes.mount(router, tracking, accounts);
        RepositoryRoutes.mount(router, repositories, HubReplies.reports());
        if (accounts != null) {
            AccountsRoutes.mount(router, accounts, oidc);
        }
        machine(router);
        server =
                HttpServer.start(
                        HttpServerOptions.defaults().port(0).graceTime(Duration.ZERO), router);
    }

    private static void machine(Router router) {
        List<Map<String, @Nullable Object>> models =
                List.of(model("alpha:latest", "llama"), model("<b>beta</b>:latest", "bert"));
        router.get("/api/tags", x -> x.json(200, HttpJson.object("models", models)));
        router.get("/api/ps", x -> x.json(200, HttpJson.object("models", models.subList(0, 1))));
        router.post(
                "/api/show",
                x ->
                        x.json(
                                200,
                                HttpJson.object(
                                        "details",
                                        models.getFirst().get("details"),
                                        "license",
                                        "MIT",
                                        "template",
                                        "{{ <script>window.hacked=1</script> }}",
                                        "modified_at",
                                        "2026-01-02T03:04:05Z",
                                        "capabilities",
                                        List.of("completion"),
                                        "model_info",
                                        HttpJson.object(
                                                "general.architecture",
                                                "llama",
                                                "llama.context_length",
                                                8192))));
        router.get("/metrics", x -> x.text(200, METRICS));
        router.get("/version", x -> x.json(200, HttpJson.object("version", "1.2.3")));
        router.get("/v1/models", x -> x.json(200, HttpJson.object("data", List.of())));
        router.get(
                "/api/jebena/doctor",
                x ->
                        x.json(
                                200,
                                HttpJson.object(
                                        "facts", HttpJson.object("kernels", "x86-avx512"),
                                        "findings",
                                                List.of(
                                                        HttpJson.object(
                                                                "severity", "problem",
                                                                "what", "Only scalar kernels",
                                                                "why", "Slow.",
                                                                "remedy", "<i>mend</i> it")),
                                        "now",
                                                HttpJson.object(
                                                        "cpu",
                                                        0.5,
                                                        "process_cpu",
                                                        0.25,
                                                        "memory",
                                                        8_000_000_000L,
                                                        "memory_free",
                                                        2_000_000_000L,
                                                        "heap",
                                                        100_000_000,
                                                        "heap_limit",
                                                        500_000_000,
                                                        "threads",
                                                        12,
                                                        "up",
                                                        61_000))));
    }

    private static Map<String, @Nullable Object> model(String name, String family) {
        return HttpJson.object(
                "name",
                name,
                "model",
                name,
                "size",
                98_400_000,
                "context_length",
                4096,
                "expires_at",
                "2026-01-02T03:04:05Z",
                "modified_at",
                "2026-01-02T03:04:05Z",
                "digest",
                "0".repeat(64),
                "details",
                HttpJson.object(
                        "family", family,
                        "parameter_size", "135M",
                        "quantization_level", "Q4_0"));
    }

    String address() {
        return server.uri() + "/";
    }

    /// Calls the tracking server with names and values; the reply.
    Object post(String path, Object... namesAndValues) {
        return send(
                "POST", "api/2.0/mlflow/" + path, HttpJson.bytes(HttpJson.object(namesAndValues)));
    }

    /// A run with these params and metrics; its id.
    String run(String experiment, String name, Map<String, ?> params, Map<String, Double> metrics) {
        String id =
                BrowserPage.text(
                        post(
                                "runs/create",
                                "experiment_id",
                                experiment,
                                "run_name",
                                name,
                                "start_time",
                                System.currentTimeMillis()),
                        "run",
                        "info",
                        "run_id");
        post(
                "runs/log-batch",
                "run_id",
                id,
                "params",
                params.entrySet().stream()
                        .map(p ->
                                HttpJson.object(
                                        "key", p.getKey(), "value", String.valueOf(p.getValue())))
                        .toList(),
                "metrics",
                metrics.entrySet().stream().map(m -> point(m.getKey(), m.getValue(), 0)).toList());
        return id;
    }

    static Map<String, @Nullable Object> point(String key, double value, long step) {
        return HttpJson.object(
                "key", key, "value", value, "timestamp", 1_700_000_000_000L + step, "step", step);
    }

    void finish(String run) {
        post("runs/update", "run_id", run, "status", "FINISHED", "end_time", 1_800_000_000_000L);
    }

    /// Puts a file into a run's artifacts.
    void file(String experiment, String run, String path, String content) {
        send(
                "PUT",
                "api/2.0/mlflow-artifacts/artifacts/%s/%s/artifacts/%s"
                        .formatted(experiment, run, path),
                content.getBytes(UTF_8));
    }

    private Object send(String method, String path, byte[] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address() + path))
                        .method(method, BodyPublishers.ofByteArray(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<byte[]> reply = client.send(request.build(), BodyHandlers.ofByteArray());
            if (reply.statusCode() != 200) {
                throw new IllegalStateException(path + ": " + new String(reply.body(), UTF_8));
            }
            return reply.body().length == 0
                    ? Map.of()
                    : HttpJson.objectOf(HttpJson.parse(reply.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
        repositories.close();
        tracking.close();
    }
}
