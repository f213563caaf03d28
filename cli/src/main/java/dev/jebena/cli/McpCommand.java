package dev.jebena.cli;

import dev.jebena.hub.Hub;
import dev.jebena.json.Json;
import dev.jebena.llm.LlmOptions;
import dev.jebena.mcp.McpClient;
import dev.jebena.mcp.McpClientOptions;
import dev.jebena.mcp.McpServerAddress;
import dev.jebena.mcp.McpStdioServer;
import dev.jebena.mcp.McpTool;
import dev.jebena.serving.JebenaTools;
import dev.jebena.serving.ServingOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "mcp",
        description = {
            "Offers models as tools (Model Context Protocol), or lists tools.",
            "serve: for a program that starts us, on standard input and output: chat,",
            "generate, embed, rerank, tokenize, list_models and pull_model. A running",
            "jebena serve offers the same at /mcp. tools: what a server offers to us;",
            "jebena run --mcp lets a model use them."
        },
        footer = {
            "  jebena mcp serve",
            "  jebena mcp tools \"npx -y @modelcontextprotocol/server-everything\"",
            "  jebena mcp tools http://127.0.0.1:11500/mcp --json"
        })
final class McpCommand extends JebenaCommand {
    /// What can be done.
    enum Action {
        serve,
        tools
    }

    @Parameters(
            index = "0",
            paramLabel = "ACTION",
            description = "What to do: ${COMPLETION-CANDIDATES}.")
    Action action = Action.serve;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SERVER",
            description = "tools: a command that starts a server, or its address.")
    @Nullable String server;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "serve: the model of calls that name none.")
    @Nullable String model;

    @Option(
            names = "--context",
            paramLabel = "N",
            description = "serve: context length; 0 for the model's, at most 8192.",
            defaultValue = "0")
    int context;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "serve: threads that compute; 0 for one for each core.",
            defaultValue = "0")
    int threads;

    @Option(names = "--pull", description = "serve: fetch a model that is named and not here.")
    boolean pull;

    @Option(names = "--json", description = "tools: print JSON.")
    boolean json;

    @Override
    int run() throws IOException {
        return action == Action.serve ? serve() : tools();
    }

    /// Standard output belongs to the protocol alone, whatever else prints.
    private int serve() throws IOException {
        if (server != null) {
            throw UserError.usage("serve takes no server; found " + server);
        }
        ServingOptions options =
                ServingOptions.defaults()
                        .engine(LlmOptions.defaults().contextLength(context).threads(threads))
                        .defaultModel(model)
                        .pullMissing(pull);
        java.io.PrintStream before = System.out;
        try (JebenaTools tools = JebenaTools.open(options, Hub.open(Hub.home(System.getenv())));
                OutputStream out = new FileOutputStream(FileDescriptor.out)) {
            System.setOut(System.err);
            new McpStdioServer(tools.server()).serve(System.in, out);
        } finally {
            System.setOut(before);
        }
        return ExitCode.OK;
    }

    private int tools() {
        if (server == null) {
            throw UserError.usage("tools needs a server: a command or an address");
        }
        McpClientOptions options = McpClientOptions.defaults().version(Version.number());
        try (McpClient client = McpClient.connect(McpServerAddress.parse(server), options)) {
            List<McpTool> tools = client.tools();
            if (json) {
                System.out.println(Json.write(tools.stream().map(McpCommand::data).toList()));
            } else {
                System.out.print(table(tools));
            }
        }
        return ExitCode.OK;
    }

    private static Map<String, @Nullable Object> data(McpTool tool) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("name", tool.name());
        data.put("title", tool.title());
        data.put("description", tool.description());
        data.put("inputSchema", tool.inputSchema());
        data.put("annotations", tool.annotations());
        return data;
    }

    private static String table(List<McpTool> tools) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("TOOL", "DESCRIPTION"));
        for (McpTool tool : tools) {
            String first = tool.description().lines().findFirst().orElse("");
            rows.add(
                    List.of(
                            tool.name(),
                            first.length() > 70 ? first.substring(0, 69) + "…" : first));
        }
        return Tables.of(rows);
    }
}
