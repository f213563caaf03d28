package dev.jebena.mcp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A connection to a server of tools. For many threads. What fails is a [McpException] that says
/// which server and why; a tool that ran and failed is a result with [McpToolResult#error].
public final class McpClient implements AutoCloseable {
    private static final int MAX_TOOLS = 10_000;

    /// Answers to what a server wants to know before it ends one call.
    private static final int MOST_ROUNDS = 16;

    private final McpTransport transport;
    private final McpClientOptions options;
    private final String label;
    private final McpCalls calls;
    private final Map<String, ParameterHeaders> parameterHeaders = new ConcurrentHashMap<>();
    private volatile boolean stateless;
    private Map<String, @Nullable Object> greeting = Map.of();

    private McpClient(McpTransport transport, String label, McpClientOptions options) {
        this.transport = transport;
        this.label = label;
        this.options = options;
        calls = new McpCalls(label);
    }

    public static McpClient connect(McpServerAddress address) {
        return connect(address, McpClientOptions.defaults());
    }

    /// Starts or calls the server, and agrees with it on the revision.
    public static McpClient connect(McpServerAddress address, McpClientOptions options) {
        McpTransport transport =
                switch (address) {
                    case McpServerAddress.Command command ->
                            new StdioTransport(command, options.listener());
                    case McpServerAddress.Http http ->
                            new HttpTransport(http, options.connectTime());
                };
        return connect(transport, address.label(), options);
    }

