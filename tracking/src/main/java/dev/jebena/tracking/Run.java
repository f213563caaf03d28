package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A run with its latest metrics, params, tags, inputs and outputs, each in MLflow's JSON.
final class Run {
    final RunRow row;
    final List<Object> metrics = new ArrayList<>();
    final List<Object> params = new ArrayList<>();
    final List<Object> tags = new ArrayList<>();
    final List<Object> datasets = new ArrayList<>();
    final List<Object> modelInputs = new ArrayList<>();
    final List<Object> modelOutputs = new ArrayList<>();

    Run(RunRow row) {
        this.row = row;
    }

    static Map<String, @Nullable Object> pair(String key, String value) {
        return HttpJson.object("key", key, "value", value);
    }

    static Map<String, @Nullable Object> info(RunRow row) {
        Map<String, @Nullable Object> info =
                HttpJson.object(
                        "run_uuid", row.uuid(),
                        "experiment_id", Long.toString(row.experiment()),
                        "run_name", row.name(),
                        "user_id", row.user(),
                        "status", row.status());
        if (row.startTime() != null) {
            info.put("start_time", row.startTime());
        }
        if (row.endTime() != null) {
            info.put("end_time", row.endTime());
        }
        info.put("artifact_uri", row.artifactUri());
        info.put("lifecycle_stage", row.lifecycle());
        info.put("run_id", row.uuid());
        return info;
    }

    /// Empty lists are left out, as protobuf's JSON does.
    static Map<String, @Nullable Object> filled(Object... namesAndLists) {
        Map<String, @Nullable Object> json = HttpJson.object();
        for (int i = 0; i < namesAndLists.length; i += 2) {
            if (!((List<?>) namesAndLists[i + 1]).isEmpty()) {
                json.put((String) namesAndLists[i], namesAndLists[i + 1]);
            }
        }
        return json;
    }

    Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "info", info(row),
                "data", filled("metrics", metrics, "params", params, "tags", tags),
                "inputs", filled("dataset_inputs", datasets, "model_inputs", modelInputs),
                "outputs", filled("model_outputs", modelOutputs));
    }
}
