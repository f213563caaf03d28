package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Spans from an OTLP export request in JSON: names in camel case, ids in hexadecimal digits.
final class OtlpJson {
    private static final List<String> IDS = List.of("trace_id", "span_id", "parent_span_id");
    private static final List<String> LONGS =
            List.of("start_time_unix_nano", "end_time_unix_nano", "time_unix_nano", "int_value");

    private OtlpJson() {}

    static List<Span> read(byte[] body) {
        RequestFields request = RequestFields.of(object(HttpJson.parse(body)));
        List<Span> spans = new ArrayList<>();
        for (RequestFields resource : request.objects("resourceSpans")) {
            for (RequestFields scope : resource.objects("scopeSpans")) {
                scope.objects("spans").forEach(span -> spans.add(span(object(own(span.json())))));
            }
        }
        return spans;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw MlflowError.invalid("Invalid OpenTelemetry format");
    }

    /// The same value with our names, ids in Base64 and numbers as numbers.
    private static @Nullable Object own(@Nullable Object value) {
        if (value instanceof List<?> list) {
            List<@Nullable Object> items = new ArrayList<>();
            list.forEach(item -> items.add(own(item)));
            return items;
        }
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<String, @Nullable Object> result = HttpJson.object();
        map.forEach((key, item) -> {
            String name = String.valueOf(key).replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            if (IDS.contains(name) && item instanceof String hex) {
                if (!hex.isEmpty()) {
                    result.put(name, Span.base64(bytes(hex)));
                }
            } else if (LONGS.contains(name) && item instanceof String digits) {
                result.put(name, number(digits));
            } else {
                result.put(name, own(item));
            }
        });
        return result;
    }

    private static byte[] bytes(String hex) {
        try {
            return HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            throw MlflowError.invalid("Invalid OpenTelemetry format: id " + hex).causedBy(e);
        }
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw MlflowError.invalid("Invalid OpenTelemetry format: " + digits).causedBy(e);
        }
    }

    private static Span span(Map<String, @Nullable Object> json) {
        RequestFields fields = RequestFields.of(json);
        byte[] trace = decoded(fields.text("trace_id"));
        byte[] id = decoded(fields.text("span_id"));
        String parent = fields.text("parent_span_id");
        if (trace.length != 16 || id.length != 8) {
            throw MlflowError.invalid(
                    "Invalid OpenTelemetry format: a span has no trace id of 16 bytes and span id of"
                            + " 8");
        }
        RequestFields status = fields.objectOrNull("status");
        return new Span(
                trace,
                id,
                parent.isEmpty() ? null : decoded(parent),
                fields.text("name"),
                fields.number("start_time_unix_nano", 0),
                fields.numberOrNull("end_time_unix_nano"),
                status == null ? 0 : code(status.json().get("code")),
                json);
    }

    private static byte[] decoded(String base64) {
        return java.util.Base64.getDecoder().decode(base64);
    }

    private static int code(@Nullable Object code) {
        return switch (code) {
            case Long number -> Math.clamp(number, 0, 2);
            case String name when name.endsWith("OK") -> 1;
            case String name when name.endsWith("ERROR") -> 2;
            case null, default -> 0;
        };
    }
}
