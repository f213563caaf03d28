package dev.jebena.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "cp",
        description = "Gives a model a second name. Takes no further space.",
        footer = {"  jebena cp smollm2 my-assistant"})
final class CopyCommand extends JebenaCommand {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "A model of the store.")
    String source = "";

    @Parameters(index = "1", paramLabel = "DESTINATION", description = "The new name.")
    String destination = "";

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        try (Models models = Models.open()) {
            models.hub().store().copy(source, destination);
            if (json) {
                System.out.println(Models.json(models.local(destination)));
            } else {
                System.err.println("copied " + source + " to " + destination);
            }
        }
        return ExitCode.OK;
    }
}
