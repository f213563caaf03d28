package dev.jebena.mcp;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One client's conversation with a server of ours: answers its messages, keeps its running calls
/// so that they can be cancelled.
final class McpSession {
    private static final int PAGE = 100;

    private final McpServer server;
    private final Map<Object, McpCall> running = new ConcurrentHashMap<>();
    private volatile String version = McpVersions.LATEST;

    McpSession(McpServer server) {
        this.server = server;
    }

    /// The revision that the handshake agreed on.
    String version() {
        return version;
    }

    static boolean isRequest(Map<String, ?> message) {
        return message.get("method") instanceof String && message.get("id") != null;
    }

    /// Takes one message; blocks while a tool runs. A request's reply is the last thing that goes
    /// to `out`; a call that was cancelled has none.
    void handle(
            Map<String, @Nullable Object> message, Consumer<Map<String, @Nullable Object>> out) {
        String method = McpJson.string(message, "method");
        Object id = message.get("id");
        Map<String, @Nullable Object> params = McpJson.map(message, "params");
        if (method == null) {
            // A reply to a request of ours, and we send none.
            return;
        }
        if (id == null) {
            if (method.equals("notifications/cancelled")) {
                cancel(params.get("requestId"));
            }
            return;
        }
        try {
            Map<String, @Nullable Object> result = answer(id, method, params, out);
            if (result != null) {
                out.accept(McpJson.result(id, finished(method, params, result)));
            }
        } catch (McpException e) {
            boolean gone = e.code() == McpException.RESOURCE_NOT_FOUND && isStateless(params);
            out.accept(
                    McpJson.error(
                            id,
                            gone
                                    ? new McpException(
                                            McpException.INVALID_PARAMS,
                                            String.valueOf(e.getMessage()))
                                    : e));
        } catch (RuntimeException e) {
            out.accept(
                    McpJson.error(
                            id, new McpException(McpException.INTERNAL_ERROR, e.toString(), e)));
        }
    }

    /// Ends all calls.
    void close() {
        running.values().forEach(McpCall::cancel);
    }

    private void cancel(@Nullable Object id) {
        McpCall call = id == null ? null : running.get(id);
        if (call != null) {
            call.cancel();
        }
    }

    /// Cancels the call of this request, whose client has gone for good.
    void abandon(Object id) {
        cancel(id);
    }

    private @Nullable Map<String, @Nullable Object> answer(
            Object id,
            String method,
            Map<String, @Nullable Object> params,
            Consumer<Map<String, @Nullable Object>> out) {
        return switch (method) {
            case "initialize" -> initialize(params);
            case "server/discover" -> discover();
            case "ping", "logging/setLevel" -> McpJson.object();
            case "tools/list" -> page("tools", server.tools(), params);
            case "tools/call" -> call(id, params, out);
            case "resources/list" -> page("resources", server.resources(), params);
            case "resources/templates/list" ->
                    page("resourceTemplates", server.templates(), params);
            case "resources/read" ->
                    McpJson.object("contents", List.of(server.read(required(params, "uri"))));
            default ->
                    throw new McpException(
                            McpException.METHOD_NOT_FOUND, "there is no method " + method);
        };
    }

    private Map<String, @Nullable Object> initialize(Map<String, @Nullable Object> params) {
        version = McpVersions.negotiated(required(params, "protocolVersion"));
        Map<String, @Nullable Object> result =
                McpJson.object(
                        "protocolVersion", version,
                        "capabilities", McpServer.capabilities(),
                        "serverInfo", server.info());
        if (!server.instructions().isEmpty()) {
            result.put("instructions", server.instructions());
        }
        return result;
    }

    private Map<String, @Nullable Object> discover() {
        return McpJson.object(
                "supportedVersions",
                List.of(McpVersions.STATELESS),
                "capabilities",
                McpServer.capabilities(),
                "instructions",
                server.instructions());
    }

    /// The fields that the stateless revision adds to every result.
    private Map<String, @Nullable Object> finished(
            String method,
            Map<String, @Nullable Object> params,
            Map<String, @Nullable Object> result) {
        if (!isStateless(params)) {
            return result;
        }
        result.put("resultType", "complete");
        if (!method.equals("tools/call")) {
            result.put("ttlMs", 0);
            result.put("cacheScope", "private");
        }
        result.put("_meta", McpJson.object(StatelessHeaders.SERVER, server.info()));
        return result;
    }

    static boolean isStateless(Map<String, @Nullable Object> params) {
        return McpVersions.STATELESS.equals(requestVersion(params));
    }

    /// The revision that a request carries itself; null for one after a handshake.
    static @Nullable String requestVersion(Map<String, @Nullable Object> params) {
        return McpJson.string(
                McpJson.map(params, "_meta"), "io.modelcontextprotocol/protocolVersion");
    }

    private static String required(Map<String, @Nullable Object> params, String name) {
        String value = McpJson.string(params, name);
        if (value == null) {
            throw new McpException(
                    McpException.INVALID_PARAMS, "params." + name + " must be a string");
        }
        return value;
    }

    private @Nullable Map<String, @Nullable Object> call(
            Object id,
            Map<String, @Nullable Object> params,
            Consumer<Map<String, @Nullable Object>> out) {
        String name = required(params, "name");
        Object token = McpJson.map(params, "_meta").get("progressToken");
        McpCall call = new McpCall(McpJson.map(params, "arguments"), token, out);
        if (running.putIfAbsent(id, call) != null) {
            throw new McpException(
                    McpException.INVALID_REQUEST, "a request with id " + id + " is running");
        }
        try {
            McpToolResult result = server.call(name, call);
            return call.cancelled() ? null : result.fields();
        } finally {
            running.remove(id);
        }
    }

    /// A list in pages; the cursor is the place where the next begins.
    private static Map<String, @Nullable Object> page(
            String name,
            List<Map<String, @Nullable Object>> all,
            Map<String, @Nullable Object> params) {
        String cursor = McpJson.string(params, "cursor", "0");
        if (!cursor.matches("[0-9]{1,9}") || Integer.parseInt(cursor) > all.size()) {
            throw new McpException(McpException.INVALID_PARAMS, "no cursor of ours: " + cursor);
        }
        int from = Integer.parseInt(cursor);
        int to = Math.min(all.size(), from + PAGE);
        Map<String, @Nullable Object> result = McpJson.object(name, all.subList(from, to));
        if (to < all.size()) {
            result.put("nextCursor", String.valueOf(to));
        }
        return result;
    }
}
