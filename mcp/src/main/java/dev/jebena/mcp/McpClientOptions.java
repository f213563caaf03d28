package dev.jebena.mcp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// How a client behaves.
///
/// @param name the program's, told to servers
/// @param version the program's
/// @param connectTime for the start of a server and its handshake
/// @param requestTime for an answer; progress begins it anew
/// @param roots folders that the server may work in, told when it asks
/// @param handshake begin with the handshake of older revisions without asking whether the server
///   knows the one without it
/// @param listener hears logs, progress and changes
public record McpClientOptions(
        String name,
        String version,
        Duration connectTime,
        Duration requestTime,
        List<Path> roots,
        boolean handshake,
        McpListener listener) {
    private static final McpClientOptions DEFAULTS =
            new McpClientOptions(
                    "jebena",
                    "0",
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    List.of(),
                    false,
                    McpListener.none());

    public McpClientOptions {
        roots = List.copyOf(roots);
    }

    /// Half a minute to start, a minute for an answer, no roots.
    public static McpClientOptions defaults() {
        return DEFAULTS;
    }

    private McpClientOptions with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.options();
    }

    public McpClientOptions version(String version) {
        return with(fields -> fields.version = version);
    }

    public McpClientOptions connectTime(Duration connectTime) {
        return with(fields -> fields.connectTime = connectTime);
    }

    public McpClientOptions requestTime(Duration requestTime) {
        return with(fields -> fields.requestTime = requestTime);
    }

    public McpClientOptions roots(List<Path> roots) {
        return with(fields -> fields.roots = roots);
    }

    public McpClientOptions listener(McpListener listener) {
        return with(fields -> fields.listener = listener);
    }

    public McpClientOptions handshake(boolean handshake) {
        return with(fields -> fields.handshake = handshake);
    }

    /// The same fields, open to change.
    private static final class Fields {
        private final String name;
        private String version;
        private Duration connectTime;
        private Duration requestTime;
        private List<Path> roots;
        private boolean handshake;
        private McpListener listener;

        Fields(McpClientOptions o) {
            name = o.name;
            version = o.version;
            connectTime = o.connectTime;
            requestTime = o.requestTime;
            roots = o.roots;
            handshake = o.handshake;
            listener = o.listener;
        }

        McpClientOptions options() {
            return new McpClientOptions(
                    name, version, connectTime, requestTime, roots, handshake, listener);
        }
    }
}
