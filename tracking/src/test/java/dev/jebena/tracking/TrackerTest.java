package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Problem;
import dev.jebena.base.Router;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs that Java programs record.
class TrackerTest {
    @TempDir Path folder;

    private final TrackerOptions bare =
            TrackerOptions.defaults().code(null).environment(false).systemMetrics(null);

    private TrackingClient here() {
        return TrackingClient.at(folder.resolve("data").toString());
    }

    private static Map<String, String> pairs(Map<String, ?> run, String list) {
        Map<String, String> pairs = new java.util.TreeMap<>();
        TrackingClient.entries(HttpJson.objectOf(run.get("data")), list)
                .forEach(e -> pairs.put((String) e.get("key"), (String) e.get("value")));
        return pairs;
    }

    private static Object info(Map<String, ?> run, String name) {
        return String.valueOf(HttpJson.objectOf(run.get("info")).get(name));
    }

    @Test
    void aRunInAFolderKeepsAllThatWasLogged() throws IOException {
        Path data = Files.writeString(folder.resolve("digits.csv"), "1,2\n");
        Path model = Files.writeString(folder.resolve("model.bin"), "weights");
        try (TrackingClient client = here();
                Tracker tracker = Tracker.of(client).with(bare).experiment("digits")) {
            String id =
                    tracker.run(
                            "first",
                            Map.of("lr", 1e-3, "layers", 2),
                            run -> {
                                for (int step = 0; step < 2500; step++) {
                                    run.metric("loss", 1.0 / (step + 1), step);
                                }
                                run.metric("accuracy", 0.9);
                                run.tag("team", "a");
                                assertThat(run.seed(7)).isEqualTo(7);
                                run.input("digits", data, "training");
                                run.artifact("model/weights.bin", model);
                                run.artifact("note.txt", "grüße");
                                assertThat(run.register("reader", "model")).isEqualTo(1);
                                return run.id();
                            });
            Map<String, ?> run = client.run(id);
            assertThat(info(run, "status")).isEqualTo("FINISHED");
            assertThat(info(run, "run_name")).isEqualTo("first");
            assertThat(pairs(run, "params"))
                    .isEqualTo(Map.of("lr", "0.001", "layers", "2", "seed", "7"));
            assertThat(pairs(run, "tags")).containsEntry("team", "a");
            assertThat(client.history(id, "loss")).hasSize(2500);
            assertThat(client.history(id, "accuracy")).hasSize(1);
            Path back = folder.resolve("back");
            client.download(info(run, "artifact_uri").toString(), "note.txt", back);
            assertThat(back).hasContent("grüße");
            Map<String, ?> input =
                    TrackingClient.entries(HttpJson.objectOf(run.get("inputs")), "dataset_inputs")
                            .getFirst();
            assertThat(String.valueOf(HttpJson.objectOf(input.get("dataset")).get("source")))
                    .contains(ContentId.of(data).hex());
        }
    }

