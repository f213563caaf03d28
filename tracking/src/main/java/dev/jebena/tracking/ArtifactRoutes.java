package dev.jebena.tracking;

import static dev.jebena.tracking.Need.Thing.ARTIFACT;
import static dev.jebena.tracking.Need.Thing.LOGGED_MODEL;
import static dev.jebena.tracking.Need.Thing.RUN;

import dev.jebena.base.FileTypes;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Artifacts through the server: MLflow's `mlflow-artifacts/…`, `artifacts/list` and
/// `/get-artifact`. Bodies are streamed.
final class ArtifactRoutes {
    private final Tracking tracking;
    private final Artifacts artifacts;
    private final Access access;

    private ArtifactRoutes(Tracking tracking, Access access) {
        this.tracking = tracking;
        this.artifacts = tracking.artifacts();
        this.access = access;
    }

    static void mount(MlflowApi api, Router router, Tracking tracking, Access access) {
        ArtifactRoutes routes = new ArtifactRoutes(tracking, access);
        String base = "2.0/mlflow-artifacts/artifacts";
        api.call(
                "GET",
                base,
                Need.read(ARTIFACT),
                (f, _) -> Run.filled("files", routes.artifacts.list(f.text("path"), "")));
        api.raw("GET", base + "/{path...}", x -> routes.download(x));
        api.raw("PUT", base + "/{path...}", x -> routes.upload(x));
        api.raw("DELETE", base + "/{path...}", x -> routes.delete(x));
        MultipartRoutes.mount(api, tracking.uploads(), access);
        api.call("GET", "2.0/mlflow/artifacts/list", Need.read(RUN), (f, _) -> routes.listRun(f));
        router.errors("/get-artifact", MlflowError::body);
        router.get("/get-artifact", routes::ofRun);
        router.errors("/model-versions/get-artifact", MlflowError::body);
        router.get("/model-versions/get-artifact", routes::ofVersion);
        api.raw("GET", "2.0/mlflow/logged-models/{model_id}/artifacts/files", routes::ofModel);
    }

    private void allow(HttpExchange exchange, Need need) {
        access.check(exchange, RequestFields.of(Map.of()), need);
    }

    private void upload(HttpExchange exchange) throws IOException {
        allow(exchange, Need.edit(ARTIFACT));
        artifacts.put(exchange.parameter("path"), exchange.bodyStream());
        exchange.json(200, HttpJson.object());
    }

    private void delete(HttpExchange exchange) throws IOException {
        allow(exchange, Need.edit(ARTIFACT));
        artifacts.delete(exchange.parameter("path"));
        exchange.json(200, HttpJson.object());
    }

    private void download(HttpExchange exchange) throws IOException {
        allow(exchange, Need.read(ARTIFACT));
        send(exchange, exchange.parameter("path"));
    }

    private void ofRun(HttpExchange exchange) throws IOException {
        RequestFields fields = RequestFields.of(exchange);
        access.check(exchange, fields, Need.read(RUN));
        RunRow run = tracking.runs().row(RunRoutes.runId(fields));
        send(exchange, below(run.artifactUri(), fields.required("path")));
    }

    private void ofVersion(HttpExchange exchange) throws IOException {
        RequestFields fields = RequestFields.of(exchange);
        access.check(exchange, fields, Need.read(Need.Thing.MODEL));
        String uri =
                tracking.versions()
                        .downloadUri(fields.required("name"), fields.required("version"));
        send(exchange, below(uri, fields.required("path")));
    }

    private void ofModel(HttpExchange exchange) throws IOException {
        RequestFields fields = RequestFields.of(exchange);
        access.check(exchange, fields, Need.read(LOGGED_MODEL));
        String uri = tracking.loggedModels().artifactUri(exchange.parameter("model_id"));
        send(exchange, below(uri, fields.required("artifact_file_path")));
    }

    /// The path of a file below a URI of this server's store.
    static String below(String uri, String path) {
        String root =
                Artifacts.path(uri)
                        .orElseThrow(() ->
                                MlflowError.invalid(
                                        "The artifacts at "
                                                + uri
                                                + " are not kept by this server"));
        return root + "/" + Artifacts.checked(path);
    }

    private void send(HttpExchange exchange, String path) throws IOException {
        Artifacts.Stored stored = artifacts.get(path);
        String name = path.substring(path.lastIndexOf('/') + 1);
        exchange.set("X-Content-Type-Options", "nosniff");
        exchange.set("Content-Disposition", "attachment; filename*=UTF-8''" + encoded(name));
        try (InputStream in =
                new BufferedInputStream(Files.newInputStream(artifacts.file(stored)))) {
            exchange.bytes(200, FileTypes.of(name), stored.size(), in);
        }
    }

    private static String encoded(String name) {
        return java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20");
    }

    private Map<String, @Nullable Object> listRun(RequestFields f) {
        RunRow run = tracking.runs().row(RunRoutes.runId(f));
        String shown = Artifacts.checked(f.text("path"));
        Map<String, @Nullable Object> reply = HttpJson.object("root_uri", run.artifactUri());
        List<Object> files = artifacts.list(below(run.artifactUri(), shown), shown);
        if (!files.isEmpty()) {
            reply.put("files", files);
        }
        return reply;
    }
}
