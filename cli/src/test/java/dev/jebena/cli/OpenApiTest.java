package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.AccountsOptions;
import dev.jebena.accounts.AccountsRoutes;
import dev.jebena.accounts.OidcOptions;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import dev.jebena.console.ConsoleRoutes;
import dev.jebena.hub.Hub;
import dev.jebena.json.Json;
import dev.jebena.repositories.Repositories;
import dev.jebena.repositories.RepositoryOptions;
import dev.jebena.repositories.RepositoryRoutes;
import dev.jebena.serving.JebenaServer;
import dev.jebena.serving.ServingOptions;
import dev.jebena.testkit.FakeLlm;
import dev.jebena.tracking.Tracking;
import dev.jebena.tracking.TrackingOptions;
import dev.jebena.tracking.TrackingRoutes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `/openapi.json` of the server with everything in it, accounts of tracking included.
class OpenApiTest {
    private static final String OPERATION = "(GET|POST|PUT|PATCH|DELETE) /.*";

    @Test
    void everyRouteIsDescribedAndEveryDescriptionIsRouted(@TempDir Path home) throws Exception {
        Router[] mounted = new Router[1];
        try (Tracking tracking = Tracking.open(TrackingOptions.in(home.resolve("tracking")));
                Accounts accounts = Accounts.open(AccountsOptions.in(home.resolve("accounts")));
                Repositories repositories =
                        Repositories.open(RepositoryOptions.in(home.resolve("repositories")));
                JebenaServer server =
                        JebenaServer.start(
                                ServingOptions.defaults()
                                        .http(HttpServerOptions.defaults().port(0)),
                                Hub.open(home),
                                (_, _) -> FakeLlm.of(FakeLlm.Settings.defaults()),
                                router -> {
                                    ConsoleRoutes.mount(router);
                                    DoctorRoutes.mount(router, home);
                                    TrackingRoutes.mount(router, tracking, accounts);
                                    AccountsRoutes.mountOnly(
                                            router,
                                            accounts,
                                            OidcOptions.of(
                                                    URI.create("http://127.0.0.1:9"), "a", "b"));
                                    RepositoryRoutes.mount(router, repositories, HubReports.all());
                                    mounted[0] = router;
                                })) {
            Map<?, ?> paths = (Map<?, ?>) Objects.requireNonNull(document(server).get("paths"));
            assertThat(paths.size()).isGreaterThan(250);
            assertThat(undescribed(paths)).isEmpty();
            TreeSet<String> described = new TreeSet<>();
            for (URL file : mounted[0].descriptions()) {
                described.addAll(operations(file));
            }
            assertThat(described).hasSizeGreaterThan(100).isSubsetOf(mounted[0].patterns());
        }
    }

    private static Map<?, ?> document(JebenaServer server)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create(server.uri() + "/openapi.json").normalize();
            String body =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .body();
            return (Map<?, ?>) Objects.requireNonNull(Json.parse(body));
        }
    }

    private static List<String> undescribed(Map<?, ?> paths) {
        List<String> missing = new ArrayList<>();
        paths.forEach((path, methods) -> {
            // What stands for all that is not there yet has no description.
            boolean refused =
                    path.toString().endsWith("/{rest}") || paths.containsKey(path + "/{rest}");
            ((Map<?, ?>) methods)
                    .forEach((method, operation) -> {
                        if (!refused && !((Map<?, ?>) operation).containsKey("tags")) {
                            missing.add(method + " " + path);
                        }
                    });
        });
        return missing;
    }

    private static List<String> operations(URL file) throws IOException {
        try (InputStream in = file.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.matches(OPERATION))
                    .map(line -> line.split(" [?|] ", 2)[0])
                    .toList();
        }
    }
}
