package dev.jebena.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// What the completion scripts call: a candidate a line, with what it means behind a tab; `:files`
/// where files may stand too. Not listed in the help.
@Command(
        name = "complete",
        hidden = true,
        description = "Lists what may stand at the end of a command line.")
final class CompleteCommand extends JebenaCommand {
    @Parameters(
            paramLabel = "WORD",
            arity = "0..*",
            description = "The words so far; the last is being typed.")
    List<String> words = List.of();

    @Override
    int run() {
        Completion.Answer answer = Completion.of(words);
        answer.candidates()
                .forEach((word, text) ->
                        System.out.println(text.isEmpty() ? word : word + "\t" + text));
        if (answer.files()) {
            System.out.println(":files");
        }
        return ExitCode.OK;
    }
}
