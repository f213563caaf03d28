package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.JebenaHome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Records runs of a program, on a server or in a data folder.
///
/// ```java
/// try (Tracker tracker = Tracker.at("http://127.0.0.1:11500").experiment("digits")) {
///     double best = tracker.run("first", Map.of("lr", 1e-3), run -> {
///         for (int step = 0; step < 1_000; step++) {
///             run.metric("loss", train(step), step);
///         }
///         return evaluate();
///     });
/// }
/// ```
///
/// A body that returns makes the run FINISHED, one that throws makes it FAILED, an interrupted one
/// KILLED. A program that is killed leaves it RUNNING. Safe for use by many threads.
public final class Tracker implements AutoCloseable {
    private final TrackingClient client;
    private final TrackerOptions options;

    private Tracker(TrackingClient client, TrackerOptions options) {
        this.client = client;
        this.options = options;
    }

    /// @param place a server's address or a data folder, as in [TrackingClient#at]
    public static Tracker at(String place) {
        return of(TrackingClient.at(RunWorkspace.placeOfRuns(place)));
    }

    /// This machine's runs, which `jebena runs` shows: in `JEBENA_HOME`, or `.jebena` in the user's
    /// home.
    public static Tracker here() {
        return at(TrackingOptions.folder(JebenaHome.of(System.getenv())).toString());
    }

    /// As [#at] on calls that exist already; closing this closes them.
    public static Tracker of(TrackingClient client) {
        return new Tracker(client, TrackerOptions.defaults());
    }

    /// The same place, recording into this experiment.
    public Tracker experiment(String name) {
        return with(options.experiment(name));
    }

    /// The same place with other options.
    public Tracker with(TrackerOptions changed) {
        return new Tracker(client, changed);
    }

    public TrackerOptions options() {
        return options;
    }

    /// What is called with an open run.
    @FunctionalInterface
    public interface Body<T extends @Nullable Object, E extends Exception> {
        T run(TrackedRun run) throws E;
    }

    /// A [Body] without a result.
    @FunctionalInterface
    public interface Work<E extends Exception> {
        void run(TrackedRun run) throws E;
    }

    /// Runs `body` as a run with this name and params, and returns what it returns. What it logged
    /// is durable then; where it could not be written, that is a [dev.jebena.base.Problem].
    @SuppressWarnings("overloads")
    public <T extends @Nullable Object, E extends Exception> T run(
            String name, Map<String, ?> params, Body<T, E> body) throws E {
        TrackedRun run = start(name, params);
        String status = "FAILED";
        Throwable failure = null;
        try {
            T result = body.run(run);
            status = "FINISHED";
            return result;
        } catch (Throwable e) {
            failure = e;
            boolean killed =
                    e instanceof InterruptedException || Thread.currentThread().isInterrupted();
            status = killed ? "KILLED" : "FAILED";
            throw e;
        } finally {
            end(run, status, failure);
        }
    }

    /// As above, for a body without a result.
    @SuppressWarnings("overloads")
    public <E extends Exception> void run(String name, Map<String, ?> params, Work<E> work)
            throws E {
        this.<@Nullable Object, E>run(
                name,
                params,
                run -> {
                    work.run(run);
                    return null;
                });
    }

    private static void end(TrackedRun run, String status, @Nullable Throwable failure) {
        // An interrupt is the body's; the last calls must get through.
        boolean interrupted = Thread.interrupted();
        try {
            run.end(status, failure);
        } catch (RuntimeException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private TrackedRun start(String name, Map<String, ?> params) {
        RunEnvironment environment = RunEnvironment.of(options);
        List<Object> tags = new ArrayList<>();
        Map<String, String> all = new LinkedHashMap<>(environment.tags());
        all.putAll(options.tags());
        Map<String, String> reproduced = RunWorkspace.tags();
        all.putAll(reproduced);
        all.forEach((key, value) -> tags.add(Run.pair(key, value)));
        Map<String, @Nullable Object> reply =
                client.post(
                        "runs/create",
                        HttpJson.object(
                                "experiment_id", client.experiment(options.experiment()),
                                "run_name", reproduced.isEmpty() ? name : RunWorkspace.again(name),
                                "user_id", System.getProperty("user.name", ""),
                                "start_time", System.currentTimeMillis(),
                                "tags", tags));
        Map<?, ?> info = HttpJson.objectOf(HttpJson.objectOf(reply.get("run")).get("info"));
        TrackedRun run =
                new TrackedRun(
                        client,
                        Objects.toString(info.get("run_id")),
                        Objects.toString(info.get("artifact_uri")),
                        options);
        try {
            run.params(params);
            environment.log(run);
        } catch (RuntimeException e) {
            end(run, "FAILED", e);
            throw e;
        }
        return run;
    }

    @Override
    public void close() {
        client.close();
    }
}
