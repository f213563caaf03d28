package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Runs: their states, and what is logged to them.
final class Runs {
    static final String NAME_TAG = "mlflow.runName";
    static final List<String> STATUSES =
            List.of("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED");

    private final SqlDatabase data;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Runs(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    /// What a new run begins with.
    ///
    /// @param name empty for a made-up one
    record Start(
            String experiment,
            String user,
            String name,
            @Nullable Long time,
            Map<String, String> tags) {}

    static String newId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    Run create(Start start) {
        Map<String, String> tags = checkedTags(start.tags());
        String tagged = tags.getOrDefault(NAME_TAG, "");
        if (!start.name().isEmpty() && !tagged.isEmpty() && !start.name().equals(tagged)) {
            throw MlflowError.invalid(
                    "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='%s', mlflow.runName='%s')."
                            .formatted(start.name(), tagged));
        }
        String given = start.name().isEmpty() ? tagged : start.name();
        String name = given.isEmpty() ? RunNames.next(random) : given;
        tags.put(NAME_TAG, Checks.cut(name, Checks.TAG_VALUE));
        String uuid = newId();
        return data.write(sql -> {
            Experiments.Place place = Experiments.Place.active(sql, start.experiment());
            String uri = place.artifactLocation() + "/" + uuid + "/artifacts";
            long id =
                    sql.insert(
                            "INSERT INTO run (uuid, experiment, name, user_id, status,"
                                    + " start_time, lifecycle, artifact_uri) VALUES (?, ?, ?,"
                                    + " ?, 'RUNNING', ?, 'active', ?)",
                            uuid,
                            place.id(),
                            name,
                            start.user(),
                            start.time(),
                            uri);
            RunRow row =
                    new RunRow(
                            id,
                            uuid,
                            place.id(),
                            name,
                            start.user(),
                            "RUNNING",
                            start.time(),
                            null,
                            "active",
                            uri);
            Run run = new Run(row);
            tags.forEach((key, value) -> {
                putTag(sql, row, key, value);
                run.tags.add(Run.pair(key, value));
            });
            return run;
        });
    }

    private static Map<String, String> checkedTags(Map<String, String> tags) {
        Map<String, String> checked = new LinkedHashMap<>();
        tags.forEach((key, value) -> {
            Checks.key("key", key);
            checked.put(key, Checks.cut(value, Checks.TAG_VALUE));
        });
        return checked;
    }

    Run get(String uuid) {
        return data.read(sql -> RunReader.one(sql, RunRow.get(sql, uuid)));
    }

    RunRow row(String uuid) {
        return data.read(sql -> RunRow.get(sql, uuid));
    }

    /// Changes what is given.
    RunRow update(
            String uuid, @Nullable String status, @Nullable Long endTime, @Nullable String name) {
        if (status != null) {
            Checks.oneOf("status", status, STATUSES);
        }
        return data.write(sql -> {
            RunRow run = RunRow.active(sql, uuid);
            sql.update(
                    "UPDATE run SET status = coalesce(?, status), end_time ="
                            + " coalesce(?, end_time), name = coalesce(?, name)"
                            + " WHERE id = ?",
                    status,
                    endTime,
                    name == null || name.isEmpty() ? null : name,
                    run.id());
            if (name != null && !name.isEmpty()) {
                putTag(sql, run, NAME_TAG, Checks.cut(name, Checks.TAG_VALUE));
            }
            if (endTime != null) {
                Metrics.compact(sql, run.id());
            }
            return RunRow.get(sql, uuid);
        });
    }

    void delete(String uuid) {
        move(uuid, "active", "deleted");
    }

    void restore(String uuid) {
        move(uuid, "deleted", "active");
    }

    private void move(String uuid, String from, String to) {
        data.write(sql -> {
            RunRow run = RunRow.get(sql, uuid);
            if (run.lifecycle().equals(to) && to.equals("active")) {
                run.check(from);
            }
            return sql.update(
                    "UPDATE run SET lifecycle = ?, deleted_time = ? WHERE id = ?",
                    to,
                    to.equals("deleted") ? clock.millis() : null,
                    run.id());
        });
    }

    void setTag(String uuid, String key, String value) {
        Checks.key("key", key);
        String kept = Checks.cut(value, Checks.TAG_VALUE);
        data.write(sql -> {
            putTag(sql, RunRow.active(sql, uuid), key, kept);
            return true;
        });
    }

    private static void putTag(SqlConnection sql, RunRow run, String key, String value) {
        sql.update(
                "INSERT INTO run_tag (run, key, experiment, value) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (run, key) DO UPDATE SET value = excluded.value",
                run.id(),
                key,
                run.experiment(),
                value);
        if (key.equals(NAME_TAG)) {
            sql.update("UPDATE run SET name = ? WHERE id = ?", value, run.id());
        }
    }

    void deleteTag(String uuid, String key) {
        data.write(sql -> {
            RunRow run = RunRow.active(sql, uuid);
            long there =
                    sql.number(
                            "SELECT count(*) FROM run_tag WHERE run = ? AND key = ?",
                            run.id(),
                            key);
            if (there == 0) {
                throw MlflowError.missing("No tag with name: " + key + " in run with id " + uuid);
            }
            return sql.update("DELETE FROM run_tag WHERE run = ? AND key = ?", run.id(), key);
        });
    }

    void logMetric(String uuid, Metric metric) {
        Checks.metric("", metric);
        log(uuid, List.of(metric), Map.of(), Map.of());
    }

    void logParam(String uuid, String key, String value) {
        Checks.key("key", key);
        log(uuid, List.of(), Map.of(key, Checks.cut(value, Checks.PARAM_VALUE)), Map.of());
    }

    /// Logs all or nothing. The values must have been checked.
    void log(
            String uuid,
            List<Metric> metrics,
            Map<String, String> params,
            Map<String, String> tags) {
        data.write(sql -> {
            RunRow run = RunRow.active(sql, uuid);
            List<String> added = newParams(sql, run, params);
            for (String key : added) {
                sql.update(
                        "INSERT INTO param (run, key, experiment, value)" + " VALUES (?, ?, ?, ?)",
                        run.id(),
                        key,
                        run.experiment(),
                        params.get(key));
            }
            Metrics.log(sql, run, metrics);
            tags.forEach((key, value) -> putTag(sql, run, key, value));
            return true;
        });
    }

    /// Keys of params that are not there yet. Throws when one is there with another value.
    private static List<String> newParams(
            SqlConnection sql, RunRow run, Map<String, String> params) {
        if (params.isEmpty()) {
            return List.of();
        }
        Map<String, String> known = new LinkedHashMap<>();
        sql.each(
                "SELECT key, value FROM param WHERE run = ?",
                row -> known.put(row.text(1), row.text(2)),
                run.id());
        params.forEach((key, value) -> {
            String old = known.get(key);
            if (old != null && !old.equals(value)) {
                throw MlflowError.invalid(
                        "Changing param values is not allowed. Param with key='%s' was already logged with value='%s' for run ID='%s'. Attempted logging new value '%s'."
                                .formatted(key, old, run.uuid(), value));
            }
        });
        return params.keySet().stream().filter(key -> !known.containsKey(key)).toList();
    }

    void logInputs(String uuid, List<RequestFields> datasets, List<String> models) {
        Datasets.check(datasets);
        data.write(sql -> {
            RunRow run = RunRow.active(sql, uuid);
            Datasets.log(sql, run, datasets);
            for (String model : models) {
                sql.update(
                        "INSERT INTO model_input (run, model_id) VALUES (?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        run.id(),
                        model);
            }
            return true;
        });
    }

    void logOutputs(String uuid, List<RequestFields> models) {
        data.write(sql -> {
            RunRow run = RunRow.active(sql, uuid);
            for (RequestFields model : models) {
                sql.update(
                        "INSERT INTO model_output (run, model_id, step) VALUES (?, ?, ?)"
                                + " ON CONFLICT (run, model_id) DO UPDATE SET"
                                + " step = excluded.step",
                        run.id(),
                        model.required("model_id"),
                        model.number("step", 0));
            }
            return true;
        });
    }

    /// Adds a model as clients before MLflow 3 do: to the list in a tag.
    void addModel(String uuid, Map<?, ?> model) {
        String tag = "mlflow.log-model.history";
        data.write(sql -> {
            RunRow run = RunRow.active(sql, uuid);
            List<Object> models = new java.util.ArrayList<>();
            sql.first(
                            "SELECT value FROM run_tag WHERE run = ? AND key = ?",
                            row -> row.text(1),
                            run.id(),
                            tag)
                    .map(text ->
                            HttpJson.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .ifPresent(known -> models.addAll((List<?>) known));
            models.add(model);
            putTag(sql, run, tag, HttpJson.text(models));
            return true;
        });
    }

    /// One page of a metric's history.
    Map<String, @Nullable Object> history(
            String uuid, String key, @Nullable Long most, PageToken page) {
        List<MetricPoint> points =
                data.read(sql -> Metrics.history(sql, RunRow.get(sql, uuid).id(), key));
        int from = (int) Math.min(points.size(), page.offset());
        int to = most == null ? points.size() : (int) Math.min(points.size(), from + most);
        Map<String, @Nullable Object> reply = HttpJson.object();
        if (to > from) {
            reply.put(
                    "metrics", points.subList(from, to).stream().map(p -> point(key, p)).toList());
        }
        if (to < points.size()) {
            reply.put("next_page_token", page.plus(to - from).text());
        }
        return reply;
    }

    static Map<String, @Nullable Object> point(String key, MetricPoint point) {
        return HttpJson.object(
                "key",
                key,
                "value",
                point.isNan() ? (Object) "NaN" : point.value(),
                "timestamp",
                point.timestamp(),
                "step",
                point.step());
    }
}
