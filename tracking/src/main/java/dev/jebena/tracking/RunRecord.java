package dev.jebena.tracking;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All that is known of a run, for those who make it again or compare it.
public final class RunRecord {
    private static final long LONGEST_TEXT = 64 << 20;

    private final TrackingClient client;
    private final Map<String, @Nullable Object> run;
    private final Map<String, @Nullable Object> environment;

    private RunRecord(TrackingClient client, Map<String, @Nullable Object> run) {
        this.client = client;
        this.run = run;
        environment = object(text(RunEnvironment.FILE));
    }

    /// Reads a run. Throws [Problem] where there is none.
    public static RunRecord of(TrackingClient client, String id) {
        return new RunRecord(client, client.run(id));
    }

    private static Map<String, @Nullable Object> object(@Nullable String json) {
        try {
            return json == null
                    ? Map.of()
                    : HttpJson.objectOf(
                            HttpJson.parse(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (HttpException _) {
            return Map.of();
        }
    }

    private Map<?, ?> part(String name) {
        return run.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }

    private String info(String name) {
        return Objects.toString(part("info").get(name), "");
    }

    public String id() {
        return info("run_id");
    }

    public String name() {
        return info("run_name");
    }

    /// `FINISHED`, `FAILED`, `KILLED` or `RUNNING`.
    public String status() {
        return info("status");
    }

    /// The name of its experiment.
    public String experimentName() {
        Map<?, ?> reply =
                client.get("experiments/get", Map.of("experiment_id", info("experiment_id")));
        return Objects.toString(HttpJson.objectOf(reply.get("experiment")).get("name"));
    }

    /// What `environment.json` says; empty where there is none.
    public Map<String, @Nullable Object> environment() {
        return environment;
    }

    /// A part of the environment, such as `jdk`.
    Map<?, ?> environment(String name) {
        return environment.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }

    /// The words behind `jebena` that made the run; empty where they are not known.
    public List<String> command() {
        return environment.get("command") instanceof List<?> words
                ? words.stream().map(String::valueOf).toList()
                : List.of();
    }

    /// The folder that it was started in.
    public Path folder() {
        return Path.of(Objects.toString(environment.get("folder"), ""));
    }

    /// The commit of its code; null where it was in no git repository.
    public @Nullable String commit() {
        return environment("code").get("commit") instanceof String commit ? commit : null;
    }

    /// Where the repository lay; null for none, or where the record is older than this.
    @Nullable Path codeRoot() {
        return environment("code").get("root") instanceof String root ? Path.of(root) : null;
    }

    public Map<String, String> params() {
        return pairs("params");
    }

    public Map<String, String> tags() {
        return pairs("tags");
    }

    private Map<String, String> pairs(String list) {
        Map<String, String> pairs = new TreeMap<>();
        TrackingClient.entries(part("data"), list)
                .forEach(e ->
                        pairs.put(String.valueOf(e.get("key")), String.valueOf(e.get("value"))));
        return pairs;
    }

    /// The names of its metrics, in order.
    List<String> metrics() {
        return TrackingClient.entries(part("data"), "metrics").stream()
                .map(metric -> String.valueOf(metric.get("key")))
                .sorted()
                .toList();
    }

    /// The values of a metric by step; several of one step in the order of their times.
    Map<Long, List<Double>> series(String metric) {
        Map<Long, List<Double>> steps = new TreeMap<>();
        for (Map<String, @Nullable Object> point : client.history(id(), metric)) {
            long step = point.get("step") instanceof Number number ? number.longValue() : 0;
            // JSON has no NaN, which is a text there.
            double value = Double.parseDouble(Objects.toString(point.get("value"), "NaN"));
            steps.computeIfAbsent(step, _ -> new ArrayList<>()).add(value);
        }
        return steps;
    }

    /// The files that it has read.
    public List<RunInput> inputs() {
        List<RunInput> all = new ArrayList<>(RunInput.of(run));
        String list = text(RunInput.LIST);
        if (list != null) {
            all.addAll(RunInput.listed(list));
        }
        return all;
    }

    /// The hashes of the files that it has stored, by path.
    public Map<String, String> outputs() {
        Map<String, String> outputs = new TreeMap<>();
        object(text(TrackedRun.OUTPUTS))
                .forEach((path, hash) -> outputs.put(path, String.valueOf(hash)));
        return outputs;
    }

    /// A stored text; null where there is none.
    public @Nullable String text(String path) {
        try {
            Path file = Files.createTempFile("jebena", ".artifact");
            try {
                if (!download(path, file)) {
                    return null;
                }
                if (Files.size(file) > LONGEST_TEXT) {
                    throw Problem.badRequest(
                            "%s of run %s has %d bytes; %d are read at most"
                                    .formatted(path, id(), Files.size(file), LONGEST_TEXT));
                }
                return Files.readString(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw Problem.storage("cannot keep a temporary file", e);
        }
    }

    /// Writes a stored file; false where there is none.
    public boolean download(String path, Path file) {
        try {
            client.download(info("artifact_uri"), path, file);
            return true;
        } catch (Problem e) {
            if (e.code() == Problem.Code.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
