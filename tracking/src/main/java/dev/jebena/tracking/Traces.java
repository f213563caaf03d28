package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Traces with their spans: written by MLflow's clients in two parts, in either order (the info,
/// and the spans by OTLP), or by any OpenTelemetry exporter as spans alone.
final class Traces {
    static final String NAME_TAG = "mlflow.traceName";
    static final String RUN_METADATA = "mlflow.sourceRun";
    private static final String FINAL = "mlflow.trace.infoFinalized";
    private static final String LOCATION_TAG = "mlflow.artifactLocation";
    private static final String SPANS_TAG = "mlflow.trace.spansLocation";
    static final int PREVIEW = 1000;

    private final SqlDatabase data;

    Traces(SqlDatabase data) {
        this.data = data;
    }

    /// Stores what a client knows of a trace, over what its spans told.
    Map<String, @Nullable Object> start(TraceInfo info, RequestFields f) {
        return data.write(sql -> {
            Experiments.Place place =
                    Experiments.Place.active(sql, Long.toString(info.experiment()));
            put(sql, info);
            f.strings("trace_metadata")
                    .forEach((k, v) -> putPair(sql, "trace_metadata", info.id(), k, v));
            f.strings("tags").forEach((k, v) -> putPair(sql, "trace_tag", info.id(), k, v));
            putLocation(sql, place, info.id());
            for (RequestFields assessment : f.objects("assessments")) {
                Map<String, @Nullable Object> content = new LinkedHashMap<>(assessment.json());
                content.putIfAbsent("assessment_id", "a-" + Runs.newId());
                content.put("trace_id", info.id());
                content.putIfAbsent("create_time", TraceInfo.timeText(info.time()));
                content.putIfAbsent("last_update_time", content.get("create_time"));
                Assessments.store(sql, content);
            }
            return TraceInfo.get(sql, info.id()).json(sql);
        });
    }

    /// Ends a trace as MLflow 2 does.
    void end(String id, long time, String state, RequestFields f) {
        TraceInfo known = data.read(sql -> TraceInfo.get(sql, id));
        start(
                new TraceInfo(
                        id,
                        known.experiment(),
                        known.time(),
                        time - known.time(),
                        state,
                        known.clientRequestId(),
                        null,
                        null),
                f);
    }

    /// Notes in a tag which prompts a trace used.
    void linkPrompts(String id, List<RequestFields> prompts) {
        String tag = "mlflow.linkedPrompts";
        data.write(sql -> {
            TraceInfo.get(sql, id);
            List<@Nullable Object> linked = new ArrayList<>();
            sql.first(
                            "SELECT value FROM trace_tag WHERE trace = ? AND key = ?",
                            row -> row.text(1),
                            id,
                            tag)
                    .map(text -> HttpJson.parse(text.getBytes(StandardCharsets.UTF_8)))
                    .ifPresent(old -> linked.addAll((List<?>) old));
            for (RequestFields prompt : prompts) {
                Object entry =
                        HttpJson.object(
                                "name", prompt.required("name"),
                                "version", prompt.required("version"));
                if (!linked.contains(entry)) {
                    linked.add(entry);
                }
            }
            putPair(sql, "trace_tag", id, tag, HttpJson.text(linked));
            return true;
        });
    }

    private static void put(SqlConnection sql, TraceInfo info) {
        sql.update(
                "INSERT INTO trace (id, experiment, request_time, duration, state,"
                        + " client_request_id, request_preview, response_preview)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                        + " request_time = excluded.request_time, duration = excluded.duration,"
                        + " state = excluded.state,"
                        + " client_request_id = coalesce(excluded.client_request_id, trace.client_request_id),"
                        + " request_preview = coalesce(excluded.request_preview, trace.request_preview),"
                        + " response_preview = coalesce(excluded.response_preview, trace.response_preview)",
                info.id(),
                info.experiment(),
                info.time(),
                info.duration(),
                info.state(),
                info.clientRequestId(),
                info.requestPreview(),
                info.responsePreview());
    }

    static void putPair(SqlConnection sql, String table, String trace, String key, String value) {
        Checks.length("key", key, Checks.KEY);
        sql.update(
                "INSERT INTO "
                        + table
                        + " (trace, key, value) VALUES (?, ?, ?)"
                        + " ON CONFLICT (trace, key) DO UPDATE SET value = excluded.value",
                trace,
                key,
                Checks.cut(value, Checks.TAG_VALUE));
    }

    private static void putLocation(SqlConnection sql, Experiments.Place place, String trace) {
        putPair(
                sql,
                "trace_tag",
                trace,
                LOCATION_TAG,
                place.artifactLocation() + "/traces/" + trace + "/artifacts");
    }

