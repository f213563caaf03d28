package dev.jebena.mcp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What we offer to clients: tools, and resources to read. Knows nothing of the way that messages
/// come; safe for many threads once it is served.
///
/// ```java
/// McpServer server = McpServer.named("clock", "1.0").tool(nowTool, call -> McpToolResult.text(now()));
/// new McpStdioServer(server).serve(System.in, System.out);
/// ```
public final class McpServer {
    /// Runs a tool. A [McpException] becomes a protocol error, every other exception a failed
    /// result that the model sees.
    @FunctionalInterface
    public interface Handler {
        McpToolResult call(McpCall call);
    }

    private record Offered(McpTool tool, Handler handler) {}

    private final String name;
    private final String version;
    private final Map<String, Offered> tools = new LinkedHashMap<>();
    private final List<Map<String, @Nullable Object>> templates = new ArrayList<>();
    private String instructions = "";
    private Supplier<List<Map<String, @Nullable Object>>> resources = List::of;
    private Function<String, @Nullable Map<String, @Nullable Object>> reader = _ -> null;

    private McpServer(String name, String version) {
        this.name = name;
        this.version = version;
    }

    public static McpServer named(String name, String version) {
        return new McpServer(name, version);
    }

    /// A hint for the client's model: what the tools are good for.
    public McpServer instructions(String text) {
        instructions = text;
        return this;
    }

    public McpServer tool(McpTool tool, Handler handler) {
        tools.put(tool.name(), new Offered(tool, handler));
        return this;
    }

    /// What can be read.
    ///
    /// @param list resources of now: `uri`, `name`, `mimeType`, ...
    /// @param read from a URI to its contents (`uri`, `mimeType`, `text`); null where there is none
    public McpServer resources(
            Supplier<List<Map<String, @Nullable Object>>> list,
            Function<String, @Nullable Map<String, @Nullable Object>> read) {
        resources = list;
        reader = read;
        return this;
    }

    /// A family of resources: `uriTemplate`, `name`, ...
    public McpServer resourceTemplate(Map<String, @Nullable Object> template) {
        templates.add(template);
        return this;
    }

    Map<String, @Nullable Object> info() {
        return McpJson.object("name", name, "title", "Jebena", "version", version);
    }

    String instructions() {
        return instructions;
    }

    static Map<String, @Nullable Object> capabilities() {
        return McpJson.object(
                "tools",
                McpJson.object("listChanged", false),
                "resources",
                McpJson.object("subscribe", false, "listChanged", false),
                "logging",
                McpJson.object());
    }

    List<Map<String, @Nullable Object>> tools() {
        return tools.values().stream().map(o -> o.tool().fields()).toList();
    }

    List<Map<String, @Nullable Object>> resources() {
        return resources.get();
    }

    List<Map<String, @Nullable Object>> templates() {
        return templates;
    }

    Map<String, @Nullable Object> read(String uri) {
        Map<String, @Nullable Object> contents = reader.apply(uri);
        if (contents == null) {
            throw new McpException(McpException.RESOURCE_NOT_FOUND, "there is no resource " + uri);
        }
        return contents;
    }

    /// Runs the tool `name`; a tool that there is not is a protocol error.
    McpToolResult call(String name, McpCall call) {
        Offered offered = tools.get(name);
        if (offered == null) {
            throw new McpException(
                    McpException.INVALID_PARAMS,
                    "there is no tool "
                            + name
                            + "; there are "
                            + String.join(", ", tools.keySet()));
        }
        try {
            return offered.handler().call(call);
        } catch (McpException e) {
            throw e;
        } catch (RuntimeException e) {
            String message = e.getMessage();
            return McpToolResult.failed(message == null ? e.toString() : message);
        }
    }
}
