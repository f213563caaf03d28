package dev.jebena.cli;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// The launcher starts this one with Jebena's core on the module path and with the JDK's launcher
/// of source files open to it.
@Command(
        name = "java",
        description = {
            "Runs a Java program of one file with Jebena on its module path.",
            "It may say import module dev.jebena.nn; and use all else of Jebena as well."
        },
        footer = {
            "  jebena java Train.java",
            "  jebena java Train.java data.csv --steps 100",
            "  JEBENA_JAVA_OPTIONS=-Xmx8g jebena java Train.java"
        })
final class JavaCommand extends JebenaCommand {
    private static final String LAUNCHER = "com.sun.tools.javac.launcher.SourceLauncher";

    @Parameters(index = "0", paramLabel = "FILE", description = "The program.")
    Path file = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "ARGUMENT",
            description = "What the program gets; options too.")
    List<String> arguments = new ArrayList<>();

    @Override
    int run() throws Exception {
        if (!Files.isRegularFile(file)) {
            throw new UserError("there is no file " + file);
        }
        List<String> words = new ArrayList<>();
        words.add(file.toString());
        words.addAll(arguments);
        // Trackers record it, so that jebena reproduce can start the program again.
        System.setProperty("jebena.program", String.join("\n", words));
        try {
            Class.forName(LAUNCHER)
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) words.toArray(String[]::new));
            return ExitCode.OK;
        } catch (InvocationTargetException e) {
            // The program's own: shown as java shows it.
            System.out.flush();
            Throwable thrown = e.getCause() == null ? e : e.getCause();
            thrown.printStackTrace();
            return ExitCode.FAILED;
        } catch (ReflectiveOperationException e) {
            throw new UserError(
                    "this JDK does not let Jebena run source files\nstart it as ./jebena java "
                            + file);
        }
    }
}
