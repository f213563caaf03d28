package dev.jebena.tracking;

import static dev.jebena.tracking.Need.Thing.EXPERIMENT;
import static dev.jebena.tracking.Need.Thing.LOGGED_MODEL;

import dev.jebena.base.HttpJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// MLflow's `logged-models`.
final class LoggedModelRoutes {
    private LoggedModelRoutes() {}

    static void mount(MlflowApi api, LoggedModels models, Artifacts artifacts, Access access) {
        String base = "2.0/mlflow/logged-models";
        String one = base + "/{model_id}";
        api.call("POST", base, Need.edit(EXPERIMENT), (f, _) -> model(models.create(f)));
        api.call(
                "POST",
                base + "/search",
                Need.ANY,
                (f, x) -> models.search(f, RunRoutes.readable(access, x, f)));
        api.call(
                "GET",
                one,
                Need.read(LOGGED_MODEL),
                (_, x) -> model(models.get(x.parameter("model_id"))));
        api.call(
                "PATCH",
                one,
                Need.edit(LOGGED_MODEL),
                (f, x) -> model(models.finish(x.parameter("model_id"), f)));
        api.change(
                "DELETE",
                one,
                Need.edit(LOGGED_MODEL),
                (_, x) -> models.delete(x.parameter("model_id")));
        api.change(
                "PATCH",
                one + "/tags",
                Need.edit(LOGGED_MODEL),
                (f, x) -> models.setTags(x.parameter("model_id"), f.pairs("tags")));
        api.change(
                "DELETE",
                one + "/tags/{key...}",
                Need.edit(LOGGED_MODEL),
                (_, x) -> models.deleteTag(x.parameter("model_id"), x.parameter("key")));
        api.change(
                "POST",
                one + "/params",
                Need.edit(LOGGED_MODEL),
                (f, x) -> models.logParams(x.parameter("model_id"), f.pairs("params")));
        api.call(
                "GET",
                one + "/artifacts/directories",
                Need.read(LOGGED_MODEL),
                (f, x) -> artifacts(models, artifacts, x.parameter("model_id"), f));
    }

    private static Map<String, @Nullable Object> model(Map<String, @Nullable Object> model) {
        return HttpJson.object("model", model);
    }

    private static Map<String, @Nullable Object> artifacts(
            LoggedModels models, Artifacts artifacts, String id, RequestFields f) {
        String uri = models.artifactUri(id);
        String shown = Artifacts.checked(f.text("artifact_directory_path"));
        Map<String, @Nullable Object> reply = HttpJson.object("root_uri", uri);
        List<Object> files = artifacts.list(ArtifactRoutes.below(uri, shown), shown);
        if (!files.isEmpty()) {
            reply.put("files", files);
        }
        return reply;
    }
}
