package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpJson;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Writes to a server from several threads, everything twice, as clients do that lost a reply, and
/// remembers what was confirmed.
final class WriteLoad {
    private static final int WRITERS = 8;

    private record Point(String run, String key, long step, double value) {}

    private final Set<Point> points = ConcurrentHashMap.newKeySet();
    private final Map<String, String> params = new ConcurrentHashMap<>();
    private final Map<String, String> tags = new ConcurrentHashMap<>();
    private final Map<String, String> artifacts = new ConcurrentHashMap<>();
    private final AtomicInteger confirmed = new AtomicInteger();
    private final List<Thread> writers = new ArrayList<>();
    private volatile boolean stopping;

    /// How many rounds of writes were confirmed so far.
    int confirmed() {
        return confirmed.get();
    }

    int confirmedPoints() {
        return points.size();
    }

    void start(String uri) {
        for (int i = 0; i < WRITERS; i++) {
            writers.add(Thread.startVirtualThread(() -> write(uri)));
        }
    }

    /// Waits for writers whose server was killed, or tells the others to stop.
    void join(boolean stop) throws InterruptedException {
        stopping = stop;
        for (Thread writer : writers) {
            writer.join();
        }
        writers.clear();
        stopping = false;
    }

    private void write(String uri) {
        try (TrackingServer.Caller caller = new TrackingServer.Caller(uri)) {
            String run = "";
            while (run.isEmpty() && !stopping) {
                run =
                        caller.post("runs/create", Map.of("experiment_id", "0"))
                                .at("run.info.run_id")
                                .toString();
            }
            for (int step = 0; !stopping; step++) {
                round(caller, run, step);
                confirmed.incrementAndGet();
            }
        } catch (UncheckedIOException _) {
            // Killed.
        }
    }

    private void round(TrackingServer.Caller caller, String run, int step) {
        double value = Math.sin(step);
        post(caller, "runs/log-metric", point(run, "loss", step, value));
        points.add(new Point(run, "loss", step, value));
        List<Object> batch = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            batch.add(point(run, "batch" + i % 4, step * 20L + i, value + i));
        }
        post(
                caller,
                "runs/log-batch",
                Map.of(
                        "run_id",
                        run,
                        "metrics",
                        batch,
                        "params",
                        List.of(Map.of("key", "p" + step, "value", "v" + step)),
                        "tags",
                        List.of(Map.of("key", "latest", "value", "t" + step))));
        for (int i = 0; i < 20; i++) {
            points.add(new Point(run, "batch" + i % 4, step * 20L + i, value + i));
        }
        params.put(run + "/p" + step, "v" + step);
        post(
                caller,
                "runs/set-tag",
                Map.of("run_id", run, "key", "tag" + step, "value", "t" + step));
        tags.put(run + "/tag" + step, "t" + step);
        String path = "0/" + run + "/artifacts/f" + step;
        byte[] text = ("text " + step).getBytes(StandardCharsets.UTF_8);
        send(caller, "PUT", "/api/2.0/mlflow-artifacts/artifacts/" + path, text);
        artifacts.put(path, "text " + step);
    }

    private static Map<String, Object> point(String run, String key, long step, double value) {
        return Map.of("run_id", run, "key", key, "value", value, "timestamp", step, "step", step);
    }

    private void post(TrackingServer.Caller caller, String path, Map<String, ?> body) {
        byte[] bytes = HttpJson.bytes(body);
        send(caller, "POST", path, bytes);
        send(caller, "POST", path, bytes);
    }

    /// Until the server has confirmed it: while its database is away it answers with an error.
    private void send(TrackingServer.Caller caller, String method, String path, byte[] body) {
        while (true) {
            TrackingServer.Reply reply = caller.send(method, path, body);
            if (reply.status() == 200) {
                return;
            }
            if (reply.status() < 500 || stopping) {
                throw new UncheckedIOException(
                        new java.io.IOException(reply.status() + " " + reply.text()));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// All that was confirmed is there, once.
    void check(Tracking tracking) {
        Set<String> runs = new HashSet<>();
        points.forEach(point -> runs.add(point.run()));
        Set<Point> stored = new HashSet<>();
        for (String run : runs) {
            Run whole = tracking.runs().get(run);
            for (String key : List.of("loss", "batch0", "batch1", "batch2", "batch3")) {
                List<MetricPoint> history =
                        tracking.data()
                                .read(sql -> Metrics.history(sql, RunRow.get(sql, run).id(), key));
                assertThat(history).doesNotHaveDuplicates();
                history.forEach(p -> stored.add(new Point(run, key, p.step(), p.value())));
            }
            assertThat(whole.params).containsAll(pairs(run, params)).doesNotHaveDuplicates();
            assertThat(whole.tags).containsAll(pairs(run, tags)).doesNotHaveDuplicates();
        }
        assertThat(stored.containsAll(points)).isTrue();
        artifacts.forEach((path, text) ->
                assertThat(tracking.artifacts().small(path, 100))
                        .isEqualTo(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Object> pairs(String run, Map<String, String> all) {
        List<Object> pairs = new ArrayList<>();
        all.forEach((key, value) -> {
            if (key.startsWith(run + "/")) {
                pairs.add(Run.pair(key.substring(run.length() + 1), value));
            }
        });
        return pairs;
    }
}
