package dev.jebena.cli;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// `docs/commands.md`, written from what the program knows of its commands.
final class CommandsPage {
    private static final List<String> EVERYWHERE = List.of("--debug", "--help", "--version");

    private static final Pattern DEFAULT = Pattern.compile(" \\(default:? ([^)]*)\\)");

    private CommandsPage() {}

    static String text() {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Commands

                Written by `DocumentationTest` from the program's own help; do not edit by hand.
                `jebena COMMAND --help` prints the same. Every command also takes `--debug` (show where an
                error came from), `--help` and `--version`.

                | command | what it does |
                |---|---|
                """);
        List<CommandSpec> commands =
                Commands.whole().getSubcommands().values().stream()
                        .map(CommandLine::getCommandSpec)
                        .filter(spec -> !spec.usageMessage().hidden())
                        .distinct()
                        .toList();
        commands.forEach(spec ->
                page.append(
                        "| [`%1$s`](#%1$s) | %2$s |\n"
                                .formatted(spec.name(), spec.usageMessage().description()[0])));
        commands.forEach(spec -> page.append(section(spec)));
        page.append("\n## Exit codes and settings\n\n```\n");
        footer(Commands.whole().getCommandSpec())
                .dropWhile(line -> !line.startsWith("Exit codes"))
                .forEach(line -> page.append(line).append('\n'));
        return page.append("```\n").toString();
    }

    private static String section(CommandSpec spec) {
        StringBuilder text = new StringBuilder("\n## " + spec.name() + "\n\n");
        text.append(String.join("\n", spec.usageMessage().description()));
        text.append("\n\n| argument or option | default | meaning |\n|---|---|---|\n");
        for (PositionalParamSpec argument : spec.positionalParameters()) {
            String more = argument.arity().max() > 1 ? "..." : "";
            String label = argument.paramLabel() + more;
            String name = argument.arity().min() == 0 ? "[" + label + "]" : label;
            text.append(row(name, argument));
        }
        for (OptionSpec option : spec.options()) {
            if (!EVERYWHERE.contains(option.longestName()) && !option.hidden()) {
                String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                text.append(row(String.join(", ", option.names()) + value, option));
            }
        }
        text.append("\n```\n");
        footer(spec).forEach(line -> text.append(line).append('\n'));
        return text.append("```\n").toString();
    }

    private static String row(String name, ArgSpec arg) {
        String text =
                String.join(" ", arg.description())
                        .replace("${COMPLETION-CANDIDATES}", candidates(arg));
        Matcher written = DEFAULT.matcher(text);
        String value = written.find() ? written.group(1) : arg.defaultValue();
        boolean verbatim = !text.contains("(default: ") && value != null && !value.isEmpty();
        return "| `%s` | %s | %s |\n"
                .formatted(
                        name.replace("|", "\\|"),
                        verbatim ? "`" + value + "`" : value == null ? "" : value,
                        written.replaceAll("").replace("|", "\\|"));
    }

    private static String candidates(ArgSpec arg) {
        Iterable<String> candidates = arg.completionCandidates();
        return candidates == null ? "" : String.join(", ", candidates);
    }

    /// Indented examples lose what they are indented by.
    private static Stream<String> footer(CommandSpec spec) {
        String[] lines = spec.usageMessage().footer();
        boolean indented = Arrays.stream(lines).allMatch(line -> line.startsWith("  "));
        return Arrays.stream(lines).map(line -> indented ? line.substring(2) : line);
    }
}
