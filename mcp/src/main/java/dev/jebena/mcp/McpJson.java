package dev.jebena.mcp;

import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON-RPC 2.0 messages, and JSON of strangers read without trust.
final class McpJson {
    private McpJson() {}

    static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
        return HttpJson.object(keysAndValues);
    }

    static Map<String, @Nullable Object> request(
            Object id, String method, Map<String, @Nullable Object> params) {
        return object("jsonrpc", "2.0", "id", id, "method", method, "params", params);
    }

    static Map<String, @Nullable Object> notification(
            String method, Map<String, @Nullable Object> params) {
        return object("jsonrpc", "2.0", "method", method, "params", params);
    }

    static Map<String, @Nullable Object> result(
            @Nullable Object id, Map<String, @Nullable Object> result) {
        return object("jsonrpc", "2.0", "id", id, "result", result);
    }

    static Map<String, @Nullable Object> error(@Nullable Object id, McpException e) {
        return object("jsonrpc", "2.0", "id", id, "error", e.fields());
    }

    static String text(@Nullable Object value) {
        return HttpJson.text(value);
    }

    /// The message in `text`; a parse error or an invalid request when it is none.
    static Map<String, @Nullable Object> message(String text) {
        return message(text.getBytes(StandardCharsets.UTF_8));
    }

    static Map<String, @Nullable Object> message(byte[] text) {
        Object value;
        try {
            value = HttpJson.parse(text);
        } catch (HttpException e) {
            throw new McpException(McpException.PARSE_ERROR, e.message(), e);
        }
        Map<String, @Nullable Object> message = map(value);
        if (message == null || !"2.0".equals(message.get("jsonrpc"))) {
            throw new McpException(
                    McpException.INVALID_REQUEST,
                    value instanceof List<?>
                            ? "batches of messages are not part of the protocol any more"
                            : "expected a JSON-RPC 2.0 message");
        }
        return message;
    }

    @SuppressWarnings("unchecked") // keys of parsed JSON are strings
    static @Nullable Map<String, @Nullable Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : null;
    }

    /// The object in this field; an empty one when there is none.
    static Map<String, @Nullable Object> map(Map<String, ?> fields, String name) {
        Map<String, @Nullable Object> map = map(fields.get(name));
        return map == null ? Map.of() : map;
    }

    static @Nullable String string(Map<String, ?> fields, String name) {
        return fields.get(name) instanceof String text ? text : null;
    }

    static String string(Map<String, ?> fields, String name, String otherwise) {
        return fields.get(name) instanceof String text ? text : otherwise;
    }

    /// The objects in the list of this field; what is no object is left out.
    static List<Map<String, @Nullable Object>> maps(Map<String, ?> fields, String name) {
        return fields.get(name) instanceof List<?> list
                ? list.stream()
                        .map(McpJson::map)
                        .<Map<String, @Nullable Object>>mapMulti((m, out) -> {
                            if (m != null) {
                                out.accept(m);
                            }
                        })
                        .toList()
                : List.of();
    }
}