    static McpClient connect(McpTransport transport, String label, McpClientOptions options) {
        McpClient client = new McpClient(transport, label, options);
        try {
            transport.start(client::take, client.calls::ended);
            if (options.handshake() || !client.discovered()) {
                client.shakeHands();
            }
            return client;
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /// Asks whether the server speaks without a handshake. Whatever it answers but yes, it gets
    /// one: older servers refuse what they do not know, each in its own way.
    private boolean discovered() {
        stateless = true;
        try {
            Duration limit = options.connectTime().dividedBy(2);
            Map<String, @Nullable Object> found =
                    request("server/discover", McpJson.object(), limit);
            if (found.get("supportedVersions") instanceof List<?> versions
                    && versions.contains(McpVersions.STATELESS)) {
                greeting = new LinkedHashMap<>(found);
                greeting.put("protocolVersion", McpVersions.STATELESS);
                greeting.put(
                        "serverInfo",
                        McpJson.map(McpJson.map(found, "_meta"), StatelessHeaders.SERVER));
                transport.agreed(McpVersions.STATELESS);
                listen();
                return true;
            }
        } catch (McpException e) {
            if (calls.end() != null) {
                throw e;
            }
        }
        stateless = false;
        return false;
    }

    /// Asks for news of the list of tools, where there are any. The answer ends with the
    /// connection.
    private void listen() {
        Map<String, @Nullable Object> tools =
                McpJson.map(McpJson.map(greeting, "capabilities"), "tools");
        if (Boolean.TRUE.equals(tools.get("listChanged"))) {
            Map<String, @Nullable Object> params =
                    McpJson.object("notifications", McpJson.object("toolsListChanged", true));
            send(calls.newId(), "subscriptions/listen", params, Map.of());
        }
    }

    private void shakeHands() {
        Map<String, @Nullable Object> offer =
                McpJson.object(
                        "protocolVersion",
                        McpVersions.LATEST,
                        "capabilities",
                        McpJson.object("roots", McpJson.object("listChanged", false)),
                        "clientInfo",
                        McpJson.object("name", options.name(), "version", options.version()));
        greeting = request("initialize", offer, options.connectTime());
        String version = McpJson.string(greeting, "protocolVersion", "");
        if (!McpVersions.HANDSHAKE.contains(version)) {
            throw new McpException(
                    McpException.CONNECTION,
                    label
                            + " speaks revision \""
                            + version
                            + "\" of the protocol; known are "
                            + String.join(", ", McpVersions.HANDSHAKE));
        }
        transport.agreed(version);
        transport.send(McpJson.notification("notifications/initialized", McpJson.object()));
    }

    /// The server's name for itself.
    public String serverName() {
        return McpJson.string(McpJson.map(greeting, "serverInfo"), "name", label);
    }

    /// What the server says that its tools are good for; empty when nothing.
    public String instructions() {
        return McpJson.string(greeting, "instructions", "");
    }

    /// The revision in use, a date.
    public String protocolVersion() {
        return McpJson.string(greeting, "protocolVersion", "");
    }

    /// All tools, page by page; none when the server has no tools at all.
    public List<McpTool> tools() {
        if (!McpJson.map(greeting, "capabilities").containsKey("tools")) {
            return List.of();
        }
        List<McpTool> tools = new ArrayList<>();
        String cursor = null;
        do {
            Map<String, @Nullable Object> params = McpJson.object();
            if (cursor != null) {
                params.put("cursor", cursor);
            }
            Map<String, @Nullable Object> page = request("tools/list", params);
            for (Map<String, @Nullable Object> tool : McpJson.maps(page, "tools")) {
                McpTool known = McpTool.of(tool);
                if (!stateless || isCallable(known)) {
                    tools.add(known);
                }
            }
            String next = McpJson.string(page, "nextCursor");
            if (tools.size() > MAX_TOOLS || (next != null && next.equals(cursor))) {
                throw new McpException(McpException.CONNECTION, label + " lists tools without end");
            }
            cursor = next;
        } while (cursor != null);
        return tools;
    }

    /// Notes which arguments of the tool a call repeats in headers; false when what it says of that
    /// is wrong, with which a tool does not count.
    private boolean isCallable(McpTool tool) {
        try {
            parameterHeaders.put(tool.name(), ParameterHeaders.of(tool.inputSchema()));
            return true;
        } catch (IllegalArgumentException e) {
            options.listener()
                    .log("warning", "the tool " + tool.name() + " is left out: " + e.getMessage());
            return false;
        }
    }

    /// Calls a tool. When the thread is interrupted or the time is up, the call is cancelled.
    public McpToolResult call(String tool, Map<String, ? extends @Nullable Object> arguments) {
        Map<String, @Nullable Object> params = McpJson.object("name", tool, "arguments", arguments);
        Map<String, @Nullable Object> result = request("tools/call", params);
        for (int round = 0; "input_required".equals(result.get("resultType")); round++) {
            if (round == MOST_ROUNDS) {
                throw new McpException(
                        McpException.CONNECTION,
                        label + " asks for more without end to run " + tool);
            }
            params = McpJson.object("name", tool, "arguments", arguments);
            if (result.get("inputRequests") != null) {
                params.put("inputResponses", answers(McpJson.map(result, "inputRequests")));
            }
            if (result.get("requestState") != null) {
                params.put("requestState", result.get("requestState"));
            }
            result = request("tools/call", params);
        }
        String type = McpJson.string(result, "resultType", "complete");
        if (!type.equals("complete")) {
            throw new McpException(
                    McpException.CONNECTION, label + " sent a result of type " + type);
        }
        return McpToolResult.ofFields(result);
    }

    /// What the server wants to know, by its names for it.
    private Map<String, @Nullable Object> answers(Map<String, @Nullable Object> requests) {
        Map<String, @Nullable Object> answers = McpJson.object();
        requests.forEach((name, _) ->
                answers.put(
                        name, answer(McpJson.string(McpJson.map(requests, name), "method", ""))));
        return answers;
    }

    /// Whether the server answers.
    public void ping() {
        request(stateless ? "server/discover" : "ping", McpJson.object());
    }

    /// Why the connection has ended; empty while it stands.
    public Optional<McpException> end() {
        return Optional.ofNullable(calls.end());
    }

    private Map<String, @Nullable Object> request(
            String method, Map<String, @Nullable Object> params) {
        return request(method, params, options.requestTime());
    }

    private Map<String, @Nullable Object> request(
            String method, Map<String, @Nullable Object> params, Duration limit) {
        long id = calls.newId();
        boolean tool = method.equals("tools/call");
        if (tool) {
            params.put("_meta", McpJson.object("progressToken", id));
        }
        Map<String, String> headers = tool ? headers(params) : Map.of();
        return calls.ask(
                id,
                method,
                limit,
                () -> send(id, method, params, headers),
                reason -> cancel(id, method, reason));
    }

    /// The headers for arguments of a call.
    private Map<String, String> headers(Map<String, @Nullable Object> params) {
        String tool = McpJson.string(params, "name", "");
        return parameterHeaders
                .getOrDefault(tool, ParameterHeaders.NONE)
                .values(McpJson.map(params, "arguments"));
    }

    private void send(
            long id,
            String method,
            Map<String, @Nullable Object> params,
            Map<String, String> parameters) {
        Map<String, @Nullable Object> message = McpJson.request(id, method, params);
        if (!stateless) {
            transport.send(message);
            return;
        }
        Map<String, @Nullable Object> meta = StatelessHeaders.meta(options);
        meta.putAll(McpJson.map(params, "_meta"));
        params.put("_meta", meta);
        transport.send(message, StatelessHeaders.of(message, parameters));
    }

    private void cancel(long id, String method, String reason) {
        // The handshake may not be cancelled.
        if (method.equals("initialize") || calls.end() != null || transport.abandon(id)) {
            return;
        }
        try {
            transport.send(
                    McpJson.notification(
                            "notifications/cancelled",
                            McpJson.object("requestId", id, "reason", reason)));
        } catch (McpException _) {
            // Then nothing runs there any more.
        }
    }

    private void take(Map<String, @Nullable Object> message) {
        String method = McpJson.string(message, "method");
        Object id = message.get("id");
        if (method == null) {
            calls.reply(message, id);
        } else if (id == null) {
            hear(method, McpJson.map(message, "params"));
        } else {
            transport.send(answered(id, method));
        }
    }

    /// The answer to what the server asks of us.
    private Map<String, @Nullable Object> answered(Object id, String method) {
        try {
            return McpJson.result(id, answer(method));
        } catch (McpException e) {
            return McpJson.error(id, e);
        }
    }

    private Map<String, @Nullable Object> answer(String method) {
        return switch (method) {
            case "ping" -> McpJson.object();
            case "roots/list" -> McpJson.object("roots", roots());
            default ->
                    throw new McpException(
                            McpException.METHOD_NOT_FOUND, "this client does not answer " + method);
        };
    }

    private List<Map<String, @Nullable Object>> roots() {
        return options.roots().stream()
                .map(Path::toAbsolutePath)
                .map(p -> McpJson.object("uri", p.toUri().toString(), "name", p.toString()))
                .toList();
    }

    private void hear(String method, Map<String, @Nullable Object> params) {
        switch (method) {
            case "notifications/message" -> {
                Object data = params.get("data");
                String text = data instanceof String string ? string : McpJson.text(data);
                options.listener().log(McpJson.string(params, "level", "info"), text);
            }
            case "notifications/tools/list_changed" -> options.listener().toolsChanged();
            case "notifications/progress" -> progress(params);
            default -> {
                // Resources and prompts, which this client does not use.
            }
        }
    }

    private void progress(Map<String, @Nullable Object> params) {
        if (params.get("progressToken") instanceof Number token
                && calls.signOfLife(token.longValue())) {
            options.listener()
                    .progress(
                            number(params, "progress", 0),
                            number(params, "total", -1),
                            McpJson.string(params, "message", ""));
        }
    }

    private static double number(Map<String, ?> fields, String name, double otherwise) {
        return fields.get(name) instanceof Number number ? number.doubleValue() : otherwise;
    }

    @Override
    public void close() {
        transport.close();
        calls.ended(
                new McpException(
                        McpException.CONNECTION, "the connection to " + label + " is closed"));
    }
}
