package dev.jebena.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "rm",
        description = "Removes models. Parts that another model uses stay.",
        footer = {"  jebena rm smollm2"})
final class RemoveCommand extends JebenaCommand {
    @Parameters(paramLabel = "MODEL", arity = "1..*", description = "What to remove.")
    List<String> names = List.of();

    @Override
    int run() {
        try (Models models = Models.open()) {
            for (String name : names) {
                models.hub().store().remove(name);
                System.err.println("removed " + name);
            }
        }
        return ExitCode.OK;
    }
}
