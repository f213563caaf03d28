package dev.jebena.cli;

import dev.jebena.base.Suggestions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "man",
        description = {
            "Prints the manual page of a command, for man.",
            "The build writes all pages to share/man/man1 beside the program."
        },
        footer = {
            "  jebena man run | man -l -",
            "  jebena man --to ~/.local/share/man/man1; man jebena-run"
        })
final class ManCommand extends JebenaCommand {
    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..1",
            description = "A command; the program itself if absent.")
    @Nullable String command;

    @Option(names = "--to", paramLabel = "FOLDER", description = "Write all pages to this folder.")
    @Nullable Path folder;

    @Override
    int run() throws IOException {
        CommandLine whole = Commands.whole();
        if (folder != null) {
            writeAll(whole, folder);
            return ExitCode.OK;
        }
        if (command == null) {
            System.out.print(ManPage.ofProgram(whole));
            return ExitCode.OK;
        }
        CommandLine line = whole.getSubcommands().get(command);
        if (line == null) {
            String near = Suggestions.nearest(command, whole.getSubcommands().keySet());
            throw UserError.usage(
                    "there is no command "
                            + command
                            + (near == null ? "" : "; did you mean " + near + "?"));
        }
        System.out.print(ManPage.of(line.getCommandSpec()));
        return ExitCode.OK;
    }

    private static void writeAll(CommandLine whole, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("jebena.1"), ManPage.ofProgram(whole));
        for (Map.Entry<String, CommandLine> entry : whole.getSubcommands().entrySet()) {
            if (!entry.getValue().getCommandSpec().usageMessage().hidden()) {
                Files.writeString(
                        folder.resolve("jebena-" + entry.getKey() + ".1"),
                        ManPage.of(entry.getValue().getCommandSpec()));
            }
        }
    }
}
