package dev.jebena.tracking;

import dev.jebena.base.HttpException;
import dev.jebena.base.InnerExchange;
import dev.jebena.base.Problem;
import dev.jebena.base.Router;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls of a data folder in this process: the server's own handlers without a network. A server
/// may work on the same folder meanwhile.
final class FolderTrackingClient implements TrackingClient {
    private static final String CALLER = "local";

    private final Tracking tracking;
    private final Router router = new Router();

    FolderTrackingClient(Path folder) {
        tracking = Tracking.open(TrackingOptions.in(folder));
        TrackingRoutes.mount(router, tracking);
    }

    Tracking tracking() {
        return tracking;
    }

    @Override
    public Map<String, @Nullable Object> get(String path, Map<String, String> query) {
        return call(InnerExchange.get(HttpTrackingClient.API + path, query, CALLER));
    }

    @Override
    public Map<String, @Nullable Object> post(String path, Map<String, ?> body) {
        return call(InnerExchange.post(HttpTrackingClient.API + path, body, CALLER));
    }

    private Map<String, @Nullable Object> call(InnerExchange exchange) {
        router.call(exchange);
        return TrackingClient.checked(exchange.status(), exchange.reply(), exchange.path());
    }

    @Override
    public void upload(String artifactUri, String path, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            tracking.artifacts().put(TrackingClient.below(artifactUri, path), in);
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
    }

    @Override
    public void download(String artifactUri, String path, Path file) {
        Artifacts artifacts = tracking.artifacts();
        try {
            Path stored = artifacts.file(artifacts.get(TrackingClient.below(artifactUri, path)));
            Files.copy(stored, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Problem.storage("cannot write " + file, e);
        } catch (HttpException e) {
            throw TrackingClient.problem(e);
        }
    }

    @Override
    public void close() {
        tracking.close();
    }
}
