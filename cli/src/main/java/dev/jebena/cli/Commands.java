package dev.jebena.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
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
        BY_NAME.put("embed", EmbedCommand::new);
        BY_NAME.put("tokenize", TokenizeCommand::new);
        BY_NAME.put("bench", BenchCommand::new);
        BY_NAME.put("doctor", DoctorCommand::new);
        BY_NAME.put("completion", CompletionCommand::new);
        BY_NAME.put("warmup", WarmupCommand::new);
    }

    private Commands() {}

    /// The `jebena` command itself: help and version.
    @Command(
            name = "jebena",
            description = "The open AI stack as one JVM system: run and serve language models.",
            footer = {
                "  jebena run smollm2 \"Why is the sky blue?\"   one answer",
                "  jebena run smollm2                          a conversation",
                "  jebena serve                                OpenAI, Ollama and llama.cpp protocols on one port",
                "  jebena COMMAND --help                       options and examples of a command",
                "",
                "Exit codes: 0 done, 1 failed, 2 wrong usage, 70 defect of Jebena, 130 ended by Ctrl-C.",
                "Settings:   JEBENA_HOME (data folder, default ~/.jebena), JEBENA_JAVA_OPTIONS, JEBENA_DEBUG,",
                "            HF_ENDPOINT and HF_TOKEN (model hub), JEBENA_API_KEYS (server)."
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
        Supplier<JebenaCommand> command = args.length == 0 ? null : BY_NAME.get(args[0]);
        if (command == null) {
            return configured(whole()).execute(args);
        }
        String[] rest = java.util.Arrays.copyOfRange(args, 1, args.length);
        CommandLine line = new CommandLine(command.get());
        line.setCommandName("jebena " + args[0]);
        return configured(line).execute(rest);
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
        System.err.println("jebena: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, line.getErr());
        System.err.println("        " + line.getCommandName() + " --help shows the options.");
        return ExitCode.USAGE;
    }
}
