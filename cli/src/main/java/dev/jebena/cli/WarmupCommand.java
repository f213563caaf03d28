package dev.jebena.cli;

import dev.jebena.compute.Kernels;
import dev.jebena.hub.Hub;
import dev.jebena.serving.JebenaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Runs through what a first answer needs, so that the launcher can record the classes of a start
/// (AOT cache). Not listed in the help.
///
/// To be run with a data folder of its own, which it fills.
@Command(
        name = "warmup",
        hidden = true,
        description = "Prepares a fast start; the launcher runs it after a build.")
final class WarmupCommand extends JebenaCommand {
    @Parameters(
            paramLabel = "FILE",
            description = "Gets one word: the kernels that this machine has with these flags.")
    String kernels = "";

    @Override
    int run() throws IOException, InterruptedException {
        Path home = Hub.home(System.getenv());
        Files.createDirectories(home);
        PracticeModel.write(home.resolve("practice.gguf"));
        Path recipe = Files.writeString(home.resolve("Modelfile"), "FROM ./practice.gguf\n");
        Commands.execute("create", "practice", "-f", recipe.toString());
        Commands.execute("run", "practice", "Hi", "--max-tokens", "4", "--stats");
        Commands.execute("run", "practice", "Hi there", "--max-tokens=1", "--temperature=0");
        Commands.execute("list");
        serve();
        Commands.whole().getUsageMessage();
        Commands.execute("doctor", "--json");
        Files.writeString(Path.of(kernels), Kernels.best().name() + "\n");
        return ExitCode.OK;
    }

    /// A server's start and its first answer.
    private static void serve() throws InterruptedException {
        ServeCommand command = new ServeCommand();
        command.port = 0;
        try (JebenaServer server = command.start()) {
            new ServerClient(server.uri().toString())
                    .post(
                            "/v1/chat/completions",
                            Map.of(
                                    "model",
                                    "practice",
                                    "max_tokens",
                                    2,
                                    "messages",
                                    List.of(Map.of("role", "user", "content", "Hi"))));
        }
    }
}
