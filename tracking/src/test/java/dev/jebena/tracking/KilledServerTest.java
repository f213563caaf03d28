package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that is killed under full load has everything that it confirmed, once.
@Tag("slow")
class KilledServerTest {
    private static final int WRITERS = 8;

    @TempDir Path folder;

    /// The process that is killed: a tracking server that prints its port.
    public static final class Main {
        private Main() {}

        public static void main(String[] arguments) throws InterruptedException {
            Tracking tracking = Tracking.open(TrackingOptions.in(Path.of(arguments[0])));
            Router router = new Router();
            TrackingRoutes.mount(router, tracking);
            HttpServer server = HttpServer.start(HttpServerOptions.defaults().port(0), router);
            System.out.println(server.uri());
            Thread.currentThread().join();
        }
    }

    private record Confirmed(String run, int step, double value) {}

    @Test
    void nothingConfirmedIsLostAndNothingIsDoubled() throws Exception {
        int kills = Integer.getInteger("jebena.kills", 3);
        Set<Confirmed> metrics = ConcurrentHashMap.newKeySet();
        Map<String, String> params = new ConcurrentHashMap<>();
        Map<String, String> artifacts = new ConcurrentHashMap<>();
        for (int kill = 0; kill < kills; kill++) {
            Process process = start();
            String uri = String.valueOf(process.inputReader().readLine());
            List<Thread> writers = new ArrayList<>();
            AtomicInteger confirmed = new AtomicInteger();
            for (int i = 0; i < WRITERS; i++) {
                Client client = new Client(uri);
                writers.add(
                        Thread.startVirtualThread(() ->
                                client.writeUntilKilled(metrics, params, artifacts, confirmed)));
            }
            long end = System.nanoTime() + 60_000_000_000L;
            while (confirmed.get() < 150 && System.nanoTime() < end) {
                Thread.sleep(10);
            }
            process.destroyForcibly().waitFor();
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(confirmed.get()).isGreaterThan(20);
        }
        check(metrics, params, artifacts);
    }

    private Process start() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        folder.resolve("data").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private record Client(String uri) {
        void writeUntilKilled(
                Set<Confirmed> metrics,
                Map<String, String> params,
                Map<String, String> artifacts,
                AtomicInteger confirmed) {
            try (TrackingServer.Caller caller = new TrackingServer.Caller(uri)) {
                String run =
                        (String)
                                caller.post("runs/create", Map.of("experiment_id", "0"))
                                        .at("run.info.run_id");
                for (int step = 0; ; step++) {
                    double value = Math.sin(step);
                    Map<String, Object> metric =
                            Map.of(
                                    "run_id",
                                    run,
                                    "key",
                                    "loss",
                                    "value",
                                    value,
                                    "timestamp",
                                    step,
                                    "step",
                                    step);
                    // Every point is sent twice, as by a client that lost the reply.
                    caller.post("runs/log-metric", metric);
                    caller.post("runs/log-metric", metric);
                    metrics.add(new Confirmed(run, step, value));
                    String key = "p" + step;
                    caller.post(
                            "runs/log-parameter",
                            Map.of("run_id", run, "key", key, "value", "v" + step));
                    params.put(run + "/" + key, "v" + step);
                    String path = "0/" + run + "/artifacts/f" + step;
                    caller.send(
                            "PUT",
                            "/api/2.0/mlflow-artifacts/artifacts/" + path,
                            ("text " + step).getBytes(StandardCharsets.UTF_8));
                    artifacts.put(path, "text " + step);
                    confirmed.incrementAndGet();
                }
            } catch (java.io.UncheckedIOException _) {
                // Killed.
            }
        }
    }

    private void check(
            Set<Confirmed> metrics, Map<String, String> params, Map<String, String> artifacts) {
        try (Tracking tracking = Tracking.open(TrackingOptions.in(folder.resolve("data")))) {
            Set<Confirmed> stored = ConcurrentHashMap.newKeySet();
            Set<String> runs = ConcurrentHashMap.newKeySet();
            metrics.forEach(m -> runs.add(m.run()));
            for (String run : runs) {
                List<MetricPoint> history =
                        tracking.data()
                                .read(sql ->
                                        Metrics.history(sql, RunRow.get(sql, run).id(), "loss"));
                history.forEach(p -> stored.add(new Confirmed(run, (int) p.step(), p.value())));
                assertThat(history).doesNotHaveDuplicates();
                Run whole = tracking.runs().get(run);
                params.forEach((key, value) -> {
                    if (key.startsWith(run)) {
                        assertThat(whole.params)
                                .contains(Run.pair(key.substring(run.length() + 1), value));
                    }
                });
            }
            assertThat(stored).containsAll(metrics);
            artifacts.forEach((path, text) ->
                    assertThat(tracking.artifacts().small(path, 100))
                            .isEqualTo(text.getBytes(StandardCharsets.UTF_8)));
            tracking.artifacts().put("check", new ByteArrayInputStream(new byte[1]));
        }
    }
}
