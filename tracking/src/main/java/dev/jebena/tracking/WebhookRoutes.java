package dev.jebena.tracking;

import dev.jebena.base.HttpJson;

/// MLflow's `webhooks`.
final class WebhookRoutes {
    private WebhookRoutes() {}

    static void mount(MlflowApi api, Webhooks hooks) {
        String base = "2.0/mlflow/webhooks";
        String one = base + "/{webhook_id}";
        api.call("POST", base, Need.ADMIN, (f, _) -> HttpJson.object("webhook", hooks.create(f)));
        api.call("GET", base, Need.ADMIN, (f, _) -> hooks.list(f));
        api.call(
                "GET",
                one,
                Need.ADMIN,
                (_, x) -> HttpJson.object("webhook", hooks.get(x.parameter("webhook_id"))));
        api.call(
                "PATCH",
                one,
                Need.ADMIN,
                (f, x) -> HttpJson.object("webhook", hooks.update(x.parameter("webhook_id"), f)));
        api.change("DELETE", one, Need.ADMIN, (_, x) -> hooks.delete(x.parameter("webhook_id")));
        api.call(
                "POST",
                one + "/test",
                Need.ADMIN,
                (f, x) ->
                        HttpJson.object(
                                "result",
                                hooks.test(x.parameter("webhook_id"), f.objectOrNull("event"))));
    }
}
