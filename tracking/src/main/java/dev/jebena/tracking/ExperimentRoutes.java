package dev.jebena.tracking;

import static dev.jebena.tracking.Need.Thing.EXPERIMENT;
import static dev.jebena.tracking.Need.Thing.EXPERIMENT_NAME;

import dev.jebena.base.HttpJson;

/// MLflow's `experiments/…`.
final class ExperimentRoutes {
    private ExperimentRoutes() {}

    static void mount(MlflowApi api, Experiments experiments, Access access) {
        String base = "2.0/mlflow/experiments/";
        api.call(
                "POST",
                base + "create",
                Need.NEW,
                (f, x) -> {
                    long id =
                            experiments.create(
                                    f.required("name"),
                                    f.text("artifact_location"),
                                    f.pairs("tags"));
                    access.created(x, EXPERIMENT, Long.toString(id));
                    return HttpJson.object("experiment_id", Long.toString(id));
                });
        api.call(
                "GET",
                base + "get",
                Need.read(EXPERIMENT),
                (f, _) ->
                        HttpJson.object(
                                "experiment", experiments.get(f.required("experiment_id"))));
        api.call(
                "GET",
                base + "get-by-name",
                Need.read(EXPERIMENT_NAME),
                (f, _) ->
                        HttpJson.object(
                                "experiment", experiments.byName(f.required("experiment_name"))));
        for (String method : new String[] {"POST", "GET"}) {
            api.call(
                    method,
                    base + "search",
                    Need.ANY,
                    (f, x) ->
                            PageToken.visible(
                                    experiments.search(f),
                                    "experiments",
                                    e ->
                                            access.isReadable(
                                                    x,
                                                    EXPERIMENT,
                                                    String.valueOf(e.get("experiment_id")))));
        }
        changes(api, base, experiments);
    }

    private static void changes(MlflowApi api, String base, Experiments experiments) {
        api.change(
                "POST",
                base + "update",
                Need.edit(EXPERIMENT),
                (f, _) -> experiments.rename(f.required("experiment_id"), f.required("new_name")));
        api.change(
                "POST",
                base + "delete",
                Need.manage(EXPERIMENT),
                (f, _) -> experiments.move(f.required("experiment_id"), "deleted"));
        api.change(
                "POST",
                base + "restore",
                Need.manage(EXPERIMENT),
                (f, _) -> experiments.move(f.required("experiment_id"), "active"));
        api.change(
                "POST",
                base + "set-experiment-tag",
                Need.edit(EXPERIMENT),
                (f, _) ->
                        experiments.setTag(
                                f.required("experiment_id"), f.required("key"), f.text("value")));
        api.change(
                "POST",
                base + "delete-experiment-tag",
                Need.edit(EXPERIMENT),
                (f, _) -> experiments.deleteTag(f.required("experiment_id"), f.required("key")));
    }
}