    /// Stores spans, and makes the traces that they belong to where those are new.
    ///
    /// @param run the run that they were recorded in; empty for none
    void log(String experiment, List<Span> spans, String run) {
        Map<String, List<Span>> byTrace = new LinkedHashMap<>();
        spans.forEach(s -> byTrace.computeIfAbsent(s.trace(), _ -> new ArrayList<>()).add(s));
        data.write(sql -> {
            Experiments.Place place = Experiments.Place.active(sql, experiment);
            byTrace.forEach((trace, own) -> {
                log(sql, place, trace, own);
                if (!run.isEmpty()) {
                    putPair(sql, "trace_metadata", trace, RUN_METADATA, run);
                }
            });
            return true;
        });
    }

    private static void log(
            SqlConnection sql, Experiments.Place place, String trace, List<Span> spans) {
        for (Span span : spans) {
            String type = span.text(Span.TYPE);
            sql.update(
                    "INSERT INTO span (trace, id, parent, name, type, status, start_time, end_time,"
                            + " content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (trace, id) DO UPDATE SET parent = excluded.parent,"
                            + " name = excluded.name, type = excluded.type,"
                            + " status = excluded.status, start_time = excluded.start_time,"
                            + " end_time = excluded.end_time, content = excluded.content",
                    trace,
                    span.idText(),
                    span.parentText(),
                    span.name(),
                    type,
                    span.statusText(),
                    span.start(),
                    span.end(),
                    HttpJson.text(span.json()));
        }
        Optional<Span> root = spans.stream().filter(s -> s.parent() == null).findFirst();
        TraceInfo told = told(place.id(), trace, spans, root);
        Optional<TraceInfo> known = TraceInfo.find(sql, trace);
        boolean isFinal =
                known.isPresent()
                        && sql.number(
                                        "SELECT count(*) FROM trace_metadata WHERE trace = ? AND key = ?",
                                        trace,
                                        FINAL)
                                > 0;
        if (!isFinal) {
            put(sql, known.map(k -> merged(k, told, root.isPresent())).orElse(told));
        }
        if (known.isEmpty()) {
            putLocation(sql, place, trace);
        }
        putPair(sql, "trace_tag", trace, SPANS_TAG, "TRACKING_STORE");
        root.ifPresent(span ->
                sql.update(
                        "INSERT INTO trace_tag (trace, key, value) VALUES (?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        trace,
                        NAME_TAG,
                        span.name()));
    }

    private static TraceInfo told(
            long experiment, String trace, List<Span> spans, Optional<Span> root) {
        long start = spans.stream().mapToLong(Span::start).min().orElse(0) / 1_000_000;
        long end =
                spans.stream().mapToLong(s -> s.end() == null ? 0 : s.end()).max().orElse(0)
                        / 1_000_000;
        String state =
                root.map(s -> s.end() == null ? "IN_PROGRESS" : s.status() == 2 ? "ERROR" : "OK")
                        .orElse("IN_PROGRESS");
        return new TraceInfo(
                trace,
                experiment,
                start,
                end < start ? null : (Long) (end - start),
                state,
                null,
                preview(root.map(s -> s.text("mlflow.spanInputs")).orElse(null)),
                preview(root.map(s -> s.text("mlflow.spanOutputs")).orElse(null)));
    }

    private static @Nullable String preview(@Nullable String text) {
        return text == null ? null : Checks.cut(text, PREVIEW);
    }

    private static TraceInfo merged(TraceInfo known, TraceInfo told, boolean rooted) {
        long start = Math.min(known.time(), told.time());
        Long knownDuration = known.duration();
        Long toldDuration = told.duration();
        long end =
                Math.max(
                        knownDuration == null ? 0 : known.time() + knownDuration,
                        toldDuration == null ? 0 : told.time() + toldDuration);
        return new TraceInfo(
                known.id(),
                known.experiment(),
                start,
                end == 0 ? null : (Long) (end - start),
                rooted ? told.state() : known.state(),
                known.clientRequestId(),
                told.requestPreview(),
                told.responsePreview());
    }

    Map<String, @Nullable Object> info(String id) {
        return data.read(sql -> TraceInfo.get(sql, id).json(sql));
    }

    Map<String, @Nullable Object> info2(String id) {
        return data.read(sql -> TraceInfo.get(sql, id).json2(sql));
    }

    /// A trace with its spans.
    Map<String, @Nullable Object> whole(String id) {
        return data.read(sql -> whole(sql, TraceInfo.get(sql, id)));
    }

