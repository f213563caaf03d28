package dev.jebena.bench;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Loads a server that speaks MLflow's REST API. Prints lines of name, tab, calls a second (or
/// milliseconds for searches).
///
/// `TrackingBench calls URL CLIENTS SECONDS [quick]` logs and reads from so many clients at once;
/// `TrackingBench searches URL RUNS` fills an experiment and searches it.
public final class TrackingBench {
    private static final String API = "/api/2.0/mlflow";
    private static final Pattern RUN_ID = Pattern.compile("\"run_id\":\\s*\"([^\"]+)\"");
    private static final Pattern EXPERIMENT_ID =
            Pattern.compile("\"experiment_id\":\\s*\"([^\"]+)\"");
    private static final int BATCH = 1000;

    private final URI server;
    private final boolean quick;
    private final String experiment;

    private TrackingBench(String server, boolean quick) throws IOException {
        this.server = URI.create(server);
        this.quick = quick;
        try (PlainConnection connection = connect()) {
            String name = "bench-" + System.nanoTime();
            experiment =
                    first(
                            EXPERIMENT_ID,
                            post(connection, "/experiments/create", json("name", name)));
        }
    }

    public static void main(String[] arguments) throws Exception {
        boolean quick = arguments.length > 4;
        TrackingBench bench = new TrackingBench(arguments[1], quick);
        if (arguments[0].equals("calls")) {
            bench.calls(Integer.parseInt(arguments[2]), Double.parseDouble(arguments[3]));
        } else {
            bench.searches(Integer.parseInt(arguments[2]));
        }
    }

    private PlainConnection connect() throws IOException {
        return new PlainConnection(server, quick);
    }

    private static String post(PlainConnection connection, String path, String body)
            throws IOException {
        return connection.call("POST", API + path, body);
    }

    private static String json(String key, String value) {
        return "{\"" + key + "\": \"" + value + "\"}";
    }

    private static String first(Pattern pattern, String reply) throws IOException {
        Matcher found = pattern.matcher(reply);
        if (!found.find()) {
            throw new IOException("expected " + pattern + " in " + reply);
        }
        return found.group(1);
    }

    private String newRun(PlainConnection connection) throws IOException {
        String body =
                "{\"experiment_id\": \"%s\", \"start_time\": %d}"
                        .formatted(experiment, System.currentTimeMillis());
        return first(RUN_ID, post(connection, "/runs/create", body));
    }

    /// What one client does again and again.
    private interface Work {
        void call(PlainConnection connection, String run, int number) throws IOException;
    }

    private void calls(int clients, double seconds) throws Exception {
        measure(
                "log_metric",
                clients,
                seconds,
                (connection, run, k) -> post(connection, "/runs/log-metric", metricOf(run, k)));
        measure(
                "log_batch of 1,000",
                clients,
                seconds,
                (connection, run, k) -> post(connection, "/runs/log-batch", batch(run, k)));
        measure(
                "get_run",
                clients,
                seconds,
                (connection, run, _) ->
                        connection.call("GET", API + "/runs/get?run_id=" + run, ""));
        measure("create_run", clients, seconds, (connection, _, _) -> newRun(connection));
    }

    private static String metricOf(String run, int k) {
        return "{\"run_id\": \"%s\", \"key\": \"loss\", \"value\": %s, \"timestamp\": %d, \"step\": %d}"
                .formatted(run, 1.0 / (k + 1), 1_700_000_000_000L + k, k);
    }

    private static String batch(String run, int k) {
        StringBuilder body = new StringBuilder("{\"run_id\": \"" + run + "\", \"metrics\": [");
        for (int j = 0; j < BATCH; j++) {
            body.append(j == 0 ? "" : ", ")
                    .append("{\"key\": \"m")
                    .append(j % 10)
                    .append("\", \"value\": ")
                    .append(j * 0.5)
                    .append(", \"timestamp\": ")
                    .append(1_700_000_000_000L + k * 1000L + j)
                    .append(", \"step\": ")
                    .append(k * 100L + j / 10)
                    .append('}');
        }
        return body.append("], \"params\": [], \"tags\": []}").toString();
    }

