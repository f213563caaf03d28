package dev.jebena.cli;

import dev.jebena.json.Json;
import dev.jebena.llm.Tool;
import dev.jebena.llm.ToolCall;
import dev.jebena.mcp.McpClient;
import dev.jebena.mcp.McpClientOptions;
import dev.jebena.mcp.McpException;
import dev.jebena.mcp.McpListener;
import dev.jebena.mcp.McpServerAddress;
import dev.jebena.mcp.McpTool;
import dev.jebena.mcp.McpToolResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The tools of all connected servers, by names that differ.
final class ToolBox implements AutoCloseable {
    /// What a model gets of one result; more would fill its context.
    private static final int MAX_RESULT = 20_000;

    /// A server of ours and whether its list of tools is still the one that we know.
    private static final class Connection implements McpListener {
        private final Consumer<String> notes;
        private final boolean debug;
        private final String name;
        private final McpClient client;
        private volatile boolean stale = true;
        private List<McpTool> tools = List.of();

        Connection(
                String name,
                McpServerAddress address,
                McpClientOptions options,
                Consumer<String> notes,
                boolean debug) {
            this.name = name;
            this.notes = notes;
            this.debug = debug;
            client = McpClient.connect(address, options.listener(this));
        }

        @Override
        public void toolsChanged() {
            stale = true;
        }

        @Override
        public void log(String level, String text) {
            if (debug || level.matches("warning|error|critical|alert|emergency")) {
                notes.accept(name + ": " + text);
            }
        }

        @Override
        public void progress(double done, double total, String message) {
            String part = total > 0 ? Math.round(100 * done / total) + "%" : "";
            notes.accept("  " + (part + " " + message).strip());
        }

        List<McpTool> tools() {
            if (stale) {
                stale = false;
                tools = client.tools();
            }
            return tools;
        }
    }

    private record Place(Connection connection, McpTool tool) {}

    private final List<Connection> connections = new ArrayList<>();
    private Map<String, Place> places = Map.of();

    private ToolBox() {}

    /// Connects to all servers; one that cannot be reached is an error that names it.
    ///
    /// @param notes what a person should see, a line each
    static ToolBox open(
            Map<String, McpServerAddress> servers,
            Duration toolTime,
            Consumer<String> notes,
            boolean debug) {
        McpClientOptions options =
                McpClientOptions.defaults()
                        .version(Version.number())
                        .requestTime(toolTime)
                        .roots(List.of(Path.of("")));
        ToolBox box = new ToolBox();
        try {
            servers.forEach((name, address) ->
                    box.connections.add(new Connection(name, address, options, notes, debug)));
            box.tools();
            return box;
        } catch (RuntimeException e) {
            box.close();
            throw e;
        }
    }

    /// The tools of now, for the model. Names that two servers have are told apart by the server's.
    List<Tool> tools() {
        Map<String, Place> found = new LinkedHashMap<>();
        for (Connection connection : connections) {
            if (connection.client.end().isPresent()) {
                continue;
            }
            for (McpTool tool : connection.tools()) {
                Place place = new Place(connection, tool);
                if (found.putIfAbsent(tool.name(), place) != null) {
                    found.put(connection.name + "__" + tool.name(), place);
                }
            }
        }
        places = found;
        List<Tool> tools = new ArrayList<>();
        found.forEach((name, place) ->
                tools.add(Tool.of(name, place.tool().description(), place.tool().inputSchema())));
        return tools;
    }

    /// One line about the tools that there are.
    String summary() {
        return "%d tools: %s".formatted(places.size(), String.join(", ", places.keySet()));
    }

    /// Runs a call; what goes wrong becomes a result for the model to read.
    McpToolResult call(ToolCall call) {
        Place place = places.get(call.name());
        if (place == null) {
            return McpToolResult.failed("there is no tool " + call.name());
        }
        try {
            McpToolResult result =
                    place.connection().client.call(place.tool().name(), call.arguments());
            String text = result.text();
            return text.length() <= MAX_RESULT
                    ? result
                    : McpToolResult.text(
                            text.substring(0, MAX_RESULT)
                                    + "\n[cut: "
                                    + (text.length() - MAX_RESULT)
                                    + " more characters]");
        } catch (McpException e) {
            return McpToolResult.failed(String.valueOf(e.getMessage()));
        }
    }

    /// `name(argument=value, ...)`, cut where it is long.
    static String shown(ToolCall call) {
        List<String> arguments = new ArrayList<>();
        call.arguments().forEach((name, value) -> arguments.add(name + "=" + Json.write(value)));
        String text = call.name() + "(" + String.join(", ", arguments) + ")";
        return text.length() > 300 ? text.substring(0, 299) + "…" : text;
    }

    @Override
    public void close() {
        connections.forEach(connection -> connection.client.close());
    }
}
