package dev.jebena.cli;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// A manual page in the `man` macros of troff, from what the program knows of a command.
final class ManPage {
    private final StringBuilder text = new StringBuilder();

    private ManPage() {}

    /// The page of one command, `jebena-NAME(1)`.
    static String of(CommandSpec spec) {
        ManPage page = new ManPage();
        String name = "jebena-" + spec.name();
        String[] description = spec.usageMessage().description();
        page.head(name, description[0]);
        page.section("SYNOPSIS");
        page.text.append(".B jebena ").append(escaped(spec.name())).append("\n[\\fIOPTIONS\\fR]\n");
        for (PositionalParamSpec argument : spec.positionalParameters()) {
            String label = "\\fI" + escaped(argument.paramLabel()) + "\\fR";
            String more = argument.arity().max() > 1 ? "..." : "";
            page.text.append(argument.arity().min() == 0 ? "[" + label + more + "]" : label + more);
            page.text.append('\n');
        }
        page.section("DESCRIPTION");
        for (String line : description) {
            page.line(line);
        }
        page.arguments(spec);
        page.options(spec);
        page.examples(spec.usageMessage().footer());
        page.section("SEE ALSO");
        page.text.append(".BR jebena (1)\n");
        return page.text.toString();
    }

    /// The page of the program, `jebena(1)`.
    static String ofProgram(CommandLine whole) {
        ManPage page = new ManPage();
        page.head("jebena", whole.getCommandSpec().usageMessage().description()[0]);
        page.section("SYNOPSIS");
        page.text.append(".B jebena\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]\n");
        page.section("COMMANDS");
        whole.getSubcommands()
                .forEach((name, line) -> {
                    if (!line.getCommandSpec().usageMessage().hidden()) {
                        page.text.append(".TP\n.BR jebena\\-").append(name).append(" (1)\n");
                        page.line(line.getCommandSpec().usageMessage().description()[0]);
                    }
                });
        page.examples(whole.getCommandSpec().usageMessage().footer());
        return page.text.toString();
    }

    private void head(String name, String description) {
        text.append(".TH \"")
                .append(name.toUpperCase(Locale.ROOT))
                .append("\" 1 \"\" \"jebena ")
                .append(escaped(Version.number()))
                .append("\" \"Jebena\"\n");
        section("NAME");
        text.append(escaped(name))
                .append(" \\- ")
                .append(escaped(description.replaceFirst("\\.$", "")))
                .append('\n');
    }

    private void section(String title) {
        text.append(".SH ").append(title).append('\n');
    }

    private void arguments(CommandSpec spec) {
        if (spec.positionalParameters().isEmpty()) {
            return;
        }
        section("ARGUMENTS");
        for (PositionalParamSpec argument : spec.positionalParameters()) {
            text.append(".TP\n\\fI").append(escaped(argument.paramLabel())).append("\\fR\n");
            describe(argument);
        }
    }

    private void options(CommandSpec spec) {
        section("OPTIONS");
        for (OptionSpec option : spec.options()) {
            if (option.hidden()) {
                continue;
            }
            text.append(".TP\n\\fB").append(escaped(String.join(", ", option.names())));
            text.append("\\fR");
            if (option.arity().max() > 0) {
                text.append(" \\fI").append(escaped(option.paramLabel())).append("\\fR");
            }
            text.append('\n');
            describe(option);
        }
    }

    private void describe(ArgSpec arg) {
        Iterable<String> candidates = arg.completionCandidates();
        String value = arg.defaultValue() == null ? "" : arg.defaultValue();
        for (String line : arg.description()) {
            line(
                    line.replace("%%", "%")
                            .replace("${DEFAULT-VALUE}", value)
                            .replace(
                                    "${COMPLETION-CANDIDATES}",
                                    candidates == null ? "" : String.join(", ", candidates)));
        }
    }

    private void examples(String[] footer) {
        if (footer.length == 0) {
            return;
        }
        section("EXAMPLES");
        text.append(".nf\n");
        for (String line : footer) {
            line(line);
        }
        text.append(".fi\n");
    }

    private void line(String line) {
        text.append(escaped(line)).append('\n');
    }

    /// Backslashes, hyphens that are meant as such, and dots and quotes at the beginning of a line
    /// mean something to troff.
    private static String escaped(String line) {
        String safe = line.replace("\\", "\\e").replace("-", "\\-");
        return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
    }
}
