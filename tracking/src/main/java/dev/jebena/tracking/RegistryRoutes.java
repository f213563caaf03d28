package dev.jebena.tracking;

import static dev.jebena.tracking.Need.Thing.MODEL;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// MLflow's `registered-models/…` and `model-versions/…`.
final class RegistryRoutes {
    private RegistryRoutes() {}

    static void mount(MlflowApi api, Tracking tracking, Access access) {
        models(api, tracking.models(), tracking.webhooks(), access);
        aliases(api, tracking, access);
        versions(api, tracking.versions(), tracking.webhooks(), access);
        changes(api, tracking, access);
    }

    private static Map<String, @Nullable Object> model(Map<String, @Nullable Object> model) {
        return HttpJson.object("registered_model", model);
    }

    private static Map<String, @Nullable Object> version(Map<String, @Nullable Object> version) {
        return HttpJson.object("model_version", version);
    }

    private static void models(
            MlflowApi api, RegisteredModels models, Webhooks hooks, Access access) {
        String base = "2.0/mlflow/registered-models/";
        api.call(
                "POST",
                base + "create",
                Need.NEW,
                (f, x) -> {
                    String name = f.required("name");
                    Map<String, @Nullable Object> made =
                            models.create(name, f.textOrNull("description"), f.pairs("tags"));
                    access.created(x, MODEL, name);
                    hooks.modelCreated(name, f);
                    return model(made);
                });
        api.call(
                "GET",
                base + "get",
                Need.read(MODEL),
                (f, _) -> model(models.get(f.required("name"))));
        api.call(
                "GET",
                base + "search",
                Need.ANY,
                (f, x) ->
                        PageToken.visible(
                                models.search(f),
                                "registered_models",
                                m -> readable(access, x, m)));
        api.call(
                "POST",
                base + "rename",
                Need.edit(MODEL),
                (f, _) -> model(models.rename(f.required("name"), f.required("new_name"))));
        api.call(
                "PATCH",
                base + "update",
                Need.edit(MODEL),
                (f, _) -> model(models.describe(f.required("name"), f.textOrNull("description"))));
        api.change(
                "DELETE",
                base + "delete",
                Need.manage(MODEL),
                (f, _) -> models.delete(f.required("name")));
        api.change(
                "POST",
                base + "set-tag",
                Need.edit(MODEL),
                (f, _) -> models.setTag(f.required("name"), f.required("key"), f.text("value")));
        api.change(
                "DELETE",
                base + "delete-tag",
                Need.edit(MODEL),
                (f, _) -> models.deleteTag(f.required("name"), f.required("key")));
    }

    private static void aliases(MlflowApi api, Tracking tracking, Access access) {
        String alias = "2.0/mlflow/registered-models/alias";
        Gates gates = tracking.gates();
        RegisteredModels models = tracking.models();
        Webhooks hooks = tracking.webhooks();
        api.change(
                "POST",
                alias,
                Need.edit(MODEL),
                (f, x) -> {
                    String name = f.required("name");
                    String to = f.required("alias");
                    String version = f.required("version");
                    Checks.alias(to);
                    gates.enforce(name, version, to, access.user(x));
                    models.setAlias(name, to, version);
                    hooks.aliasCreated(name, to, version);
                });
        api.change(
                "DELETE",
                alias,
                Need.edit(MODEL),
                (f, x) -> {
                    models.deleteAlias(f.required("name"), f.required("alias"));
                    gates.note("remove " + f.required("alias"), f.required("name"), access.user(x));
                    hooks.aliasDeleted(f.required("name"), f.required("alias"));
                });
        api.call(
                "GET",
                alias,
                Need.read(MODEL),
                (f, _) ->
                        version(
                                tracking.versions()
                                        .byAlias(f.required("name"), f.required("alias"))));
    }

    private static boolean readable(Access access, HttpExchange exchange, Map<?, ?> model) {
        return access.isReadable(exchange, MODEL, String.valueOf(model.get("name")));
    }

    private static void versions(
            MlflowApi api, ModelVersions versions, Webhooks hooks, Access access) {
        String base = "2.0/mlflow/model-versions/";
        api.call(
                "POST",
                base + "create",
                Need.edit(MODEL),
                (f, _) -> {
                    Map<String, @Nullable Object> made = versions.create(f);
                    hooks.versionCreated(made);
                    return version(made);
                });
        api.call(
                "GET",
                base + "get",
                Need.read(MODEL),
                (f, _) -> version(versions.get(f.required("name"), f.required("version"))));
        api.call(
                "GET",
                base + "search",
                Need.ANY,
                (f, x) ->
                        PageToken.visible(
                                versions.search(f), "model_versions", v -> readable(access, x, v)));
        api.call(
                "GET",
                base + "get-download-uri",
                Need.read(MODEL),
                (f, _) ->
                        HttpJson.object(
                                "artifact_uri",
                                versions.downloadUri(f.required("name"), f.required("version"))));
        for (String method : new String[] {"POST", "GET"}) {
            api.call(
                    method,
                    "2.0/mlflow/registered-models/get-latest-versions",
                    Need.read(MODEL),
                    (f, _) ->
                            Run.filled(
                                    "model_versions",
                                    versions.latest(f.required("name"), f.texts("stages"))));
        }
    }

    private static void changes(MlflowApi api, Tracking tracking, Access access) {
        String base = "2.0/mlflow/model-versions/";
        ModelVersions versions = tracking.versions();
        Webhooks hooks = tracking.webhooks();
        Gates gates = tracking.gates();
        api.call(
                "PATCH",
                base + "update",
                Need.edit(MODEL),
                (f, _) ->
                        version(
                                versions.describe(
                                        f.required("name"),
                                        f.required("version"),
                                        f.text("description"))));
        api.call(
                "POST",
                base + "transition-stage",
                Need.edit(MODEL),
                (f, x) -> {
                    String stage = "stage:" + ModelVersions.stage(f.required("stage"));
                    String name = f.required("name");
                    gates.enforce(name, f.required("version"), stage, access.user(x));
                    return version(
                            versions.move(
                                    name,
                                    f.required("version"),
                                    f.required("stage"),
                                    f.flag("archive_existing_versions")));
                });
        api.change(
                "DELETE",
                base + "delete",
                Need.manage(MODEL),
                (f, _) -> versions.delete(f.required("name"), f.required("version")));
        api.change(
                "POST",
                base + "set-tag",
                Need.edit(MODEL),
                (f, _) -> {
                    String name = f.required("name");
                    String version = f.required("version");
                    versions.setTag(name, version, f.required("key"), f.text("value"));
                    hooks.versionTagSet(name, version, f.required("key"), f.text("value"));
                });
        api.change(
                "DELETE",
                base + "delete-tag",
                Need.edit(MODEL),
                (f, _) -> {
                    String name = f.required("name");
                    String version = f.required("version");
                    versions.deleteTag(name, version, f.required("key"));
                    hooks.versionTagDeleted(name, version, f.required("key"));
                });
    }
}
