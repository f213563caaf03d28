package dev.jebena.cli;

import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;

/// `docs/configuration.md`, written from the options of the commands.
final class ConfigurationPage {
    private ConfigurationPage() {}

    static String text() {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Configuration

                Written by `DocumentationTest` from the program's own options; do not edit by hand.

                Every option of every command can be set once instead of on each command line. What comes first wins:

                1. the command line: `--port 8080`
                2. the environment: `JEBENA_SERVE_PORT=8080`
                3. the file: `serve.port = 8080`
                4. a model's own parameters (sampling options of `run`)
                5. the default

                The file is `config` in the data folder (`JEBENA_HOME`, default `~/.jebena`), or what `JEBENA_CONFIG` names. It
                has a `key = value` a line; `#` begins a comment. A key is a command and the long name of one of its options.
                Flags take `true` or `false`; options that may be repeated take several values with commas between them.

                ```
                jebena config set serve.port 8080     changes the file, other lines stay as they are
                jebena config list                    what is set, and where it comes from
                jebena config list --all              the defaults too
                jebena config unset serve.port
                ```

                An unknown key, a value that its option does not take, and a line that cannot be read stop a command; all of them
                are told together, each with its line and the nearest key that there is. `config` and `doctor` work regardless.
                The folder that a command runs in has no say: a repository cannot change how Jebena runs.

                Besides, the environment has: `JEBENA_HOME`, `JEBENA_CONFIG`, `JEBENA_URL` and `JEBENA_API_KEY` (the server for `ps`
                and `stop`), `JEBENA_API_KEYS` (keys of `serve`, with commas), `HF_ENDPOINT` and `HF_TOKEN` (model hub),
                `JEBENA_PIP`, `JEBENA_NPM` and `JEBENA_MVN` (package managers), `JEBENA_JAVA_OPTIONS`, `JEBENA_DEBUG`.

                | key | environment | default |
                |---|---|---|
                """);
        for (Map.Entry<String, OptionSpec> entry : SettingKeys.all().options().entrySet()) {
            String value = entry.getValue().defaultValue();
            page.append(
                    "| `%s` | `%s` | %s |\n"
                            .formatted(
                                    entry.getKey(),
                                    Settings.variable(entry.getKey()),
                                    value == null || value.isEmpty() ? "" : "`" + value + "`"));
        }
        return page.append("\nWhat each option means: [commands.md](commands.md).\n").toString();
    }
}
