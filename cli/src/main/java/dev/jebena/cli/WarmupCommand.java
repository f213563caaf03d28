package dev.jebena.cli;

import picocli.CommandLine.Command;

/// Runs through what a first answer needs, so that the launcher can record the classes and profiles
/// of a start (AOT cache). Not listed in the help.
@Command(
        name = "warmup",
        hidden = true,
        description = "Prepares a fast start; the launcher runs it after a build.")
final class WarmupCommand extends JebenaCommand {
    @Override
    int run() {
        Commands.whole().getUsageMessage();
        Commands.execute("doctor", "--json");
        return ExitCode.OK;
    }
}
