package dev.jebena.tracking;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// A run that is being recorded. Metrics, params and tags are collected and sent together, a few
/// times a second; files are sent at once. Safe for use by many threads.
public final class TrackedRun {
    /// The hashes of what the run has stored, by path: known without fetching the files.
    static final String OUTPUTS = RunEnvironment.FOLDER + "outputs.json";

    private static final int ERROR_LENGTH = 5000;

    private final TrackingClient client;
    private final String id;
    private final String artifactUri;
    private final LogBuffer buffer;
    private final long keptBytes;
    private final Map<String, ContentId> outputs = new ConcurrentSkipListMap<>();
    private final @Nullable SystemMetrics system;

    TrackedRun(TrackingClient client, String id, String artifactUri, TrackerOptions options) {
        this.client = client;
        this.id = id;
        this.artifactUri = artifactUri;
        buffer = new LogBuffer(client, id);
        keptBytes = options.keptBytes();
        Duration interval = options.systemMetrics();
        system = interval == null ? null : new SystemMetrics(this, interval);
    }

    /// What MLflow's clients call the run id.
    public String id() {
        return id;
    }

    /// Adds a point to a metric's history.
    public void metric(String key, double value, long step) {
        buffer.metric(new Metric(key, value, System.currentTimeMillis(), step, null, null, null));
    }

    /// A metric that has one value, at step 0.
    public void metric(String key, double value) {
        metric(key, value, 0);
    }

    /// A param of the run; it cannot be changed later.
    public void param(String key, Object value) {
        buffer.param(key, value.toString());
    }

    public void params(Map<String, ?> params) {
        params.forEach(this::param);
    }

    /// Sets a tag, in place of an older value.
    public void tag(String key, String value) {
        buffer.tag(key, value);
    }

    /// Records the seed of random numbers, and returns it: `Rng.seed(run.seed(42))`.
    public long seed(long seed) {
        param("seed", seed);
        return seed;
    }

    /// Stores a file under its name.
    public void artifact(Path file) {
        artifact(Objects.toString(file.getFileName()), file);
    }

    /// @param path where it is stored, with `/` between folders
    public void artifact(String path, Path file) {
        client.upload(artifactUri, path, file);
        if (!path.startsWith(RunEnvironment.FOLDER)) {
            outputs.put(path, ContentId.of(file));
        }
    }

    /// Stores a text.
    public void artifact(String path, String text) {
        try {
            Path file = Files.createTempFile("jebena", ".artifact");
            try {
                Files.writeString(file, text, StandardCharsets.UTF_8);
                artifact(path, file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw Problem.storage("cannot write a temporary file", e);
        }
    }

    /// Records a file that the run reads, with the hash of its bytes, as MLflow's data set.
    ///
    /// @param context what it is for: `training`, `validation`, `test`
    public ContentId input(String name, Path file, String context) {
        return Objects.requireNonNull(inputs(Map.of(name, file), context).get(name));
    }

    /// The same of several files, by their names; one call for all. Files of up to
    /// [TrackerOptions#keptBytes] are stored with the run.
    public Map<String, ContentId> inputs(Map<String, Path> files, String context) {
        Map<String, ContentId> found = new LinkedHashMap<>();
        List<RunInput> all = new ArrayList<>();
        files.forEach((name, file) -> {
            RunInput input = RunInput.of(name, file);
            all.add(input);
            found.put(name, input.content());
            if (input.bytes() <= keptBytes) {
                client.upload(artifactUri, input.place(), file);
            }
        });
        for (int at = 0; at < all.size(); at += RunInput.MOST_AT_ONCE) {
            client.post(
                    "runs/log-inputs",
                    HttpJson.object(
                            "run_id",
                            id,
                            "datasets",
                            all
                                    .subList(at, Math.min(all.size(), at + RunInput.MOST_AT_ONCE))
                                    .stream()
                                    .map(input -> input.json(context))
                                    .toList()));
        }
        return found;
    }

    /// Records very many files that the run reads: one artifact with the hash and place of each, as
    /// `sha256sum` writes it. Their bytes are not kept.
    public void inputList(Collection<Path> files) {
        StringBuilder list = new StringBuilder();
        for (Path file : files) {
            list.append(ContentId.of(file).hex()).append("  ");
            list.append(file.toAbsolutePath().normalize()).append('\n');
        }
        artifact(RunInput.LIST, list.toString());
    }

    /// Makes a file or folder that the run has stored the next version of a registered model, which
    /// is made when it is missing.
    ///
    /// @param path of the artifact
    /// @return the version's number
    public int register(String model, String path) {
        buffer.flush();
        try {
            client.post("registered-models/create", Map.of("name", model));
        } catch (Problem e) {
            if (e.code() != Problem.Code.CONFLICT) {
                throw e;
            }
        }
        Map<String, @Nullable Object> reply =
                client.post(
                        "model-versions/create",
                        Map.of("name", model, "run_id", id, "source", artifactUri + "/" + path));
        Object version = HttpJson.objectOf(reply.get("model_version")).get("version");
        return Integer.parseInt(String.valueOf(version));
    }

    /// Returns when everything that was logged so far is durable.
    public void flush() {
        buffer.flush();
    }

    /// Writes the rest and the final status.
    void end(String status, @Nullable Throwable failure) {
        if (system != null) {
            system.close();
        }
        if (failure != null) {
            tag("jebena.error", Checks.cut(failure.toString(), ERROR_LENGTH));
        }
        if (!outputs.isEmpty()) {
            Map<String, String> hashes = new LinkedHashMap<>();
            outputs.forEach((path, content) -> hashes.put(path, content.hex()));
            artifact(OUTPUTS, HttpJson.text(hashes));
        }
        Problem lost = buffer.close();
        client.post(
                "runs/update",
                HttpJson.object(
                        "run_id",
                        id,
                        "status",
                        lost == null ? status : "FAILED",
                        "end_time",
                        System.currentTimeMillis()));
        if (lost != null) {
            throw lost;
        }
    }
}
