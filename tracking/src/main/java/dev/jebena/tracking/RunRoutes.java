package dev.jebena.tracking;

import static dev.jebena.tracking.Need.Thing.EXPERIMENT;
import static dev.jebena.tracking.Need.Thing.RUN;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// MLflow's `runs/…` and `metrics/…`.
final class RunRoutes {
    private static final long MOST_FOUND = 50_000;

    private final Runs runs;
    private final RunSearch search;
    private final Tracking tracking;
    private final Access access;

    private RunRoutes(Tracking tracking, Access access) {
        this.tracking = tracking;
        this.access = access;
        runs = tracking.runs();
        search = tracking.search();
    }

    static void mount(MlflowApi api, Tracking tracking, Access access) {
        RunRoutes routes = new RunRoutes(tracking, access);
        routes.lifecycle(api, "2.0/mlflow/runs/");
        routes.logging(api, "2.0/mlflow/runs/");
        routes.histories(api, "2.0/mlflow/metrics/");
    }

    private void lifecycle(MlflowApi api, String base) {
        api.call("POST", base + "create", Need.edit(EXPERIMENT), (f, _) -> create(f));
        api.call(
                "GET",
                base + "get",
                Need.read(RUN),
                (f, _) -> HttpJson.object("run", runs.get(runId(f)).json()));
        api.call("POST", base + "search", Need.ANY, (f, x) -> search(f, x));
        api.call("POST", base + "update", Need.edit(RUN), (f, _) -> update(f));
        api.change("POST", base + "delete", Need.edit(RUN), (f, _) -> runs.delete(runId(f)));
        api.change("POST", base + "restore", Need.edit(RUN), (f, _) -> runs.restore(runId(f)));
    }

    private void logging(MlflowApi api, String base) {
        Need need = Need.edit(RUN);
        api.change(
                "POST",
                base + "log-metric",
                need,
                (f, _) -> {
                    f.required("key");
                    runs.logMetric(runId(f), Metric.of(f, "key"));
                });
        api.change(
                "POST",
                base + "log-parameter",
                need,
                (f, _) -> runs.logParam(runId(f), f.required("key"), f.text("value")));
        api.change(
                "POST",
                base + "set-tag",
                need,
                (f, _) -> runs.setTag(runId(f), f.required("key"), f.text("value")));
        api.change(
                "POST",
                base + "delete-tag",
                need,
                (f, _) -> runs.deleteTag(runId(f), f.required("key")));
        api.change("POST", base + "log-batch", need, (f, _) -> batch(f));
        api.change("POST", base + "log-model", need, (f, _) -> model(f));
        api.change(
                "POST",
                base + "log-inputs",
                need,
                (f, _) ->
                        runs.logInputs(
                                runId(f),
                                f.objects("datasets"),
                                f.objects("models").stream()
                                        .map(m -> m.required("model_id"))
                                        .toList()));
        api.change(
                "POST",
                base + "outputs",
                need,
                (f, _) -> runs.logOutputs(runId(f), f.objects("models")));
    }

    private void histories(MlflowApi api, String base) {
        api.call(
                "GET",
                base + "get-history",
                Need.read(RUN),
                (f, _) ->
                        runs.history(
                                runId(f),
                                f.required("metric_key"),
                                f.numberOrNull("max_results"),
                                PageToken.parse(f.text("page_token"))));
        api.call(
                "GET",
                base + "get-history-bulk-interval",
                Need.ANY,
                (f, x) -> MetricSampling.interval(tracking.data(), f, runs(x)));
        api.call(
                "GET",
                base + "get-history-bulk",
                Need.ANY,
                (f, x) -> MetricSampling.bulk(tracking.data(), f, runs(x)));
    }

    private Predicate<RunRow> runs(HttpExchange exchange) {
        return run -> access.isReadable(exchange, EXPERIMENT, Long.toString(run.experiment()));
    }

    /// `run_id`, or `run_uuid` as older clients send it.
    static String runId(RequestFields fields) {
        String id = fields.has("run_id") ? fields.text("run_id") : fields.text("run_uuid");
        if (id.isEmpty()) {
            throw MlflowError.required("run_id");
        }
        return id;
    }

    private Map<String, @Nullable Object> create(RequestFields f) {
        Run run =
                runs.create(
                        new Runs.Start(
                                f.has("experiment_id") ? f.required("experiment_id") : "0",
                                f.text("user_id"),
                                f.text("run_name"),
                                f.numberOrNull("start_time"),
                                f.pairs("tags")));
        return HttpJson.object("run", run.json());
    }

