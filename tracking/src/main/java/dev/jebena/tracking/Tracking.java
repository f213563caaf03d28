package dev.jebena.tracking;

import dev.jebena.base.BlobStore;
import dev.jebena.base.SqlDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/// Experiments, runs, artifacts, the model registry and traces of one data folder. What a method
/// wrote is durable when it returns. Safe for use by many threads.
///
/// ```java
/// try (Tracking tracking = Tracking.open(TrackingOptions.in(home.resolve("tracking")))) {
///     TrackingRoutes.mount(router, tracking);
/// }
/// ```
public final class Tracking implements AutoCloseable {
    private final SqlDatabase data;
    private final Experiments experiments;
    private final Runs runs;
    private final RunSearch search;
    private final Artifacts artifacts;
    private final MultipartUploads uploads;
    private final LoggedModels loggedModels;
    private final RegisteredModels models;
    private final ModelVersions versions;
    private final Webhooks webhooks;
    private final AuditLog audit;
    private final Gates gates;
    private final Traces traces;
    private final Assessments assessments;

    private Tracking(SqlDatabase data, TrackingOptions options) {
        Clock clock = Clock.systemUTC();
        this.data = data;
        BlobStore blobs = BlobStore.open(options.folder().resolve("artifacts"));
        experiments = new Experiments(data, clock);
        runs = new Runs(data, clock);
        search = new RunSearch(data);
        artifacts = new Artifacts(data, blobs, clock);
        uploads = new MultipartUploads(options.folder().resolve("uploads"), artifacts, clock);
        loggedModels = new LoggedModels(data, clock);
        models = new RegisteredModels(data, clock);
        versions = new ModelVersions(data, clock);
        audit = new AuditLog(data, clock);
        gates = new Gates(data, clock, audit);
        traces = new Traces(data);
        assessments = new Assessments(data, clock);
        webhooks = new Webhooks(data, clock, new WebhookDelivery(options.privateWebhooks(), clock));
    }

    public static Tracking open(TrackingOptions options) {
        String address = options.database();
        SqlDatabase data =
                address == null
                        ? SqlDatabase.open(options.folder().resolve("tracking.db"), schema())
                        : SqlDatabase.open(address, schema());
        try {
            return new Tracking(data, options);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private static List<String> schema() {
        return List.of(step("schema-1.sql"), step("schema-2.sql"), step("schema-3.sql"));
    }

    private static String step(String name) {
        try (InputStream in = Objects.requireNonNull(Tracking.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SqlDatabase data() {
        return data;
    }

    Experiments experiments() {
        return experiments;
    }

    Runs runs() {
        return runs;
    }

    RunSearch search() {
        return search;
    }

    Artifacts artifacts() {
        return artifacts;
    }

    MultipartUploads uploads() {
        return uploads;
    }

    LoggedModels loggedModels() {
        return loggedModels;
    }

    RegisteredModels models() {
        return models;
    }

    ModelVersions versions() {
        return versions;
    }

    Traces traces() {
        return traces;
    }

    Assessments assessments() {
        return assessments;
    }

    AuditLog audit() {
        return audit;
    }

    Gates gates() {
        return gates;
    }

    Webhooks webhooks() {
        return webhooks;
    }

    @Override
    public void close() {
        webhooks.close();
        data.close();
    }
}
