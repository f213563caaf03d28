package dev.jebena.cli;

import dev.jebena.base.Suggestions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// All commands by name. Only the one that was asked for is built, which keeps the start short.
final class Commands {
    private static final Map<String, Supplier<JebenaCommand>> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put("run", RunCommand::new);
        BY_NAME.put("pull", PullCommand::new);
        BY_NAME.put("list", ListCommand::new);
        BY_NAME.put("show", ShowCommand::new);
        BY_NAME.put("rm", RemoveCommand::new);
        BY_NAME.put("cp", CopyCommand::new);
        BY_NAME.put("create", CreateCommand::new);
        BY_NAME.put("serve", ServeCommand::new);
        BY_NAME.put("ps", PsCommand::new);
        BY_NAME.put("stop", StopCommand::new);
        BY_NAME.put("mcp", McpCommand::new);
        BY_NAME.put("embed", EmbedCommand::new);
        BY_NAME.put("pipeline", PipelineCommand::new);
        BY_NAME.put("tokenize", TokenizeCommand::new);
        BY_NAME.put("hub", HubCommand::new);
        BY_NAME.put("convert", ConvertCommand::new);
        BY_NAME.put("quantize", QuantizeCommand::new);
        BY_NAME.put("imatrix", ImatrixCommand::new);
        BY_NAME.put("perplexity", PerplexityCommand::new);
        BY_NAME.put("data", DataCommand::new);
        BY_NAME.put("train", TrainCommand::new);
        BY_NAME.put("java", JavaCommand::new);
        BY_NAME.put("bench", BenchCommand::new);
        BY_NAME.put("runs", RunsCommand::new);
        BY_NAME.put("reproduce", ReproduceCommand::new);
        BY_NAME.put("lineage", LineageCommand::new);
        BY_NAME.put("gate", GateCommand::new);
        BY_NAME.put("accounts", AccountsCommand::new);
        BY_NAME.put("card", CardCommand::new);
        BY_NAME.put("licence", LicenceCommand::new);
        BY_NAME.put("openness", OpennessCommand::new);
        BY_NAME.put("scan", ScanCommand::new);
        BY_NAME.put("config", ConfigCommand::new);
        BY_NAME.put("doctor", DoctorCommand::new);
        BY_NAME.put("completion", CompletionCommand::new);
        BY_NAME.put("man", ManCommand::new);
        BY_NAME.put("warmup", WarmupCommand::new);
        BY_NAME.put("complete", CompleteCommand::new);
    }

    private static final Map<String, String> ALIASES = Map.of("ls", "list", "license", "licence");

    private static final Set<String> HIDDEN = Set.of("warmup", "complete");

    /// Commands that work whatever the settings are: they show or mend them.
    private static final Set<String> WITHOUT_SETTINGS =
            Set.of("config", "doctor", "completion", "complete", "man", "warmup");

    private Commands() {}

    /// The `jebena` command itself: help and version.
    @Command(
            name = "jebena",
            description = "The open AI stack as one JVM system: run and serve language models.",
            footer = {
                "  jebena run smollm2 \"Why is the sky blue?\"   one answer",
                "  jebena run smollm2                          a conversation",
                "  jebena serve                                all protocols on one port",
                "  jebena COMMAND --help                       options and examples of a command",
                "",
                "Exit codes: 0 done, 1 failed, 2 wrong usage or unsafe (scan), 70 defect of",
                "            Jebena, 130 Ctrl-C.",
                "Settings:   options by jebena config or as JEBENA_SERVE_PORT and the like;",
                "            JEBENA_CONFIG (their file), JEBENA_URL (server),",
                "            JEBENA_HOME (data folder, default ~/.jebena),",
                "            JEBENA_API_KEY (ps, stop), JEBENA_API_KEYS (serve),",
                "            JEBENA_ADMIN_PASSWORD and JEBENA_OIDC_SECRET (serve --accounts),",
                "            JEBENA_HUB_TOKEN (serve: token of --hub-owner),",
                "            HF_ENDPOINT and HF_TOKEN (model hub), HF_HOME, HF_HUB_CACHE,",
                "            HF_TOKEN_PATH and HF_HUB_OFFLINE (its cache), JEBENA_PIP,",
                "            JEBENA_NPM and JEBENA_MVN (package managers), JEBENA_JAVA_OPTIONS,",
                "            JEBENA_DEBUG (shows where errors come from)."
            })
    static final class Jebena extends JebenaCommand {
        @Override
        int run() {
            whole().usage(System.out);
            return ExitCode.OK;
        }
    }

    /// Runs the command that `args` asks for and returns its exit code.
    static int execute(String... args) {
        List<String> words = ordered(args);
        if (words.size() == 1
                && (words.getFirst().equals("--version") || words.getFirst().equals("-V"))) {
            // Without the library, whose start takes longer than all of the rest.
            System.out.println(Version.line());
            return ExitCode.OK;
        }
        Supplier<JebenaCommand> command = words.isEmpty() ? null : BY_NAME.get(words.getFirst());
        if (command == null) {
            return other(words);
        }
        List<String> own = words.subList(1, words.size());
        try {
            return execute(words.getFirst(), command, own);
        } catch (IOException | UserError e) {
            // Settings that cannot be used.
            return JebenaCommand.report(e, own.contains("--debug"), System.err);
        }
    }

    private static int execute(String name, Supplier<JebenaCommand> command, List<String> words)
            throws IOException {
        boolean plain = WITHOUT_SETTINGS.contains(name) || words.contains("--help");
        Settings settings = plain ? null : Settings.load(System.getenv(), BY_NAME.keySet());
        if (settings != null && name.equals("run") && settings.problems().isEmpty()) {
            RunCommand run = RunArguments.read(settings.before(name, words));
            if (run != null) {
                return run.call();
            }
        }
        CommandLine line = configured(new CommandLine(command.get()));
        List<String> all = words;
        if (settings != null && !settings.isEmpty()) {
            List<String> problems = SettingKeys.all().problems(settings);
            if (!problems.isEmpty()) {
                throw UserError.usage(
                        "the settings cannot be used\n" + String.join("\n", problems));
            }
            all = SettingKeys.complete(line.getCommandSpec(), settings, words);
        }
        line.setCommandName("jebena " + name);
        // Options behind the file are the program's own.
        line.setStopAtPositional(name.equals("java"));
        return line.execute(all.toArray(String[]::new));
    }

    /// A command by its name, for what asks about its options.
    static JebenaCommand named(String name) {
        Supplier<JebenaCommand> command = BY_NAME.get(name);
        if (command == null) {
            throw new IllegalArgumentException("no command " + name);
        }
        return command.get();
    }

    static Set<String> names() {
        return BY_NAME.keySet();
    }

    /// `args` with the command in front: `--debug list` is `list --debug`, `help run` is `run
    /// --help`, `ls` is `list`.
    private static List<String> ordered(String... args) {
        List<String> words = new ArrayList<>(List.of(args));
        if (words.size() > 1 && words.getFirst().equals("--debug")) {
            Collections.swap(words, 0, 1);
        }
        if (!words.isEmpty() && words.getFirst().equals("help")) {
            words.set(0, "--help");
            if (words.size() > 1) {
                Collections.swap(words, 0, 1);
            }
        }
        if (!words.isEmpty() && ALIASES.containsKey(words.getFirst())) {
            words.set(0, ALIASES.getOrDefault(words.getFirst(), ""));
        }
        return words;
    }

    /// Help, version, or a command that does not exist.
    private static int other(List<String> words) {
        if (words.isEmpty() || words.getFirst().startsWith("-")) {
            return configured(whole()).execute(words.toArray(String[]::new));
        }
        List<String> listed = BY_NAME.keySet().stream().filter(n -> !HIDDEN.contains(n)).toList();
        String near = Suggestions.nearest(words.getFirst(), listed);
        System.err.println(
                "jebena: there is no command "
                        + words.getFirst()
                        + (near == null ? "" : "; did you mean " + near + "?"));
        System.err.println("        jebena --help lists the commands.");
        return ExitCode.USAGE;
    }

    /// The program with all of its commands: for help and completion.
    static CommandLine whole() {
        CommandLine line = new CommandLine(new Jebena());
        BY_NAME.forEach((name, command) -> line.addSubcommand(name, command.get()));
        return line;
    }

    private static CommandLine configured(CommandLine line) {
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        line.setColorScheme(Help.defaultColorScheme(Ansi.AUTO));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(Commands::wrongUsage);
        return line;
    }

    private static int wrongUsage(ParameterException e, String... args) {
        CommandLine line = e.getCommandLine();
        System.err.println("jebena: " + message(e));
        System.err.println("        " + line.getCommandName() + " --help shows the options.");
        return ExitCode.USAGE;
    }

    private static @Nullable String message(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && unmatched.isUnknownOption()) {
            String option = unmatched.getUnmatched().getFirst().replaceAll("=.*", "");
            String near =
                    Suggestions.nearest(
                            option, e.getCommandLine().getCommandSpec().optionsMap().keySet());
            return "there is no option "
                    + option
                    + (near == null ? "" : "; did you mean " + near + "?");
        }
        return e.getMessage();
    }
}
