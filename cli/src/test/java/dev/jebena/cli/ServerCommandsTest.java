package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpServerOptions;
import dev.jebena.hub.Hub;
import dev.jebena.json.Json;
import dev.jebena.serving.JebenaServer;
import dev.jebena.serving.ServingOptions;
import dev.jebena.testkit.FakeLlm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerCommandsTest {
    private JebenaServer server = start();

    private static JebenaServer start() {
        ToyModels.store("toy", ToyModels.chat());
        HttpServerOptions http =
                HttpServerOptions.defaults().port(0).graceTime(Duration.ofSeconds(2));
        return JebenaServer.start(
                ServingOptions.defaults().http(http),
                Hub.open(ToyModels.HOME),
                (_, _) -> FakeLlm.of(FakeLlm.Settings.defaults()),
                _ -> {});
    }

    @BeforeEach
    void loadAModel() throws InterruptedException {
        new ServerClient(server.uri().toString())
                .post("/api/generate", Map.of("model", "toy", "prompt", "Hi", "stream", false));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private CommandRun call(String... args) {
        List<String> all = new java.util.ArrayList<>(List.of(args));
        all.addAll(List.of("--url", server.uri() + "/"));
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.status()).as(run.err()).isZero();
        return run;
    }

    private List<@Nullable Object> loaded() {
        return Json.array(Json.parse(call("ps", "--json").out()));
    }

    @Test
    void psListsALoadedModelAndStopUnloadsIt() throws InterruptedException {
        assertThat(call("ps").out())
                .startsWith("NAME ")
                .containsPattern("toy:latest +[0-9a-f]{12} .*[0-9]+ s from now");
        assertThat(loaded()).hasSize(1);
        assertThat(call("stop", "toy").err()).isEqualTo("stopped toy\n");
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!loaded().isEmpty() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        assertThat(loaded()).isEmpty();
    }

    @Test
    void aModelThatDoesNotExistCannotBeStopped() {
        CommandRun run = CommandRun.of("stop", "nope", "--url", server.uri().toString());
        assertThat(run.status()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("nope").contains("not found");
    }
}
