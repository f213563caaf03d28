package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A span of a trace as it is kept: OpenTelemetry's fields, in the JSON that MLflow's clients read.
///
/// @param traceId sixteen bytes
/// @param parent null for a root
/// @param end nanoseconds since 1970; null while it is running
record Span(
        byte[] traceId,
        byte[] id,
        byte @Nullable [] parent,
        String name,
        long start,
        @Nullable Long end,
        int status,
        Map<String, @Nullable Object> json) {
    static final String TYPE = "mlflow.spanType";
    private static final List<String> STATUSES = List.of("UNSET", "OK", "ERROR");

    /// `tr-` and 32 hexadecimal digits.
    String trace() {
        return "tr-" + HexFormat.of().formatHex(traceId);
    }

    String idText() {
        return HexFormat.of().formatHex(id);
    }

    @Nullable String parentText() {
        return parent == null ? null : HexFormat.of().formatHex(parent);
    }

    String statusText() {
        return STATUSES.get(Math.clamp(status, 0, 2));
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /// The plain value of an attribute: text, number, flag, list or map; null when it is absent.
    @Nullable Object attribute(String key) {
        if (json.get("attributes") instanceof List<?> attributes) {
            for (Object item : attributes) {
                if (item instanceof Map<?, ?> pair
                        && key.equals(pair.get("key"))
                        && pair.get("value") instanceof Map<?, ?> value) {
                    return plain(value);
                }
            }
        }
        return null;
    }

    private static @Nullable Object plain(Map<?, ?> value) {
        if (value.isEmpty()) {
            return null;
        }
        Map.Entry<?, ?> only = value.entrySet().iterator().next();
        return switch (String.valueOf(only.getKey())) {
            case "array_value" -> items(only.getValue()).stream().map(i -> plain(map(i))).toList();
            case "kvlist_value" -> {
                Map<String, @Nullable Object> object = HttpJson.object();
                for (Object item : items(only.getValue())) {
                    Map<?, ?> pair = map(item);
                    object.put(String.valueOf(pair.get("key")), plain(map(pair.get("value"))));
                }
                yield object;
            }
            default -> only.getValue();
        };
    }

    private static List<?> items(@Nullable Object list) {
        return map(list).get("values") instanceof List<?> values ? values : List.of();
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /// An attribute as text for a preview; JSON unless it is text already.
    @Nullable String text(String key) {
        Object value = attribute(key);
        return value == null ? null : value instanceof String text ? text : spaced(value);
    }

    /// JSON as Python's programs write it, with a blank behind commas and colons.
    private static String spaced(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(e ->
                                    HttpJson.text(String.valueOf(e.getKey()))
                                            + ": "
                                            + spaced(e.getValue()))
                            .collect(Collectors.joining(", ", "{", "}"));
            case List<?> list ->
                    list.stream().map(Span::spaced).collect(Collectors.joining(", ", "[", "]"));
            case null, default -> HttpJson.text(value);
        };
    }
}
