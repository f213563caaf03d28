package dev.jebena.cli;

import picocli.CommandLine.Command;

@Command(name = "serve", description = "stub")
final class ServeCommand extends JebenaCommand {
    @Override
    int run() {
        return 0;
    }
}
