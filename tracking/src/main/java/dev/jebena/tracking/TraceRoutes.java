package dev.jebena.tracking;

import static dev.jebena.tracking.Need.Thing.EXPERIMENT;
import static dev.jebena.tracking.Need.Thing.TRACE;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// MLflow's `traces`, in the forms of MLflow 3 and MLflow 2.
final class TraceRoutes {
    private final Traces traces;
    private final Access access;

    private TraceRoutes(Traces traces, Access access) {
        this.traces = traces;
        this.access = access;
    }

    static void mount(MlflowApi api, Traces traces, Assessments assessments, Access access) {
        TraceRoutes routes = new TraceRoutes(traces, access);
        routes.version3(api);
        routes.version2(api);
        routes.both(api);
        assessments(api, assessments);
    }

    private void version3(MlflowApi api) {
        String base = "3.0/mlflow/traces";
        api.call("POST", base, Need.ANY, (f, x) -> start(f, x));
        api.call(
                "GET",
                base + "/get",
                Need.read(TRACE),
                (f, _) -> HttpJson.object("trace", traces.whole(f.required("trace_id"))));
        api.call(
                "GET",
                base + "/batchGet",
                Need.ANY,
                (f, x) -> Run.filled("traces", traces.whole(f.texts("trace_ids"), readable(x))));
        api.call(
                "POST",
                base + "/batchGetInfos",
                Need.ANY,
                (f, x) ->
                        Run.filled(
                                "trace_infos",
                                traces.whole(f.texts("trace_ids"), readable(x)).stream()
                                        .map(t -> t.get("trace_info"))
                                        .toList()));
        api.call("POST", base + "/search", Need.ANY, (f, x) -> search(f, x));
        api.call(
                "GET",
                base + "/{trace_id}",
                Need.read(TRACE),
                (_, x) ->
                        HttpJson.object(
                                "trace",
                                HttpJson.object(
                                        "trace_info", traces.info(x.parameter("trace_id")))));
    }

    private Predicate<TraceInfo> readable(HttpExchange exchange) {
        return trace -> access.isReadable(exchange, EXPERIMENT, Long.toString(trace.experiment()));
    }

    private Map<String, @Nullable Object> start(RequestFields f, HttpExchange exchange) {
        RequestFields info = f.requiredObject("trace").requiredObject("trace_info");
        String experiment =
                info.requiredObject("trace_location")
                        .requiredObject("mlflow_experiment")
                        .required("experiment_id");
        access.check(
                exchange,
                RequestFields.of(HttpJson.object("experiment_id", experiment)),
                Need.edit(EXPERIMENT));
        String duration = info.text("execution_duration");
        TraceInfo told =
                new TraceInfo(
                        info.required("trace_id"),
                        Checks.experimentId(experiment),
                        TraceInfo.millis("request_time", info.required("request_time")),
                        duration.isEmpty()
                                ? null
                                : (Long) TraceInfo.durationMillis("execution_duration", duration),
                        info.text("state").isEmpty() ? "STATE_UNSPECIFIED" : info.text("state"),
                        info.textOrNull("client_request_id"),
                        preview(info, "request_preview", "mlflow.traceInputs"),
                        preview(info, "response_preview", "mlflow.traceOutputs"));
        return HttpJson.object("trace", HttpJson.object("trace_info", traces.start(told, info)));
    }

    /// The preview, or what stands for it in the metadata of older clients.
    private static @Nullable String preview(RequestFields info, String field, String metadata) {
        String given = info.textOrNull(field);
        String old = info.strings("trace_metadata").getOrDefault(metadata, "");
        return given == null && !old.isEmpty() ? Checks.cut(old, Traces.PREVIEW) : given;
    }

    private Map<String, @Nullable Object> search(RequestFields f, HttpExchange x) {
        List<Long> experiments = new ArrayList<>();
        for (RequestFields location : f.objects("locations")) {
            RequestFields experiment = location.objectOrNull("mlflow_experiment");
            if (experiment != null) {
                String id = experiment.required("experiment_id");
                if (access.isReadable(x, EXPERIMENT, id)) {
                    experiments.add(Checks.experimentId(id));
                }
            }
        }
        return traces.search(experiments, f, false);
    }

