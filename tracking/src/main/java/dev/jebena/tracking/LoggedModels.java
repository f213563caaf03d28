package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import dev.jebena.base.SqlRow;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// MLflow 3's logged models: what a run produced, with params, tags and the metrics that were
/// measured on it.
final class LoggedModels {
    private static final List<String> STATUSES =
            List.of("LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED");
    private static final String SELECT =
            "SELECT m.id, m.experiment, m.name, m.created, m.updated, m.artifact_uri, m.status,"
                    + " m.model_type, m.source_run_id, m.status_message, m.lifecycle"
                    + " FROM logged_model m";

    private final SqlDatabase data;
    private final Clock clock;

    LoggedModels(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    Map<String, @Nullable Object> create(RequestFields f) {
        String id = "m-" + Runs.newId();
        String name = f.text("name").isEmpty() ? id : f.text("name");
        checkName(name);
        Map<String, String> params = f.pairs("params");
        Map<String, String> tags = f.pairs("tags");
        params.forEach((key, value) -> checkParam(key, value));
        tags.keySet().forEach(key -> Checks.key("key", key));
        return data.write(sql -> {
            Experiments.Place place = Experiments.Place.active(sql, f.required("experiment_id"));
            long now = clock.millis();
            sql.update(
                    "INSERT INTO logged_model (id, experiment, name, artifact_uri,"
                            + " created, updated, status, lifecycle, model_type,"
                            + " source_run_id) VALUES (?, ?, ?, ?, ?, ?, ?, 'active', ?, ?)",
                    id,
                    place.id(),
                    name,
                    place.artifactLocation() + "/models/" + id + "/artifacts",
                    now,
                    now,
                    STATUSES.getFirst(),
                    f.textOrNull("model_type"),
                    f.textOrNull("source_run_id"));
            params.forEach((key, value) -> put(sql, "param", id, key, value));
            tags.forEach((key, value) -> put(sql, "tag", id, key, value));
            return model(sql, id);
        });
    }

    private static void checkName(String name) {
        if (name.matches("(?s).*[/:.%\"'].*")) {
            throw MlflowError.invalid(
                    "Invalid model name ("
                            + name
                            + ") provided. Model name must be a non-empty string and cannot contain"
                            + " the following characters: ['/', ':', '.', '%', '\"', \"'\"]");
        }
    }

    private static void checkParam(String key, String value) {
        Checks.key("key", key);
        Checks.length("Param value", value, Checks.PARAM_VALUE);
    }

    private static void put(SqlConnection sql, String kind, String id, String key, String value) {
        sql.update(
                "INSERT INTO logged_model_"
                        + kind
                        + " (model_id, key, value) VALUES (?, ?, ?) ON CONFLICT (model_id, key)"
                        + " DO UPDATE SET value = excluded.value",
                id,
                key,
                value);
    }

    Map<String, @Nullable Object> get(String id) {
        return data.read(sql -> model(sql, id));
    }

    private static Map<String, @Nullable Object> model(SqlConnection sql, String id) {
        Map<String, @Nullable Object> info =
                sql.first(
                                SELECT + " WHERE m.id = ? AND m.lifecycle = 'active'",
                                LoggedModels::info,
                                id)
                        .orElseThrow(() ->
                                MlflowError.missing(
                                        "Logged model with ID '" + id + "' not found."));
        return whole(sql, info);
    }

    private static Map<String, @Nullable Object> info(SqlRow row) {
        Map<String, @Nullable Object> info =
                HttpJson.object(
                        "model_id", row.text(1),
                        "experiment_id", Long.toString(row.number(2)),
                        "name", row.text(3),
                        "creation_timestamp_ms", row.number(4),
                        "last_updated_timestamp_ms", row.number(5),
                        "artifact_uri", row.text(6),
                        "status", row.text(7));
        Datasets.putIfThere(info, "model_type", row.textOrNull(8));
        Datasets.putIfThere(info, "source_run_id", row.textOrNull(9));
        Datasets.putIfThere(info, "status_message", row.textOrNull(10));
        return info;
    }

    /// The model with its tags, params and metrics.
    static Map<String, @Nullable Object> whole(
            SqlConnection sql, Map<String, @Nullable Object> info) {
        Object id = Objects.requireNonNull(info.get("model_id"));
        List<Map<String, @Nullable Object>> tags = pairs(sql, "tag", id);
        if (!tags.isEmpty()) {
            info.put("tags", tags);
        }
        List<Map<String, @Nullable Object>> metrics =
                sql.list(
                        "SELECT key, value, timestamp, step, run, dataset_name, dataset_digest,"
                                + " model_id FROM logged_model_metric WHERE model_id = ?",
                        LoggedModels::metric,
                        id);
        return HttpJson.object(
                "info",
                info,
                "data",
                Run.filled("params", pairs(sql, "param", id), "metrics", metrics));
    }

    private static Map<String, @Nullable Object> metric(SqlRow row) {
        Map<String, @Nullable Object> metric =
                HttpJson.object(
                        "key", row.text(1),
                        "value", row.real(2),
                        "timestamp", row.number(3),
                        "step", row.number(4),
                        "model_id", row.text(8),
                        "run_id", row.text(5));
        if (!row.text(6).isEmpty()) {
            metric.put("dataset_name", row.text(6));
            metric.put("dataset_digest", row.text(7));
        }
        return metric;
    }

    private static List<Map<String, @Nullable Object>> pairs(
            SqlConnection sql, String kind, Object id) {
        return sql.list(
                "SELECT key, value FROM logged_model_" + kind + " WHERE model_id = ?",
                row -> Run.pair(row.text(1), row.text(2)),
                id);
    }

    Map<String, @Nullable Object> finish(String id, RequestFields f) {
        String status = f.required("status");
        Checks.oneOf("status", status, STATUSES);
        return data.write(sql -> {
            model(sql, id);
            touch(sql, id);
            sql.update(
                    "UPDATE logged_model SET status = ?, status_message ="
                            + " coalesce(?, status_message) WHERE id = ?",
                    status,
                    f.textOrNull("status_message"),
                    id);
            return model(sql, id);
        });
    }

    private void touch(SqlConnection sql, String id) {
        sql.update("UPDATE logged_model SET updated = ? WHERE id = ?", clock.millis(), id);
    }

    void delete(String id) {
        data.write(sql -> {
            model(sql, id);
            return sql.update(
                    "UPDATE logged_model SET lifecycle = 'deleted', updated = ?" + " WHERE id = ?",
                    clock.millis(),
                    id);
        });
    }

    void setTags(String id, Map<String, String> tags) {
        tags.keySet().forEach(key -> Checks.key("key", key));
        data.write(sql -> {
            model(sql, id);
            tags.forEach((key, value) -> put(sql, "tag", id, key, value));
            return true;
        });
    }

    void deleteTag(String id, String key) {
        data.write(sql -> {
            model(sql, id);
            long there =
                    sql.number(
                            "SELECT count(*) FROM logged_model_tag"
                                    + " WHERE model_id = ? AND key = ?",
                            id,
                            key);
            if (there == 0) {
                throw MlflowError.missing(
                        "No tag with key '" + key + "' found for model with ID '" + id + "'.");
            }
            return sql.update(
                    "DELETE FROM logged_model_tag WHERE model_id = ? AND key = ?", id, key);
        });
    }

    void logParams(String id, Map<String, String> params) {
        params.forEach((key, value) -> checkParam(key, value));
        data.write(sql -> {
            model(sql, id);
            Map<String, String> known = new LinkedHashMap<>();
            sql.each(
                    "SELECT key, value FROM logged_model_param WHERE model_id = ?",
                    row -> known.put(row.text(1), row.text(2)),
                    id);
            params.forEach((key, value) -> {
                if (!known.getOrDefault(key, value).equals(value)) {
                    throw MlflowError.invalid(
                            "Changing param values is not allowed. Param with key='"
                                    + key
                                    + "' was already logged for model "
                                    + id);
                }
            });
            params.forEach((key, value) -> put(sql, "param", id, key, value));
            return true;
        });
    }

    String artifactUri(String id) {
        return data.read(sql ->
                sql.first(
                                "SELECT artifact_uri FROM logged_model WHERE id = ?",
                                row -> row.text(1),
                                id)
                        .orElseThrow(() ->
                                MlflowError.missing(
                                        "Logged model with ID '" + id + "' not found.")));
    }

    /// One page of models.
    Map<String, @Nullable Object> search(RequestFields f, List<Long> experiments) {
        long most = f.number("max_results", 1, 50_000, 50);
        PageToken page = PageToken.parse(f.text("page_token"));
        if (experiments.isEmpty()) {
            return HttpJson.object();
        }
        SqlText query = new SqlText(data.dialect()).add(SELECT);
        SqlText order = LoggedModelFilter.order(query, f.objects("order_by"));
        query.add(
                " WHERE m.lifecycle = 'active' AND m.experiment IN ("
                        + SqlText.marks(experiments.size())
                        + ")",
                experiments.toArray());
        LoggedModelFilter.where(query, f);
        query.add(order).add("m.created DESC, m.id LIMIT ? OFFSET ?", most + 1, page.offset());
        return data.read(sql ->
                page.json(
                        "models",
                        new ArrayList<>(sql.list(query.text(), LoggedModels::info, query.values())),
                        most,
                        info -> whole(sql, info)));
    }
}
