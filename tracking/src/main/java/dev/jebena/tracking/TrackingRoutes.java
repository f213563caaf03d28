package dev.jebena.tracking;

import dev.jebena.accounts.Accounts;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The paths of an MLflow tracking server.
public final class TrackingRoutes {
    /// The version of MLflow whose REST interface this is.
    static final String VERSION = "3.17.2";

    private static final List<String> GUARDED =
            List.of(
                    "/api/2.0/mlflow",
                    "/api/3.0/mlflow/",
                    "/ajax-api/2.0/mlflow",
                    "/ajax-api/3.0/mlflow/",
                    "/get-artifact",
                    "/model-versions/get-artifact",
                    "/v1/traces");

    private TrackingRoutes() {}

    /// For everybody whom the router lets in.
    public static void mount(Router router, Tracking tracking) {
        mount(router, tracking, (Accounts) null);
    }

    /// @param accounts where they are given, every call needs one; null for none
    public static void mount(Router router, Tracking tracking, @Nullable Accounts accounts) {
        mount(router, tracking, accounts, () -> _ -> List.of());
    }

    /// @param accounts where they are given, every call needs one; null for none
    /// @param more steps of lineages that others know, asked for once a request
    public static void mount(
            Router router,
            Tracking tracking,
            @Nullable Accounts accounts,
            Supplier<Function<LineageItem, List<LineageEdge>>> more) {
        router.describedBy(TrackingRoutes.class.getResource("openapi.txt"));
        if (accounts == null) {
            LineageRoutes.mount(
                    mount(router, tracking, Access.open()), tracking, Access.open(), more);
            return;
        }
        OldAccounts.move(tracking.data(), accounts);
        AccountAccess access = new AccountAccess(accounts, tracking.data());
        MlflowApi api = mount(router, tracking, access);
        LineageRoutes.mount(api, tracking, access, more);
        AccountRoutes.mount(api, accounts, access);
        for (String prefix : GUARDED) {
            router.guarded(prefix);
        }
    }

    private static MlflowApi mount(Router router, Tracking tracking, Access access) {
        MlflowApi api = new MlflowApi(router, access);
        ExperimentRoutes.mount(api, tracking.experiments(), access);
        RunRoutes.mount(api, tracking, access);
        ArtifactRoutes.mount(api, router, tracking, access);
        LoggedModelRoutes.mount(api, tracking.loggedModels(), tracking.artifacts(), access);
        RegistryRoutes.mount(api, tracking, access);
        TraceRoutes.mount(api, tracking.traces(), tracking.assessments(), access);
        OtlpRoutes.mount(router, tracking.traces(), access);
        WebhookRoutes.mount(api, tracking.webhooks());
        GateRoutes.mount(api, tracking.gates(), tracking.audit(), access);
        api.call("GET", "3.0/mlflow/server-info", Need.ANY, (_, _) -> serverInfo());
        greet(router);
        return api;
    }

    private static Map<String, @Nullable Object> serverInfo() {
        return HttpJson.object(
                "store_type", "SqlStore",
                "workspaces_enabled", false,
                "trace_archival_enabled", false,
                "multipart_uploads_enabled", true,
                "multipart_downloads_enabled", false,
                "presigned_upload_run_id_supported", false,
                "presigned_upload_model_id_supported", false,
                "features_enabled", HttpJson.object("gateway", false));
    }

    /// `/version` and `/health` belong to other protocols too: MLflow's clients are known by their
    /// headers. `/health` is also what people ask with Python's requests, and compare with `OK`;
    /// but who has asked for something else on the connection before is a client of other
    /// protocols.
    private static void greet(Router router) {
        router.route("GET", "/version", TrackingRoutes::isMlflow, x -> x.text(200, VERSION));
        router.route(
                "GET",
                "/health",
                x ->
                        isMlflow(x)
                                || (x.isFirstOnConnection()
                                        && agent(x).startsWith("python-requests/")),
                x -> x.text(200, "OK"));
    }

    private static boolean isMlflow(HttpExchange exchange) {
        return exchange.header("X-MLflow-Client-Version") != null
                || agent(exchange).contains("mlflow");
    }

    private static String agent(HttpExchange exchange) {
        String agent = exchange.header("User-Agent");
        return agent == null ? "" : agent.toLowerCase(Locale.ROOT);
    }
}
