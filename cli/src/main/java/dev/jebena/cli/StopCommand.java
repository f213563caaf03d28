package dev.jebena.cli;

import dev.jebena.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "stop",
        description = "Unloads a model of a running server.",
        footer = {"  jebena stop smollm2"})
final class StopCommand extends JebenaCommand {
    @Parameters(paramLabel = "MODEL", description = "A model that `jebena ps` lists.")
    String name = "";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The server (default: JEBENA_URL, else " + ServerClient.DEFAULT_URL + ").")
    @Nullable String url;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() throws InterruptedException {
        new ServerClient(url)
                .post("/api/generate", Map.of("model", name, "keep_alive", 0, "stream", false));
        if (json) {
            System.out.println(Json.write(Map.of("stopped", name)));
        } else {
            System.err.println("stopped " + name);
        }
        return ExitCode.OK;
    }
}