    @Test
    void aBodyThatThrowsMakesTheRunFailed() {
        try (TrackingClient client = here();
                Tracker tracker = Tracker.of(client).with(bare)) {
            String[] id = new String[1];
            assertThatThrownBy(() ->
                            tracker.run(
                                    "bad",
                                    Map.of(),
                                    run -> {
                                        id[0] = run.id();
                                        run.metric("loss", 1, 0);
                                        if (!run.id().isEmpty()) {
                                            throw new IOException("disk gone");
                                        }
                                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("disk gone");
            assertThat(info(client.run(id[0]), "status")).isEqualTo("FAILED");
            assertThat(pairs(client.run(id[0]), "tags").get("jebena.error")).contains("disk gone");
            assertThat(client.history(id[0], "loss")).hasSize(1);
        }
    }

    @Test
    void anInterruptedBodyMakesTheRunKilled() throws Exception {
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder));
                TrackingClient client = TrackingClient.at(server.http.uri().toString());
                Tracker tracker = Tracker.of(client).with(bare)) {
            String[] id = new String[1];
            CountDownLatch started = new CountDownLatch(1);
            Thread body =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    tracker.run(
                                            "long",
                                            Map.of(),
                                            run -> {
                                                id[0] = run.id();
                                                started.countDown();
                                                Thread.sleep(60_000);
                                            });
                                } catch (InterruptedException _) {
                                    // As asked.
                                }
                            });
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(info(client.run(id[0]), "status")).isEqualTo("RUNNING");
            body.interrupt();
            body.join();
            assertThat(info(client.run(id[0]), "status")).isEqualTo("KILLED");
        }
    }

    @Test
    void whatCannotBeLoggedIsSaidWhereItIsLogged() {
        try (TrackingClient client = here();
                Tracker tracker = Tracker.of(client).with(bare)) {
            TrackedRun[] kept = new TrackedRun[1];
            tracker.run(
                    "checks",
                    Map.of("lr", 1),
                    run -> {
                        kept[0] = run;
                        assertThatThrownBy(() -> run.metric("a*b", 1, 0))
                                .isInstanceOf(Problem.class)
                                .hasMessageContaining("Names may only contain");
                        assertThatThrownBy(() -> run.param("lr", 2))
                                .isInstanceOf(Problem.class)
                                .hasMessage(
                                        "param lr is 1 already; a param cannot be changed to 2");
                    });
            assertThat(info(client.run(kept[0].id()), "status")).isEqualTo("FINISHED");
            assertThatThrownBy(() -> kept[0].metric("late", 1, 0))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("has ended");
        }
    }

    @Test
    void codeMachineAndSystemMetricsAreRecorded() throws Exception {
        Path code = Files.createDirectory(folder.resolve("code"));
        Files.writeString(code.resolve("a.txt"), "one\n");
        git(code, "init", "-q");
        git(code, "add", "a.txt");
        git(code, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "first");
        Files.writeString(code.resolve("a.txt"), "two\n");
        Files.writeString(code.resolve("new.txt"), "new\n");
        try (TrackingClient client = here();
                Tracker tracker =
                        Tracker.of(client)
                                .with(
                                        TrackerOptions.defaults()
                                                .code(code)
                                                .systemMetrics(Duration.ofMillis(50)))) {
            String id =
                    tracker.run(
                            "env",
                            Map.of(),
                            run -> {
                                Thread.sleep(400);
                                return run.id();
                            });
            Map<String, ?> run = client.run(id);
            assertThat(pairs(run, "tags"))
                    .containsEntry("jebena.code.changed", "true")
                    .hasEntrySatisfying("mlflow.source.git.commit", c -> assertThat(c).hasSize(40));
            Path back = folder.resolve("back");
            client.download(info(run, "artifact_uri").toString(), "environment/code.diff", back);
            assertThat(Files.readString(back)).contains("-one").contains("+two");
            client.download(
                    info(run, "artifact_uri").toString(), "environment/environment.json", back);
            Map<String, ?> all = HttpJson.objectOf(HttpJson.parse(Files.readAllBytes(back)));
            assertThat(HttpJson.objectOf(all.get("jdk")).get("version"))
                    .isEqualTo(Runtime.version().toString());
            assertThat(HttpJson.objectOf(all.get("code")).get("untracked"))
                    .isEqualTo(List.of("new.txt"));
            assertThat((List<?>) all.get("libraries")).isNotEmpty();
            assertThat(client.history(id, "system/system_memory_usage_percentage").size())
                    .isGreaterThan(1);
        }
    }

    private static void git(Path folder, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command).directory(folder.toFile()).start().waitFor())
                .isZero();
    }

    @Test
    void aServerThatIsAwayForAWhileLosesNothing() {
        int port;
        try (TrackingServer first = new TrackingServer(TrackingOptions.in(folder))) {
            port = first.http.uri().getPort();
        }
        try (Tracking tracking = Tracking.open(TrackingOptions.in(folder));
                TrackingClient client = TrackingClient.at("http://127.0.0.1:" + port);
                Tracker tracker = Tracker.of(client).with(bare)) {
            HttpServer[] server = {serve(tracking, port)};
            String id =
                    tracker.run(
                            "patient",
                            Map.of(),
                            run -> {
                                for (int step = 0; step < 3000; step++) {
                                    run.metric("loss", step, step);
                                    if (step == 1500) {
                                        server[0].close();
                                    }
                                    if (step == 2500) {
                                        Thread.sleep(600);
                                        server[0] = serve(tracking, port);
                                    }
                                }
                                return run.id();
                            });
            assertThat(client.history(id, "loss")).hasSize(3000);
            server[0].close();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpServer serve(Tracking tracking, int port) {
        Router router = new Router();
        TrackingRoutes.mount(router, tracking);
        return HttpServer.start(HttpServerOptions.defaults().port(port), router);
    }

    @Test
    void repliesThatAreNoneAreOneClearError() {
        Router router = new Router();
        AtomicInteger calls = new AtomicInteger();
        router.post(
                "/api/2.0/mlflow/{rest...}",
                x -> {
                    calls.incrementAndGet();
                    x.text(200, "<html>not json</html>");
                });
        try (HttpServer server = HttpServer.start(HttpServerOptions.defaults().port(0), router);
                TrackingClient client = TrackingClient.at(server.uri().toString())) {
            assertThatThrownBy(() -> client.post("runs/create", Map.of()))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("<html>not json</html>");
            assertThat(calls).hasValue(1);
        }
        assertThatThrownBy(() -> TrackingClient.at("http://"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is no address of a tracking server");
        URI nowhere = URI.create("http://127.0.0.1:1");
        try (TrackingClient client = new HttpTrackingClient(nowhere, Duration.ofMillis(300))) {
            assertThatThrownBy(() -> client.get("runs/get", Map.of()))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("http://127.0.0.1:1 does not answer")
                    .hasMessageContaining("jebena serve");
        }
    }
}
