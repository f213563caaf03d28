package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Spans from an OTLP export request in protobuf (opentelemetry-proto, trace/v1).
final class OtlpSpans {
    private static final int MOST_SPANS = 100_000;
    private static final int DEEPEST = 60;
    private static final List<String> STATUS_CODES =
            List.of("STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR");

    private OtlpSpans() {}

    static List<Span> read(byte[] request) {
        List<Span> spans = new ArrayList<>();
        ProtoReader all = new ProtoReader(request);
        while (all.next()) {
            if (all.field() == 1) {
                resource(all.message(), spans);
            } else {
                all.skip();
            }
        }
        return spans;
    }

    private static void resource(ProtoReader in, List<Span> spans) {
        while (in.next()) {
            if (in.field() == 2) {
                scope(in.message(), spans);
            } else {
                in.skip();
            }
        }
    }

    private static void scope(ProtoReader in, List<Span> spans) {
        while (in.next()) {
            if (in.field() == 2) {
                if (spans.size() >= MOST_SPANS) {
                    throw MlflowError.invalid("More than " + MOST_SPANS + " spans in one request");
                }
                spans.add(span(in.message()));
            } else {
                in.skip();
            }
        }
    }

    private static final class Draft {
        byte[] trace = {};
        byte[] id = {};
        byte @Nullable [] parent;
        String name = "";
        long start;
        @Nullable Long end;
        int status;
        @Nullable Object kind;
        final List<Object> attributes = new ArrayList<>();
        final List<Object> events = new ArrayList<>();
        final List<Object> links = new ArrayList<>();
        Map<String, @Nullable Object> statusJson = HttpJson.object();
    }

    private static Span span(ProtoReader in) {
        Draft draft = new Draft();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> draft.trace = in.bytes();
                case 2 -> draft.id = in.bytes();
                case 4 -> draft.parent = in.bytes();
                case 5 -> draft.name = in.text();
                case 6 -> draft.kind = in.number();
                case 7 -> draft.start = in.fixed64();
                case 8 -> draft.end = in.fixed64();
                case 9 -> draft.attributes.add(pair(in.message(), 0));
                case 11 -> draft.events.add(event(in.message()));
                case 13 -> draft.links.add(link(in.message()));
                case 15 -> status(in.message(), draft);
                default -> in.skip();
            }
        }
        return finished(draft);
    }

    private static Span finished(Draft draft) {
        if (draft.trace.length != 16 || draft.id.length != 8) {
            throw MlflowError.invalid(
                    "Invalid OpenTelemetry format: a span has no trace id of 16 bytes and span id of"
                            + " 8");
        }
        boolean root = draft.parent == null || draft.parent.length == 0;
        byte @Nullable [] parent = root ? null : draft.parent;
        Long end = draft.end == null || draft.end == 0 ? null : draft.end;
        Map<String, @Nullable Object> json =
                HttpJson.object(
                        "trace_id", Span.base64(draft.trace), "span_id", Span.base64(draft.id));
        if (parent != null) {
            json.put("parent_span_id", Span.base64(parent));
        }
        json.put("name", draft.name);
        Datasets.putIfThere(json, "kind", draft.kind);
        json.put("start_time_unix_nano", draft.start);
        Datasets.putIfThere(json, "end_time_unix_nano", end);
        json.putAll(
                Run.filled(
                        "attributes", draft.attributes,
                        "events", draft.events,
                        "links", draft.links));
        json.put("status", draft.statusJson);
        return new Span(
                draft.trace, draft.id, parent, draft.name, draft.start, end, draft.status, json);
    }

    private static void status(ProtoReader in, Draft draft) {
        while (in.next()) {
            switch (in.field()) {
                case 2 -> draft.statusJson.put("message", in.text());
                case 3 -> {
                    draft.status = Math.clamp(in.number(), 0, 2);
                    draft.statusJson.put("code", STATUS_CODES.get(draft.status));
                }
                default -> in.skip();
            }
        }
    }

    private static Map<String, @Nullable Object> event(ProtoReader in) {
        Map<String, @Nullable Object> event = HttpJson.object();
        List<Object> attributes = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> event.put("time_unix_nano", in.fixed64());
                case 2 -> event.put("name", in.text());
                case 3 -> attributes.add(pair(in.message(), 0));
                default -> in.skip();
            }
        }
        event.putAll(Run.filled("attributes", attributes));
        return event;
    }

    private static Map<String, @Nullable Object> link(ProtoReader in) {
        Map<String, @Nullable Object> link = HttpJson.object();
        List<Object> attributes = new ArrayList<>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> link.put("trace_id", Span.base64(in.bytes()));
                case 2 -> link.put("span_id", Span.base64(in.bytes()));
                case 3 -> link.put("trace_state", in.text());
                case 4 -> attributes.add(pair(in.message(), 0));
                default -> in.skip();
            }
        }
        link.putAll(Run.filled("attributes", attributes));
        return link;
    }

    private static Map<String, @Nullable Object> pair(ProtoReader in, int depth) {
        String key = "";
        Map<String, @Nullable Object> value = HttpJson.object();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = in.text();
                case 2 -> value = value(in.message(), depth + 1);
                default -> in.skip();
            }
        }
        return HttpJson.object("key", key, "value", value);
    }

    private static Map<String, @Nullable Object> value(ProtoReader in, int depth) {
        if (depth > DEEPEST) {
            throw MlflowError.invalid(
                    "Invalid OpenTelemetry format: attributes are nested deeper than " + DEEPEST);
        }
        Map<String, @Nullable Object> value = HttpJson.object();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> value.put("string_value", in.text());
                case 2 -> value.put("bool_value", in.number() != 0);
                case 3 -> value.put("int_value", in.number());
                case 4 -> value.put("double_value", in.real());
                case 5, 6 -> {
                    boolean list = in.field() == 5;
                    List<Object> items = items(in.message(), list, depth);
                    value.put(list ? "array_value" : "kvlist_value", Run.filled("values", items));
                }
                case 7 -> value.put("bytes_value", Span.base64(in.bytes()));
                default -> in.skip();
            }
        }
        return value;
    }

    private static List<Object> items(ProtoReader in, boolean list, int depth) {
        List<Object> items = new ArrayList<>();
        while (in.next()) {
            if (in.field() == 1) {
                items.add(list ? value(in.message(), depth + 1) : pair(in.message(), depth + 1));
            } else {
                in.skip();
            }
        }
        return items;
    }
}
