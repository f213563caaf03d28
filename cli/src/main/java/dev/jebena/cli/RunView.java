package dev.jebena.cli;

import dev.jebena.tracking.TrackingClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A tracked run as a reply has it, by names.
record RunView(Map<String, @Nullable Object> run) {
    private Map<?, ?> part(String name) {
        return run.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }

    /// A field of the run itself, such as `status`; empty when it is missing.
    String info(String name) {
        return Objects.toString(part("info").get(name), "");
    }

    String id() {
        return info("run_id");
    }

    /// Milliseconds since 1970; null before the run has that time.
    @Nullable Long time(String name) {
        return part("info").get(name) instanceof Number number ? number.longValue() : null;
    }

    /// Params, tags or latest metrics by their keys.
    Map<String, String> values(String list) {
        Map<String, String> values = new TreeMap<>();
        TrackingClient.entries(part("data"), list)
                .forEach(entry ->
                        values.put(
                                String.valueOf(entry.get("key")),
                                String.valueOf(entry.get("value"))));
        return values;
    }

    /// The tags that people set, without those of the clients.
    Map<String, String> ownTags() {
        Map<String, String> tags = values("tags");
        tags.keySet().removeIf(key -> key.startsWith("mlflow."));
        return tags;
    }

    /// The data sets that the run has read.
    List<Map<String, @Nullable Object>> inputs() {
        return TrackingClient.entries(part("inputs"), "dataset_inputs");
    }

    Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", id());
        fields.put("name", info("run_name"));
        fields.put("experiment", info("experiment_id"));
        fields.put("status", info("status"));
        fields.put("lifecycle", info("lifecycle_stage"));
        fields.put("user", info("user_id"));
        Long start = time("start_time");
        Long end = time("end_time");
        if (start != null) {
            fields.put("start", start);
        }
        if (end != null) {
            fields.put("end", end);
        }
        fields.put("artifacts", info("artifact_uri"));
        Map<String, Object> metrics = new TreeMap<>();
        TrackingClient.entries(part("data"), "metrics")
                .forEach(entry ->
                        metrics.put(
                                String.valueOf(entry.get("key")),
                                Objects.requireNonNullElse(entry.get("value"), "")));
        fields.put("metrics", metrics);
        fields.put("params", values("params"));
        fields.put("tags", values("tags"));
        fields.put("inputs", inputs());
        return fields;
    }
}