    private void version2(MlflowApi api) {
        String base = "2.0/mlflow/traces";
        api.call("POST", base, Need.edit(EXPERIMENT), (f, _) -> start2(f));
        api.call("GET", base, Need.ANY, (f, x) -> search2(f, x));
        api.call(
                "PATCH",
                base + "/{trace_id}",
                Need.edit(TRACE),
                (f, x) -> end2(x.parameter("trace_id"), f));
        api.call(
                "GET",
                base + "/{trace_id}/info",
                Need.read(TRACE),
                (_, x) -> HttpJson.object("trace_info", traces.info2(x.parameter("trace_id"))));
    }

    private Map<String, @Nullable Object> start2(RequestFields f) {
        TraceInfo info =
                new TraceInfo(
                        "tr-" + Runs.newId(),
                        Checks.experimentId(f.required("experiment_id")),
                        f.number("timestamp_ms", 0),
                        null,
                        "IN_PROGRESS",
                        null,
                        null,
                        null);
        traces.start(info, asVersion3(f));
        return HttpJson.object("trace_info", traces.info2(info.id()));
    }

    private static RequestFields asVersion3(RequestFields f) {
        return RequestFields.of(
                HttpJson.object(
                        "trace_metadata", f.pairs("request_metadata"), "tags", f.pairs("tags")));
    }

    private Map<String, @Nullable Object> end2(String id, RequestFields f) {
        traces.end(id, f.number("timestamp_ms", 0), f.required("status"), asVersion3(f));
        return HttpJson.object("trace_info", traces.info2(id));
    }

    private Map<String, @Nullable Object> search2(RequestFields f, HttpExchange x) {
        return traces.search(RunRoutes.readable(access, x, f), f, true);
    }

    private void both(MlflowApi api) {
        for (String version : List.of("2.0", "3.0")) {
            String base = version + "/mlflow/traces";
            api.change(
                    "PATCH",
                    base + "/{trace_id}/tags",
                    Need.edit(TRACE),
                    (f, x) ->
                            traces.setTag(
                                    x.parameter("trace_id"), f.required("key"), f.text("value")));
            api.change(
                    "DELETE",
                    base + "/{trace_id}/tags",
                    Need.edit(TRACE),
                    (f, x) -> traces.deleteTag(x.parameter("trace_id"), f.required("key")));
            api.call(
                    "POST",
                    base + "/delete-traces",
                    Need.edit(EXPERIMENT),
                    (f, _) -> HttpJson.object("traces_deleted", traces.delete(f)));
            api.change(
                    "POST",
                    base + "/link-to-run",
                    Need.edit(Need.Thing.RUN),
                    (f, _) -> traces.linkToRun(f.texts("trace_ids"), f.required("run_id")));
        }
        api.change(
                "POST",
                "2.0/mlflow/traces/link-prompts",
                Need.edit(TRACE),
                (f, _) -> traces.linkPrompts(f.required("trace_id"), f.objects("prompt_versions")));
    }

    private static void assessments(MlflowApi api, Assessments assessments) {
        String base = "3.0/mlflow/traces/{trace_id}/assessments";
        String one = base + "/{assessment_id}";
        api.call(
                "POST",
                base,
                Need.edit(TRACE),
                (f, x) ->
                        assessment(
                                assessments.create(
                                        x.parameter("trace_id"), f.requiredObject("assessment"))));
        api.call(
                "GET",
                one,
                Need.read(TRACE),
                (_, x) ->
                        assessment(
                                assessments.get(
                                        x.parameter("trace_id"), x.parameter("assessment_id"))));
        api.call(
                "PATCH",
                one,
                Need.edit(TRACE),
                (f, x) ->
                        assessment(
                                assessments.update(
                                        x.parameter("trace_id"), x.parameter("assessment_id"), f)));
        api.change(
                "DELETE",
                one,
                Need.edit(TRACE),
                (_, x) ->
                        assessments.delete(x.parameter("trace_id"), x.parameter("assessment_id")));
    }

    private static Map<String, @Nullable Object> assessment(
            Map<String, @Nullable Object> assessment) {
        return HttpJson.object("assessment", assessment);
    }
}
