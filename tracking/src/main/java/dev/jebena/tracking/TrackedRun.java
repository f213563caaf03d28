package dev.jebena.tracking;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A run that is being recorded. Metrics, params and tags are collected and sent together, a few
/// times a second; files are sent at once. Safe for use by many threads.
public final class TrackedRun {
    private static final int ERROR_LENGTH = 5000;

    private final TrackingClient client;
    private final String id;
    private final String artifactUri;
    private final LogBuffer buffer;
    private final @Nullable SystemMetrics system;

    TrackedRun(
            TrackingClient client,
            String id,
            String artifactUri,
            @Nullable Duration systemMetrics) {
        this.client = client;
        this.id = id;
        this.artifactUri = artifactUri;
        buffer = new LogBuffer(client, id);
        system = systemMetrics == null ? null : new SystemMetrics(this, systemMetrics);
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
        ContentId content = ContentId.of(file);
        long bytes;
        try {
            bytes = Files.size(file);
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
        input(name, content, file.toAbsolutePath().toUri().toString(), bytes, context);
        return content;
    }

    private void input(String name, ContentId content, String uri, long bytes, String context) {
        Map<String, @Nullable Object> dataset =
                HttpJson.object(
                        "name", name,
                        // MLflow's digests have at most 36 characters; the source has the whole.
                        "digest", content.hex().substring(0, 32),
                        "source_type", "local",
                        "source", HttpJson.text(Map.of("uri", uri, "sha256", content.hex())),
                        "profile", HttpJson.text(Map.of("bytes", bytes)));
        client.post(
                "runs/log-inputs",
                HttpJson.object(
                        "run_id",
                        id,
                        "datasets",
                        List.of(
                                Map.of(
                                        "tags",
                                        List.of(Run.pair("mlflow.data.context", context)),
                                        "dataset",
                                        dataset))));
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
