package dev.jebena.mcp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How a client behaves.
///
/// @param name the program's, told to servers
/// @param version the program's
/// @param connectTime for the start of a server and its handshake
/// @param requestTime for an answer; progress begins it anew
/// @param roots folders that the server may work in, told when it asks
/// @param listener hears logs, progress and changes
public record McpClientOptions(
        String name,
        String version,
        Duration connectTime,
        Duration requestTime,
        List<Path> roots,
        McpListener listener) {
    private static final McpClientOptions DEFAULTS =
            new McpClientOptions(
                    "jebena",
                    "0",
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    List.of(),
                    McpListener.none());

    public McpClientOptions {
        roots = List.copyOf(roots);
    }

    /// Half a minute to start, a minute for an answer, no roots.
    public static McpClientOptions defaults() {
        return DEFAULTS;
    }

    public McpClientOptions version(String version) {
        return new McpClientOptions(name, version, connectTime, requestTime, roots, listener);
    }

    public McpClientOptions connectTime(Duration connectTime) {
        return new McpClientOptions(name, version, connectTime, requestTime, roots, listener);
    }

    public McpClientOptions requestTime(Duration requestTime) {
        return new McpClientOptions(name, version, connectTime, requestTime, roots, listener);
    }

    public McpClientOptions roots(List<Path> roots) {
        return new McpClientOptions(name, version, connectTime, requestTime, roots, listener);
    }

    public McpClientOptions listener(McpListener listener) {
        return new McpClientOptions(name, version, connectTime, requestTime, roots, listener);
    }
}
