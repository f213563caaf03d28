package dev.jebena.cli;

import dev.jebena.base.Problem;
import dev.jebena.formats.FormatException;
import dev.jebena.json.JsonException;
import dev.jebena.llm.LlmException;
import dev.jebena.mcp.McpException;
import dev.jebena.nn.NnException;
import dev.jebena.tensor.TensorException;
import dev.jebena.tokenizers.TokenizerException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What every command has: `--help`, `--debug`, and errors as one message.
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        synopsisHeading = "Usage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%nArguments:%n",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        abbreviateSynopsis = true,
        sortOptions = false)
abstract class JebenaCommand implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    /// The options that were given, where they were read without the library; null where it knows.
    @Nullable Set<String> given;

    @Option(names = "--debug", description = "Show where an error came from.")
    boolean debug;

    /// Does the work. A thrown exception becomes a message and an exit code.
    abstract int run() throws Exception;

    @Override
    public final Integer call() {
        try {
            int status = run();
            System.out.flush();
            return status;
        } catch (InterruptedException e) {
            return ExitCode.INTERRUPTED;
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            System.out.flush();
            return report(
                    inTermsOfOptions(e),
                    debug || System.getenv("JEBENA_DEBUG") != null,
                    System.err);
        }
    }

    /// The engine speaks of `maxTokens` where the user wrote `--max-tokens`, and cannot know what
    /// makes room.
    private Throwable inTermsOfOptions(Throwable e) {
        if (!(e instanceof LlmException engine) || (spec == null && given == null)) {
            return e;
        }
        String message = message(e);
        if (engine.code() == LlmException.Code.CONTEXT_OVERFLOW) {
            boolean settable = spec == null || spec.findOption("--context") != null;
            String remedy = "\nshorten it" + (settable ? ", or make room with --context N" : "");
            return new LlmException(engine.code(), message + remedy, e);
        }
        String[] words = message.split(" ", 2);
        String option =
                "--"
                        + words[0].replaceAll("([A-Z])", "-$1")
                                .toLowerCase(Locale.ROOT)
                                .replace("context-length", "context")
                                .replace("max-sequences", "parallel")
                                .replace("max-queue", "queue");
        return words.length == 2 && isGiven(option)
                ? new LlmException(engine.code(), option + " " + words[1], e)
                : e;
    }

    private boolean isGiven(String option) {
        return given != null
                ? given.contains(option)
                : spec != null && spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    /// Prints what `e` means for the user and returns the exit code.
    static int report(Throwable e, boolean debug, PrintStream err) {
        boolean known = isMeantForUsers(e);
        if (debug) {
            e.printStackTrace(err);
        }
        if (known) {
            err.println("jebena: " + message(e).strip().replaceAll("\\s*\n\\s*", "\n        "));
            return isWrongUsage(e) ? ExitCode.USAGE : ExitCode.FAILED;
        }
        if (e instanceof OutOfMemoryError) {
            err.println("jebena: out of memory: " + e.getMessage());
            err.println("        Close other models, use a shorter context, or give the JVM more:");
            err.println("        JEBENA_JAVA_OPTIONS=-Xmx4g");
            return ExitCode.FAILED;
        }
        err.println("jebena: internal error: " + e);
        if (!debug) {
            err.println("        This is a defect of Jebena. --debug shows where it happened.");
        }
        return ExitCode.INTERNAL;
    }

    private static String message(Throwable e) {
        String message = e.getMessage();
        return switch (e) {
            case NoSuchFileException _ -> "there is no file " + message;
            case AccessDeniedException _ -> "no permission to use " + message;
            default -> message == null ? e.toString() : message;
        };
    }

    private static boolean isWrongUsage(Throwable e) {
        return switch (e) {
            case UserError u -> u.usage();
            case LlmException l -> l.code() == LlmException.Code.BAD_REQUEST;
            default -> false;
        };
    }

    private static boolean isMeantForUsers(Throwable e) {
        return switch (e) {
            case Problem p -> true;
            case UserError u -> true;
            case FormatException f -> true;
            case TokenizerException t -> true;
            case JsonException j -> true;
            case LlmException l -> l.code() != LlmException.Code.INTERNAL;
            case McpException m -> true;
            case NnException n -> true;
            case TensorException t -> true;
            case UncheckedIOException u -> true;
            case java.io.IOException i -> true;
            default -> false;
        };
    }
}
