package dev.jebena.cli;

import dev.jebena.mcp.McpConfiguration;
import dev.jebena.mcp.McpServerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options of commands whose model may use tools.
final class ToolOptions {
    @Option(
            names = "--mcp",
            paramLabel = "SERVER",
            description =
                    "Offer the tools of this MCP server to the model: a command that starts it, or its address http://...; may be repeated.")
    List<String> servers = new ArrayList<>();

    @Option(
            names = "--mcp-config",
            paramLabel = "FILE",
            description = "Offer the tools of the servers in this file (mcpServers in JSON).")
    @Nullable Path file;

    @Option(names = "--yes", description = "Run the tools that the model calls without asking.")
    boolean yes;

    @Option(
            names = "--max-rounds",
            paramLabel = "N",
            description = "How often a model may call tools for one question (default 10).")
    @Nullable Integer rounds;

    @Option(
            names = "--tool-time",
            paramLabel = "SECONDS",
            description = "How long a tool may take without a sign of life (default 60).")
    @Nullable Integer seconds;

    boolean wanted() {
        return !servers.isEmpty() || file != null;
    }

    int maxRounds() {
        return within("--max-rounds", rounds == null ? 10 : rounds, 1000);
    }

    int toolSeconds() {
        return within("--tool-time", seconds == null ? 60 : seconds, 86_400);
    }

    private static int within(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw UserError.usage("%s is %d; expected 1 to %d".formatted(option, value, most));
        }
        return value;
    }

    /// The servers by a name for messages.
    Map<String, McpServerAddress> addresses() throws IOException {
        Map<String, McpServerAddress> all = new LinkedHashMap<>();
        if (file != null) {
            all.putAll(McpConfiguration.read(file, System.getenv()));
        }
        for (String text : servers) {
            McpServerAddress address = McpServerAddress.parse(text);
            String name = address.label();
            for (int i = 2; all.containsKey(name); i++) {
                name = address.label() + i;
            }
            all.put(name, address);
        }
        return all;
    }
}