    private Map<String, @Nullable Object> update(RequestFields f) {
        RunRow row =
                runs.update(
                        runId(f),
                        f.textOrNull("status"),
                        f.numberOrNull("end_time"),
                        f.textOrNull("run_name"));
        return HttpJson.object("run_info", Run.info(row));
    }

    private Map<String, @Nullable Object> search(RequestFields f, HttpExchange x) {
        long most = f.number("max_results", 1, MOST_FOUND, 1000);
        PageToken page = PageToken.parse(f.text("page_token"));
        List<Long> experiments = readable(access, x, f);
        List<Long> ids =
                search.ids(
                        new RunSearch.Query(
                                experiments,
                                FilterParser.parse(RunFilter.GRAMMAR, f.textOrNull("filter")),
                                ViewType.of(f.text("run_view_type")),
                                OrderClause.parse(RunFilter.GRAMMAR, f.texts("order_by")),
                                page.offset(),
                                most + 1));
        boolean more = ids.size() > most;
        List<Long> shown = more ? ids.subList(0, (int) most) : ids;
        Map<String, @Nullable Object> reply = HttpJson.object();
        if (!shown.isEmpty()) {
            reply.put(
                    "runs",
                    tracking.data().read(sql -> RunReader.all(sql, shown)).stream()
                            .map(Run::json)
                            .toList());
        }
        if (more) {
            reply.put("next_page_token", page.plus(most).text());
        }
        return reply;
    }

    /// The experiments of a search that the caller may read.
    static List<Long> readable(Access access, HttpExchange exchange, RequestFields f) {
        return f.texts("experiment_ids").stream()
                .filter(id -> access.isReadable(exchange, EXPERIMENT, id))
                .map(Checks::experimentId)
                .toList();
    }

    private void batch(RequestFields f) {
        String id = runId(f);
        List<RequestFields> metricFields = f.objects("metrics");
        List<RequestFields> paramFields = f.objects("params");
        List<RequestFields> tagFields = f.objects("tags");
        Checks.batch("metrics", Checks.METRICS_PER_BATCH, metricFields.size());
        Checks.batch("params", Checks.PARAMS_PER_BATCH, paramFields.size());
        Checks.batch("tags", Checks.PARAMS_PER_BATCH, tagFields.size());
        Checks.batch(
                "metrics, params, and tags",
                Checks.METRICS_PER_BATCH,
                metricFields.size() + paramFields.size() + tagFields.size());
        List<Metric> metrics = new ArrayList<>(metricFields.size());
        for (RequestFields fields : metricFields) {
            Metric metric = Metric.of(fields, "key");
            Checks.metric("metrics[" + metrics.size() + "].", metric);
            metrics.add(metric);
        }
        runs.log(id, metrics, params(paramFields), tags(tagFields));
    }

    private static Map<String, String> params(List<RequestFields> fields) {
        Map<String, String> params = new LinkedHashMap<>();
        for (RequestFields param : fields) {
            String key = param.text("key");
            Checks.key("params[" + params.size() + "].key", key);
            if (params.put(key, Checks.cut(param.text("value"), Checks.PARAM_VALUE)) != null) {
                throw MlflowError.invalid(
                        "Duplicate parameter keys have been submitted: ['"
                                + key
                                + "']. Please ensure the request contains only one param value per"
                                + " param key.");
            }
        }
        return params;
    }

    private static Map<String, String> tags(List<RequestFields> fields) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (RequestFields tag : fields) {
            Checks.key("tags[" + tags.size() + "].key", tag.text("key"));
            tags.put(tag.text("key"), Checks.cut(tag.text("value"), Checks.TAG_VALUE));
        }
        return tags;
    }

    /// Models that clients before MLflow 3 log: a list in a tag.
    private void model(RequestFields f) {
        Object model =
                HttpJson.parse(
                        f.required("model_json").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        if (!(model instanceof Map<?, ?> map)
                || !map.keySet()
                        .containsAll(
                                List.of(
                                        "artifact_path",
                                        "flavors",
                                        "utc_time_created",
                                        "run_id"))) {
            throw MlflowError.invalid(
                    "Model json is missing mandatory fields: artifact_path, flavors,"
                            + " utc_time_created, run_id");
        }
        runs.addModel(runId(f), map);
    }
}
