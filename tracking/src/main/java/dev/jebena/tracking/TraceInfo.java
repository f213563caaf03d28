package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlRow;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A trace without its spans.
///
/// @param time milliseconds since 1970
/// @param duration milliseconds; null while it is running
record TraceInfo(
        String id,
        long experiment,
        long time,
        @Nullable Long duration,
        String state,
        @Nullable String clientRequestId,
        @Nullable String requestPreview,
        @Nullable String responsePreview) {
    static final String SELECT =
            "SELECT t.id, t.experiment, t.request_time, t.duration, t.state, t.client_request_id,"
                    + " t.request_preview, t.response_preview FROM trace t";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    static TraceInfo of(SqlRow row) {
        return new TraceInfo(
                row.text(1),
                row.number(2),
                row.number(3),
                row.numberOrNull(4),
                row.text(5),
                row.textOrNull(6),
                row.textOrNull(7),
                row.textOrNull(8));
    }

    static Optional<TraceInfo> find(SqlConnection sql, String id) {
        return sql.first(SELECT + " WHERE t.id = ?", TraceInfo::of, id);
    }

    static TraceInfo get(SqlConnection sql, String id) {
        return find(sql, id)
                .orElseThrow(() -> MlflowError.missing("Trace with ID '" + id + "' not found."));
    }

    static String timeText(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis));
    }

    /// Milliseconds of an RFC 3339 time.
    static long millis(String field, String time) {
        try {
            return java.time.OffsetDateTime.parse(time).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            throw MlflowError.wrongValue(field, time).causedBy(e);
        }
    }

    /// Milliseconds of protobuf's `1.5s`.
    static long durationMillis(String field, String duration) {
        if (!duration.matches("-?\\d{1,12}(\\.\\d{1,9})?s")) {
            throw MlflowError.wrongValue(field, duration);
        }
        return new BigDecimal(duration.substring(0, duration.length() - 1))
                .movePointRight(3)
                .longValue();
    }

    private static Map<String, @Nullable Object> strings(
            SqlConnection sql, String table, String trace) {
        Map<String, @Nullable Object> strings = HttpJson.object();
        sql.each(
                "SELECT key, value FROM " + table + " WHERE trace = ?",
                row -> strings.put(row.text(1), row.text(2)),
                trace);
        return strings;
    }

    /// The JSON of MLflow 3.
    Map<String, @Nullable Object> json(SqlConnection sql) {
        Map<String, @Nullable Object> json =
                HttpJson.object(
                        "trace_id", id,
                        "trace_location",
                                HttpJson.object(
                                        "type",
                                        "MLFLOW_EXPERIMENT",
                                        "mlflow_experiment",
                                        HttpJson.object(
                                                "experiment_id", Long.toString(experiment))),
                        "request_time", timeText(time));
        if (duration != null) {
            json.put("execution_duration", BigDecimal.valueOf(duration, 3).toPlainString() + "s");
        }
        json.put("state", state);
        json.put("trace_metadata", strings(sql, "trace_metadata", id));
        json.put("tags", strings(sql, "trace_tag", id));
        Datasets.putIfThere(json, "request_preview", requestPreview);
        Datasets.putIfThere(json, "response_preview", responsePreview);
        Datasets.putIfThere(json, "client_request_id", clientRequestId);
        List<Map<String, @Nullable Object>> assessments = Assessments.of(sql, id);
        if (!assessments.isEmpty()) {
            json.put("assessments", assessments);
        }
        return json;
    }

    /// The JSON of MLflow 2.
    Map<String, @Nullable Object> json2(SqlConnection sql) {
        Map<String, @Nullable Object> json =
                HttpJson.object(
                        "request_id", id,
                        "experiment_id", Long.toString(experiment),
                        "timestamp_ms", time);
        Datasets.putIfThere(json, "execution_time_ms", duration);
        json.put("status", state);
        json.put("request_metadata", pairs(strings(sql, "trace_metadata", id)));
        json.put("tags", pairs(strings(sql, "trace_tag", id)));
        return json;
    }

    private static List<Object> pairs(Map<String, @Nullable Object> strings) {
        List<Object> pairs = new ArrayList<>();
        strings.forEach((key, value) -> pairs.add(Run.pair(key, String.valueOf(value))));
        return pairs;
    }
}