    private void measure(String name, int clients, double seconds, Work work) throws Exception {
        loop(clients, seconds / 4, work); // until both sides are warm
        long start = System.nanoTime();
        int calls = loop(clients, seconds, work);
        double rate = calls / ((System.nanoTime() - start) / 1e9);
        System.out.printf(Locale.ROOT, "%s\t%.1f%n", name, rate);
    }

    /// Calls made by all clients in so many seconds.
    private int loop(int clients, double seconds, Work work) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Integer> calls =
                together(
                        clients,
                        () -> {
                            try (PlainConnection connection = connect()) {
                                String run = newRun(connection);
                                int number = 0;
                                while (System.nanoTime() < end) {
                                    work.call(connection, run, number++);
                                }
                                return number;
                            }
                        });
        return calls.stream().mapToInt(Integer::intValue).sum();
    }

    private static <T> List<T> together(int clients, Callable<T> work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            List<Future<T>> started = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                started.add(threads.submit(work));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : started) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IOException("a client failed: " + e.getCause(), e);
        }
    }

    private void searches(int runs) throws Exception {
        AtomicInteger next = new AtomicInteger();
        together(
                4,
                () -> {
                    try (PlainConnection connection = connect()) {
                        for (int k = next.getAndIncrement(); k < runs; k = next.getAndIncrement()) {
                            fill(connection, k, runs);
                        }
                        return 0;
                    }
                });
        try (PlainConnection connection = connect()) {
            search(connection, "newest 100", "\"max_results\": 100");
            search(connection, "newest 1,000", "\"max_results\": 1000");
            search(
                    connection,
                    "filter metric and param, order by metric",
                    "\"filter\": \"metrics.acc > 0.5 and params.model = 'tree'\", \"order_by\": [\"metrics.acc DESC\"], \"max_results\": 100");
            search(
                    connection,
                    "filter tag",
                    "\"filter\": \"tags.grp = 'a'\", \"max_results\": 100");
            search(
                    connection,
                    "order by metric, first 10",
                    "\"order_by\": [\"metrics.loss ASC\"], \"max_results\": 10");
            search(
                    connection,
                    "name LIKE",
                    "\"filter\": \"attributes.run_name LIKE 'r99%'\", \"max_results\": 100");
        }
    }

    private void fill(PlainConnection connection, int k, int runs) throws IOException {
        String run =
                first(
                        RUN_ID,
                        post(
                                connection,
                                "/runs/create",
                                "{\"experiment_id\": \"%s\", \"start_time\": %d, \"run_name\": \"r%d\", \"tags\": [{\"key\": \"grp\", \"value\": \"%s\"}]}"
                                        .formatted(
                                                experiment,
                                                1_700_000_000_000L + k,
                                                k,
                                                k % 2 == 0 ? "a" : "b")));
        double value = k * 7919L % runs / (double) runs;
        String metric = "{\"key\": \"%s\", \"value\": %s, \"timestamp\": 1, \"step\": 0}";
        String metrics =
                String.join(
                        ", ",
                        metric.formatted("acc", value),
                        metric.formatted("loss", value + 1),
                        metric.formatted("f1", value + 2));
        String model = List.of("tree", "linear", "mlp").get(k % 3);
        post(
                connection,
                "/runs/log-batch",
                "{\"run_id\": \"%s\", \"metrics\": [%s], \"params\": [{\"key\": \"model\", \"value\": \"%s\"}, {\"key\": \"depth\", \"value\": \"%d\"}], \"tags\": []}"
                        .formatted(run, metrics, model, k % 17));
    }

    private void search(PlainConnection connection, String name, String query) throws IOException {
        double[] milliseconds = new double[9];
        String body = "{\"experiment_ids\": [\"%s\"], %s}".formatted(experiment, query);
        for (int i = 0; i < milliseconds.length; i++) {
            long start = System.nanoTime();
            post(connection, "/runs/search", body);
            milliseconds[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(milliseconds);
        System.out.printf(
                Locale.ROOT, "search: %s\t%.1f%n", name, milliseconds[milliseconds.length / 2]);
    }
}
