package dev.jebena.cli;

import dev.jebena.json.Json;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rm",
        description = "Removes models. Parts that another model uses stay.",
        footer = {"  jebena rm smollm2"})
final class RemoveCommand extends JebenaCommand {
    @Parameters(paramLabel = "MODEL", arity = "1..*", description = "What to remove.")
    List<String> names = List.of();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        try (Models models = Models.open()) {
            for (String name : names) {
                models.hub().store().remove(name);
                if (!json) {
                    System.err.println("removed " + name);
                }
            }
            if (json) {
                System.out.println(Json.write(Map.of("removed", names)));
            }
        }
        return ExitCode.OK;
    }
}
