package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Judgements of traces: feedback and expectations, by people and programs.
final class Assessments {
    private static final List<String> KINDS = List.of("feedback", "expectation", "issue");

    private final SqlDatabase data;
    private final Clock clock;

    Assessments(SqlDatabase data, Clock clock) {
        this.data = data;
        this.clock = clock;
    }

    static List<Map<String, @Nullable Object>> of(SqlConnection sql, String trace) {
        return sql.list(
                "SELECT content FROM assessment WHERE trace = ? ORDER BY created, id",
                row -> parsed(row.text(1)),
                trace);
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> parsed(String json) {
        return (Map<String, @Nullable Object>)
                java.util.Objects.requireNonNull(
                        HttpJson.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    Map<String, @Nullable Object> create(String trace, RequestFields fields) {
        String now = TraceInfo.timeText(clock.millis());
        Map<String, @Nullable Object> content =
                HttpJson.object(
                        "assessment_id",
                        "a-" + Runs.newId(),
                        "assessment_name",
                        fields.required("assessment_name"),
                        "trace_id",
                        trace);
        fields.json().forEach(content::putIfAbsent);
        content.putIfAbsent("create_time", now);
        content.putIfAbsent("last_update_time", now);
        content.putIfAbsent("valid", true);
        kind(content);
        return data.write(sql -> {
            TraceInfo.get(sql, trace);
            store(sql, content);
            String replaced = fields.text("overrides");
            if (!replaced.isEmpty()) {
                Map<String, @Nullable Object> old = get(sql, trace, replaced);
                old.put("valid", false);
                store(sql, old);
            }
            return content;
        });
    }

    private static String kind(Map<String, @Nullable Object> content) {
        return KINDS.stream()
                .filter(content::containsKey)
                .findFirst()
                .orElseThrow(() ->
                        MlflowError.invalid(
                                "An assessment needs one of feedback, expectation or" + " issue"));
    }

    static void store(SqlConnection sql, Map<String, @Nullable Object> content) {
        String kind = kind(content);
        Object value = content.get(kind) instanceof Map<?, ?> map ? map.get("value") : null;
        sql.update(
                "INSERT INTO assessment (id, trace, name, kind, value, number, valid, created,"
                        + " updated, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
                        + " kind = excluded.kind, value = excluded.value, number = excluded.number,"
                        + " valid = excluded.valid, updated = excluded.updated,"
                        + " content = excluded.content",
                String.valueOf(content.get("assessment_id")),
                String.valueOf(content.get("trace_id")),
                String.valueOf(content.get("assessment_name")),
                kind,
                value instanceof String text ? text : HttpJson.text(value),
                value instanceof Number number ? number.doubleValue() : null,
                !Boolean.FALSE.equals(content.get("valid")),
                TraceInfo.millis("create_time", String.valueOf(content.get("create_time"))),
                TraceInfo.millis(
                        "last_update_time", String.valueOf(content.get("last_update_time"))),
                HttpJson.text(content));
    }

    Map<String, @Nullable Object> get(String trace, String id) {
        return data.read(sql -> get(sql, trace, id));
    }

    private static Map<String, @Nullable Object> get(SqlConnection sql, String trace, String id) {
        TraceInfo.get(sql, trace);
        return sql.first(
                        "SELECT content FROM assessment WHERE trace = ? AND id = ?",
                        row -> parsed(row.text(1)),
                        trace,
                        id)
                .orElseThrow(() ->
                        MlflowError.missing(
                                "Assessment with ID '"
                                        + id
                                        + "' not found for trace '"
                                        + trace
                                        + "'"));
    }

    /// Changes the fields that the mask names.
    Map<String, @Nullable Object> update(String trace, String id, RequestFields f) {
        RequestFields change = f.requiredObject("assessment");
        Set<String> mask =
                java.util.Arrays.stream(f.required("update_mask").split(","))
                        .map(name ->
                                name.strip()
                                        .replaceAll("([A-Z])", "_$1")
                                        .toLowerCase(java.util.Locale.ROOT))
                        .collect(Collectors.toSet());
        return data.write(sql -> {
            Map<String, @Nullable Object> content = get(sql, trace, id);
            for (String name : mask) {
                Object value = change.json().get(name);
                if (value instanceof Map<?, ?> added
                        && content.get(name) instanceof Map<?, ?> old
                        && name.equals("metadata")) {
                    Map<Object, @Nullable Object> merged = new java.util.LinkedHashMap<>(old);
                    merged.putAll(added);
                    content.put(name, merged);
                } else if (value != null) {
                    content.put(name, value);
                }
            }
            content.put("last_update_time", TraceInfo.timeText(clock.millis()));
            store(sql, content);
            return content;
        });
    }

    void delete(String trace, String id) {
        data.write(sql -> {
            TraceInfo.get(sql, trace);
            return sql.update("DELETE FROM assessment WHERE trace = ? AND id = ?", trace, id);
        });
    }
}
