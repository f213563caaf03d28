package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a run depends on beside its params: the code, the JDK, the machine and the libraries. The
/// tags are those that MLflow's pages show; all of it is the artifact
/// `environment/environment.json`, with `environment/code.diff` for what is not committed and the
/// source of a program of one file.
record RunEnvironment(
        @Nullable Map<String, @Nullable Object> machine,
        @Nullable GitState code,
        String program,
        List<String> command) {
    static final String FOLDER = "environment/";
    static final String FILE = FOLDER + "environment.json";
    static final String DIFF = FOLDER + "code.diff";

    /// What `jebena java` was given, one word a line: its program first.
    static final String PROGRAM = "jebena.program";

    static RunEnvironment of(TrackerOptions options) {
        Path folder = options.code();
        return new RunEnvironment(
                options.environment() ? ThisMachine.described() : null,
                folder == null ? null : GitState.of(folder),
                startedProgram(),
                options.environment() ? command(options) : List.of());
    }

    /// The class or archive that was started, without its arguments: they may hold secrets.
    private static String startedProgram() {
        return System.getProperty("sun.java.command", "java").split(" ", 2)[0];
    }

    private static List<String> command(TrackerOptions options) {
        String program = System.getProperty(PROGRAM);
        if (!options.command().isEmpty() || program == null) {
            return options.command();
        }
        String[] words = ("java\n" + program).split("\n", -1);
        words[1] = Path.of(words[1]).toAbsolutePath().normalize().toString();
        return Arrays.asList(words);
    }

    Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("mlflow.user", System.getProperty("user.name", ""));
        tags.put("mlflow.source.name", command.size() < 2 ? program : command.get(1));
        tags.put("mlflow.source.type", "LOCAL");
        if (code != null) {
            tags.put("mlflow.source.git.commit", code.commit());
            tags.put("mlflow.source.git.branch", code.branch());
            if (!code.remote().isEmpty()) {
                tags.put("mlflow.source.git.repoURL", code.remote());
            }
            tags.put("jebena.code.changed", Boolean.toString(code.changed()));
        }
        return tags;
    }

    void log(TrackedRun run) {
        if (machine == null && code == null) {
            return;
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("program", program);
        if (!command.isEmpty()) {
            all.put("command", command);
            all.put("folder", Path.of("").toAbsolutePath().toString());
            logProgram(run);
        }
        if (code != null) {
            all.put(
                    "code",
                    HttpJson.object(
                            "root", code.root(),
                            "commit", code.commit(),
                            "branch", code.branch(),
                            "remote", code.remote(),
                            "changed", code.changed(),
                            "diff_is_whole", code.whole(),
                            "untracked", code.untracked()));
            if (!code.diff().isEmpty()) {
                run.artifact(DIFF, code.diff());
            }
        }
        if (machine != null) {
            all.putAll(machine);
        }
        run.artifact(FILE, HttpJson.text(all));
    }

    /// The file that the command names: a program or a recipe, which git may not have.
    private void logProgram(TrackedRun run) {
        Path file = Path.of(command.size() < 2 ? "" : command.get(1));
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= GitState.LONGEST) {
                run.artifact(FOLDER + "program/" + file.getFileName(), file);
            }
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
    }
}
