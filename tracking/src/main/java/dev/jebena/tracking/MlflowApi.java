package dev.jebena.tracking;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpHandler;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import dev.jebena.base.Router;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Mounts MLflow's paths, each under `/api/` and, for its own pages, under `/ajax-api/`.
final class MlflowApi {
    private static final List<String> ROOTS = List.of("/api/", "/ajax-api/");

    /// A path that takes fields and answers with JSON.
    @FunctionalInterface
    interface Call {
        Map<String, @Nullable Object> answer(RequestFields fields, HttpExchange exchange)
                throws IOException;
    }

    /// The same without a result: the reply is `{}`.
    @FunctionalInterface
    interface Change {
        void make(RequestFields fields, HttpExchange exchange) throws IOException;
    }

    private final Router router;
    private final Access access;
    private final boolean problems;

    MlflowApi(Router router, Access access) {
        this(router, access, false);
        for (String root : ROOTS) {
            for (String area : List.of("2.0/mlflow/", "2.0/mlflow-artifacts/", "3.0/mlflow/")) {
                router.errors(root + area, MlflowError::body);
            }
        }
    }

    private MlflowApi(Router router, Access access, boolean problems) {
        this.router = router;
        this.access = access;
        this.problems = problems;
    }

    /// The same, for calls whose [Problem]s are what MLflow's stores would say.
    MlflowApi withProblems() {
        return new MlflowApi(router, access, true);
    }

    private Map<String, @Nullable Object> answer(
            Call call, RequestFields fields, HttpExchange exchange) throws IOException {
        try {
            return call.answer(fields, exchange);
        } catch (Problem e) {
            throw problems ? MlflowError.of(e) : e;
        }
    }

    /// @param path without the root: `2.0/mlflow/runs/create`
    MlflowApi call(String method, String path, Need need, Call call) {
        return raw(
                method,
                path,
                exchange -> {
                    RequestFields fields = RequestFields.of(exchange);
                    access.check(exchange, fields, need);
                    exchange.json(200, answer(call, fields, exchange));
                });
    }

    MlflowApi change(String method, String path, Need need, Change change) {
        return call(
                method,
                path,
                need,
                (fields, exchange) -> {
                    change.make(fields, exchange);
                    return HttpJson.object();
                });
    }

    /// A path whose bodies are no JSON; the handler asks for access itself.
    MlflowApi raw(String method, String path, HttpHandler handler) {
        for (String root : ROOTS) {
            router.route(method, root + path, _ -> true, handler);
        }
        return this;
    }
}
