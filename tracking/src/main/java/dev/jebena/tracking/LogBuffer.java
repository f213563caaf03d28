package dev.jebena.tracking;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects what a run logs and writes it in batches from a thread of its own. Who logs waits only
/// when very much is unwritten. After a batch that could not be written nothing more is taken: a
/// history with a hole would lie.
final class LogBuffer {
    private static final int MOST_WAITING = 200_000;
    private static final long PAUSE_MILLIS = 250;

    private final TrackingClient client;
    private final String run;
    private final Thread writer;
    private final Deque<Metric> metrics = new ArrayDeque<>();
    private final Map<String, String> known = new LinkedHashMap<>();
    private final Map<String, String> params = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private boolean writing;
    private boolean hurry;
    private boolean closed;
    private @Nullable Problem failure;

    LogBuffer(TrackingClient client, String run) {
        this.client = client;
        this.run = run;
        writer = Thread.ofVirtual().name("log of run " + run).start(this::write);
    }

    private record Batch(
            List<Metric> metrics, Map<String, String> params, Map<String, String> tags) {
        Map<String, @Nullable Object> json(String run) {
            return HttpJson.object(
                    "run_id", run,
                    "metrics", metrics.stream().map(m -> Runs.point(m.key(), m.point())).toList(),
                    "params", pairs(params),
                    "tags", pairs(tags));
        }

        private static List<Map<String, @Nullable Object>> pairs(Map<String, String> values) {
            return values.entrySet().stream().map(e -> Run.pair(e.getKey(), e.getValue())).toList();
        }
    }

    synchronized void metric(Metric metric) {
        check(() -> Checks.metric("", metric));
        checkOpen();
        while (metrics.size() >= MOST_WAITING && failure == null) {
            await();
        }
        checkOpen();
        wakeFromEmpty();
        metrics.add(metric);
        if (metrics.size() >= Checks.METRICS_PER_BATCH) {
            notifyAll();
        }
    }

    /// What the server would refuse is refused here, where the stack still shows who logs it.
    private static void check(Runnable check) {
        try {
            check.run();
        } catch (HttpException e) {
            throw Problem.badRequest(e.message());
        }
    }

    private void wakeFromEmpty() {
        if (isEmpty()) {
            notifyAll();
        }
    }

    synchronized void param(String key, String value) {
        check(() -> Checks.key("key", key));
        checkOpen();
        String old = known.putIfAbsent(key, value);
        if (old != null && !old.equals(value)) {
            throw Problem.badRequest(
                    "param %s is %s already; a param cannot be changed to %s"
                            .formatted(key, old, value));
        }
        if (old == null) {
            wakeFromEmpty();
            params.put(key, value);
        }
    }

    synchronized void tag(String key, String value) {
        check(() -> Checks.key("key", key));
        checkOpen();
        wakeFromEmpty();
        tags.put(key, value);
    }

    private void checkOpen() {
        if (failure != null) {
            throw failure;
        }
        if (closed) {
            throw Problem.badRequest("run " + run + " has ended; nothing can be logged to it");
        }
    }

    /// Callers ask again afterwards whether they may go on.
    @SuppressWarnings("WaitNotInLoop")
    private void await() {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(
                    Problem.Code.UNAVAILABLE, "interrupted while logging to run " + run, null, e);
        }
    }

    private boolean isEmpty() {
        return metrics.isEmpty() && params.isEmpty() && tags.isEmpty();
    }

    /// Returns when all is written; throws what hindered that.
    synchronized void flush() {
        hurry = true;
        notifyAll();
        while ((writing || !isEmpty()) && failure == null) {
            await();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /// Writes the rest; what could not be written, or null.
    @Nullable Problem close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Problem(
                    Problem.Code.UNAVAILABLE, "interrupted while logging to run " + run, null, e);
        }
        synchronized (this) {
            return failure;
        }
    }

    private void write() {
        for (Batch batch = next(); batch != null; batch = next()) {
            try {
                client.post("runs/log-batch", batch.json(run));
                written(null);
            } catch (RuntimeException e) {
                written(
                        e instanceof Problem p
                                ? p
                                : new Problem(Problem.Code.INTERNAL, e.toString(), null, e));
                return;
            }
        }
    }

    private synchronized void written(@Nullable Problem problem) {
        writing = false;
        failure = problem;
        notifyAll();
    }

    /// What is written next, when it is time; null at the end.
    private synchronized @Nullable Batch next() {
        try {
            while (isEmpty() && !closed) {
                hurry = false;
                wait();
            }
            long end = System.currentTimeMillis() + PAUSE_MILLIS;
            for (long left = PAUSE_MILLIS;
                    left > 0 && !closed && !hurry && metrics.size() < Checks.METRICS_PER_BATCH;
                    left = end - System.currentTimeMillis()) {
                wait(left);
            }
        } catch (InterruptedException _) {
            closed = true;
        }
        if (isEmpty()) {
            return null;
        }
        writing = true;
        Map<String, String> someParams = some(params, Checks.PARAMS_PER_BATCH);
        Map<String, String> someTags = some(tags, Checks.PARAMS_PER_BATCH);
        // The limit of a batch is on all three together.
        int room = Checks.METRICS_PER_BATCH - someParams.size() - someTags.size();
        List<Metric> taken = new ArrayList<>();
        while (taken.size() < room && !metrics.isEmpty()) {
            taken.add(metrics.remove());
        }
        return new Batch(taken, someParams, someTags);
    }

    private static Map<String, String> some(Map<String, String> from, int most) {
        Map<String, String> taken = new LinkedHashMap<>();
        from.entrySet().stream().limit(most).forEach(e -> taken.put(e.getKey(), e.getValue()));
        from.keySet().removeAll(taken.keySet());
        return taken;
    }
}
