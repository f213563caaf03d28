package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import dev.jebena.json.Json;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorRoutesTest {
    @Test
    void theMachineIsToldAsTheCommandTellsItWithItsLoad(@TempDir Path home) throws Exception {
        Router router = new Router();
        DoctorRoutes.mount(router, home);
        try (HttpServer server = HttpServer.start(HttpServerOptions.defaults().port(0), router);
                HttpClient client = HttpClient.newHttpClient()) {
            String text =
                    client.send(
                                    HttpRequest.newBuilder(
                                                    server.uri().resolve("/api/jebena/doctor"))
                                            .build(),
                                    BodyHandlers.ofString())
                            .body();
            Map<?, ?> reply = (Map<?, ?>) Objects.requireNonNull(Json.parse(text));
            Map<?, ?> facts = (Map<?, ?>) Objects.requireNonNull(reply.get("facts"));
            assertThat(facts.get("data folder")).isEqualTo(home.toString());
            assertThat(reply.get("findings")).isInstanceOf(List.class);
            Map<?, ?> now = (Map<?, ?>) Objects.requireNonNull(reply.get("now"));
            assertThat(((Number) Objects.requireNonNull(now.get("heap"))).longValue())
                    .isPositive()
                    .isLessThanOrEqualTo(
                            ((Number) Objects.requireNonNull(now.get("heap_limit"))).longValue());
            assertThat(now.keySet().stream().map(String::valueOf)).contains("cpu", "memory", "up");
        }
    }
}
