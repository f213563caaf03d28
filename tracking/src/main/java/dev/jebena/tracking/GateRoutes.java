package dev.jebena.tracking;

import static dev.jebena.tracking.Need.Thing.MODEL;

import dev.jebena.base.HttpJson;

/// Gates and the audit log, beside MLflow's paths: `jebena-gates/…`.
final class GateRoutes {
    private static final long MOST = 10_000;

    private GateRoutes() {}

    static void mount(MlflowApi api, Gates gates, AuditLog audit, Access access) {
        String base = "2.0/mlflow/jebena-gates/";
        api.call(
                "GET",
                base + "list",
                Need.ANY,
                (f, _) ->
                        HttpJson.object(
                                "gates",
                                gates.list(f.text("name")).stream().map(GateRule::json).toList()));
        api.change(
                "POST",
                base + "set",
                Need.manage(MODEL),
                (f, x) -> gates.put(GateRule.of(f), access.user(x)));
        api.change(
                "POST",
                base + "delete",
                Need.manage(MODEL),
                (f, x) -> gates.remove(f.required("name"), f.required("alias"), access.user(x)));
        api.call(
                "GET",
                base + "check",
                Need.read(MODEL),
                (f, _) ->
                        gates.check(f.required("name"), f.required("version"), f.required("alias"))
                                .json());
        api.change(
                "POST",
                base + "review",
                Need.read(MODEL),
                (f, x) ->
                        gates.review(
                                f.required("name"),
                                f.required("version"),
                                !f.flag("rejected"),
                                f.text("comment"),
                                access.user(x)));
        api.call(
                "GET",
                base + "log",
                Need.ANY,
                (f, _) ->
                        HttpJson.object(
                                "entries",
                                audit.list(f.text("name"), f.number("max_results", 1, MOST, 100))));
    }
}
