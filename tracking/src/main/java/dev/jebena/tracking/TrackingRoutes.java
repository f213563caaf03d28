package dev.jebena.tracking;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;

/// The paths of an MLflow tracking server.
public final class TrackingRoutes {
    /// The version of MLflow whose REST interface this is.
    static final String VERSION = "3.17.2";

    private TrackingRoutes() {}

    public static void mount(Router router, Tracking tracking) {
        Access access = Access.open();
        MlflowApi api = new MlflowApi(router, access);
        ExperimentRoutes.mount(api, tracking.experiments(), access);
        RunRoutes.mount(api, tracking);
        ArtifactRoutes.mount(api, router, tracking, access);
        LoggedModelRoutes.mount(api, tracking.loggedModels(), tracking.artifacts());
        RegistryRoutes.mount(api, tracking, access);
        TraceRoutes.mount(api, tracking.traces(), tracking.assessments());
        OtlpRoutes.mount(router, tracking.traces(), access);
        WebhookRoutes.mount(api, tracking.webhooks());
        api.call("GET", "3.0/mlflow/server-info", Need.ANY, (_, _) -> serverInfo());
        greet(router);
    }

    private static java.util.Map<String, @org.jspecify.annotations.Nullable Object> serverInfo() {
        return HttpJson.object(
                "store_type", "SqlStore",
                "workspaces_enabled", false,
                "trace_archival_enabled", false,
                "multipart_uploads_enabled", false,
                "multipart_downloads_enabled", false,
                "presigned_upload_run_id_supported", false,
                "presigned_upload_model_id_supported", false,
                "features_enabled", HttpJson.object("gateway", false));
    }

    /// `/version` and `/health` belong to other protocols too: MLflow's clients are told by their
    /// headers, and where nobody else claims the path they are answered as MLflow does.
    private static void greet(Router router) {
        router.route("GET", "/version", TrackingRoutes::isMlflow, x -> x.text(200, VERSION));
        router.route("GET", "/health", TrackingRoutes::isMlflow, x -> x.text(200, "OK"));
    }

    private static boolean isMlflow(HttpExchange exchange) {
        String agent = exchange.header("User-Agent");
        return exchange.header("X-MLflow-Client-Version") != null
                || (agent != null && agent.toLowerCase(java.util.Locale.ROOT).contains("mlflow"));
    }
}
