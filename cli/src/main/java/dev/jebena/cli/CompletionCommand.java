package dev.jebena.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        description = {
            "Prints the completion script of a shell.",
            "It completes commands, options, their values, models and keys of settings."
        },
        footer = {
            "  source <(jebena completion bash)                        for this shell",
            "  jebena completion bash > /etc/bash_completion.d/jebena  for all",
            "  jebena completion zsh  > ~/.jebena-completion.zsh       source it in ~/.zshrc",
            "  jebena completion fish > ~/.config/fish/completions/jebena.fish"
        })
final class CompletionCommand extends JebenaCommand {
    /// Shells that can load the script.
    enum Shell {
        bash,
        zsh,
        fish
    }

    /// The words are taken from the line, since bash itself cuts `gemma3:270m` at the colon.
    private static final String BASH =
            """
            # Completion of jebena for bash; asks the program.
            _jebena() {
              local typed="${COMP_LINE:0:COMP_POINT}" IFS=$' \\t\\n' words answer line
              read -ra words <<<"$typed"
              case "$typed" in *[[:space:]]) words+=("") ;; esac
              answer=$("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null) || return
              local current="${words[${#words[@]}-1]}" cut=""
              case "$current" in *[:=]*) cut="${current%[:=]*}"; cut="${current:0:${#cut}+1}" ;; esac
              COMPREPLY=()
              while IFS=$'\\t' read -r line _; do
                case "$line" in
                  "") ;;
                  :files) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current") ;;
                  *) COMPREPLY+=("${line#"$cut"}") ;;
                esac
              done <<<"$answer"
            }
            complete -o nosort -o filenames -F _jebena jebena ./jebena 2>/dev/null || complete -F _jebena jebena ./jebena
            """;

    private static final String ZSH =
            """
            #compdef jebena
            # Completion of jebena for zsh; asks the program.
            _jebena() {
              local -a lines described
              local line
              lines=("${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
              for line in "${lines[@]}"; do
                case "$line" in
                  "") ;;
                  :files) _files ;;
                  *) described+=("${${line%%$'\\t'*}//:/\\\\:}${${(M)line:#*$'\\t'*}:+:${line#*$'\\t'}}") ;;
                esac
              done
              (( ${#described} )) && _describe jebena described
            }
            (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u }
            compdef _jebena jebena
            """;

    private static final String FISH =
            """
            # Completion of jebena for fish; asks the program.
            function __jebena_complete
                set -l words (commandline -opc) (commandline -ct)
                for line in ($words[1] complete -- $words[2..-1] 2>/dev/null)
                    if test "$line" = ':files'
                        __fish_complete_path (commandline -ct)
                    else
                        echo $line
                    end
                end
            end
            complete -c jebena -f -a '(__jebena_complete)'
            """;

    @Parameters(
            paramLabel = "SHELL",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE})",
            defaultValue = "bash")
    Shell shell = Shell.bash;

    @Override
    int run() {
        System.out.print(
                switch (shell) {
                    case bash -> BASH;
                    case zsh -> ZSH;
                    case fish -> FISH;
                });
        return ExitCode.OK;
    }
}