    private static Map<String, @Nullable Object> whole(SqlConnection sql, TraceInfo info) {
        Map<String, @Nullable Object> trace = HttpJson.object("trace_info", info.json(sql));
        List<Map<String, @Nullable Object>> spans =
                sql.list(
                        "SELECT content FROM span WHERE trace = ? ORDER BY start_time, id",
                        row -> Assessments.parsed(row.text(1)),
                        info.id());
        if (!spans.isEmpty()) {
            trace.put("spans", spans);
        }
        return trace;
    }

    /// The traces that are there, with spans.
    List<Map<String, @Nullable Object>> whole(List<String> ids, Predicate<TraceInfo> readable) {
        return data.read(sql ->
                ids.stream()
                        .map(id -> TraceInfo.find(sql, id))
                        .flatMap(Optional::stream)
                        .filter(readable)
                        .map(info -> whole(sql, info))
                        .toList());
    }

    void setTag(String id, String key, String value) {
        Checks.key("key", key);
        data.write(sql -> {
            TraceInfo.get(sql, id);
            putPair(sql, "trace_tag", id, key, value);
            return true;
        });
    }

    void deleteTag(String id, String key) {
        data.write(sql -> {
            TraceInfo.get(sql, id);
            long there =
                    sql.number(
                            "SELECT count(*) FROM trace_tag WHERE trace = ? AND key = ?", id, key);
            if (there == 0) {
                throw MlflowError.missing(
                        "No trace tag with key '" + key + "' for trace with ID '" + id + "'");
            }
            return sql.update("DELETE FROM trace_tag WHERE trace = ? AND key = ?", id, key);
        });
    }

    void linkToRun(List<String> ids, String run) {
        data.write(sql -> {
            for (String id : ids) {
                TraceInfo.get(sql, id);
                putPair(sql, "trace_metadata", id, RUN_METADATA, run);
            }
            return true;
        });
    }

    /// Deletes traces by id, or the oldest before a time; the number of those that were there.
    long delete(RequestFields f) {
        long experiment = Checks.experimentId(f.required("experiment_id"));
        List<String> ids = new ArrayList<>(f.texts("request_ids"));
        ids.addAll(f.texts("trace_ids"));
        Long before = f.numberOrNull("max_timestamp_millis");
        if (ids.isEmpty() == (before == null)) {
            throw MlflowError.invalid(
                    "Either `max_timestamp_millis` or `trace_ids` must be specified, but not both.");
        }
        return data.write(sql -> {
            if (before != null) {
                ids.addAll(
                        sql.list(
                                "SELECT id FROM trace WHERE experiment = ?"
                                        + " AND request_time <= ? ORDER BY request_time LIMIT ?",
                                row -> row.text(1),
                                experiment,
                                before,
                                f.number("max_traces", 1, 1_000_000, 1_000_000)));
            }
            long deleted = 0;
            for (String id : ids) {
                deleted += delete(sql, experiment, id);
            }
            return deleted;
        });
    }

    private static int delete(SqlConnection sql, long experiment, String id) {
        int deleted =
                sql.update("DELETE FROM trace WHERE id = ? AND experiment = ?", id, experiment);
        if (deleted > 0) {
            for (String table : List.of("trace_tag", "trace_metadata", "span", "assessment")) {
                sql.update("DELETE FROM " + table + " WHERE trace = ?", id);
            }
        }
        return deleted;
    }

    /// One page of traces.
    ///
    /// @param version2 whether they are shown as MLflow 2 did
    Map<String, @Nullable Object> search(
            List<Long> experiments, RequestFields f, boolean version2) {
        long most = f.number("max_results", 1, 500, 100);
        PageToken page = PageToken.parse(f.text("page_token"));
        if (experiments.isEmpty()) {
            return HttpJson.object();
        }
        SqlText query =
                new SqlText(data.dialect())
                        .add(
                                TraceInfo.SELECT
                                        + " WHERE t.experiment IN ("
                                        + SqlText.marks(experiments.size())
                                        + ")",
                                experiments.toArray());
        for (FilterClause clause :
                FilterParser.parse(TraceFilter.GRAMMAR, f.textOrNull("filter"))) {
            query.add(" AND ");
            TraceFilter.condition(query, clause);
        }
        query.add(" ORDER BY ");
        for (OrderClause order : OrderClause.parse(TraceFilter.GRAMMAR, f.texts("order_by"))) {
            query.add(TraceFilter.column(order.key()) + order.direction() + ", ");
        }
        query.add("t.request_time DESC, t.id LIMIT ? OFFSET ?", most + 1, page.offset());
        return data.read(sql -> {
            List<TraceInfo> found = sql.list(query.text(), TraceInfo::of, query.values());
            List<Map<String, @Nullable Object>> shown =
                    found.stream().map(t -> version2 ? t.json2(sql) : t.json(sql)).toList();
            return page.json("traces", shown, most, t -> t);
        });
    }
}
