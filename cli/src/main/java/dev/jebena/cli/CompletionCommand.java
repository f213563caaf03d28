package dev.jebena.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        description = "Prints the completion script of a shell.",
        footer = {
            "  source <(jebena completion bash)                        for this shell",
            "  jebena completion bash > /etc/bash_completion.d/jebena  for all",
            "  jebena completion zsh  > ~/.jebena-completion.zsh       source it in ~/.zshrc"
        })
final class CompletionCommand extends JebenaCommand {
    /// Shells that can load the script.
    enum Shell {
        bash,
        zsh
    }

    @Parameters(
            paramLabel = "SHELL",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})",
            defaultValue = "bash")
    Shell shell = Shell.bash;

    @Override
    int run() {
        // picocli's script serves both: in zsh it switches on bashcompinit itself.
        System.out.println(AutoComplete.bash("jebena", Commands.whole()));
        return ExitCode.OK;
    }
}
