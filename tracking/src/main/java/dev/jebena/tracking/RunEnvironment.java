package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a run depends on beside its params: the code, the JDK, the machine and the libraries. The
/// tags are those that MLflow's pages show; all of it is the artifact
/// `environment/environment.json`, with `environment/code.diff` for what is not committed.
record RunEnvironment(
        @Nullable Map<String, @Nullable Object> machine, @Nullable GitState code, String program) {
    private static final String FOLDER = "environment/";
    private static final int LONGEST_PROC = 65_536;

    static RunEnvironment of(TrackerOptions options) {
        Path folder = options.code();
        return new RunEnvironment(
                options.environment() ? thisMachine() : null,
                folder == null ? null : GitState.of(folder),
                startedProgram());
    }

    /// The class or archive that was started, without its arguments: they may hold secrets.
    private static String startedProgram() {
        return System.getProperty("sun.java.command", "java").split(" ", 2)[0];
    }

    Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("mlflow.user", System.getProperty("user.name", ""));
        tags.put("mlflow.source.name", program);
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
        if (code != null) {
            all.put(
                    "code",
                    HttpJson.object(
                            "commit", code.commit(),
                            "branch", code.branch(),
                            "remote", code.remote(),
                            "changed", code.changed(),
                            "diff_is_whole", code.whole(),
                            "untracked", code.untracked()));
            if (!code.diff().isEmpty()) {
                run.artifact(FOLDER + "code.diff", code.diff());
            }
        }
        if (machine != null) {
            all.putAll(machine);
        }
        run.artifact(FOLDER + "environment.json", HttpJson.text(all));
    }

    private static Map<String, @Nullable Object> thisMachine() {
        Runtime runtime = Runtime.getRuntime();
        return HttpJson.object(
                "jdk",
                HttpJson.object(
                        "version", Runtime.version().toString(),
                        "vendor", System.getProperty("java.vendor"),
                        "vm", System.getProperty("java.vm.name"),
                        "options", options()),
                "system",
                HttpJson.object(
                        "name", System.getProperty("os.name"),
                        "version", System.getProperty("os.version"),
                        "architecture", System.getProperty("os.arch"),
                        "locale", java.util.Locale.getDefault().toLanguageTag(),
                        "time_zone", java.util.TimeZone.getDefault().getID()),
                "cpu",
                HttpJson.object(
                        "processors", runtime.availableProcessors(),
                        "model", cpu("model name"),
                        "features",
                                new ArrayList<>(
                                        new TreeSet<>(
                                                Stream.of(cpu("flags").split(" "))
                                                        .filter(f -> !f.isEmpty())
                                                        .toList()))),
                "memory",
                HttpJson.object("max_heap_bytes", runtime.maxMemory()),
                "libraries",
                libraries());
    }

    /// Options of the virtual machine; properties may hold secrets, so only their names.
    private static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .map(o -> o.startsWith("-D") ? o.replaceFirst("=.*", "=…") : o)
                .toList();
    }

    /// A line of Linux's description of the first processor; empty where there is none.
    private static String cpu(String name) {
        try (var in = Files.newInputStream(Path.of("/proc/cpuinfo"))) {
            return new String(in.readNBytes(LONGEST_PROC), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> l.startsWith(name))
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException _) {
            return "";
        }
    }

    /// The archives of the class and module path: `jackson-core-3.2.4`.
    private static List<String> libraries() {
        String paths =
                System.getProperty("java.class.path", "")
                        + File.pathSeparator
                        + System.getProperty("jdk.module.path", "");
        return Stream.of(paths.split(File.pathSeparator))
                .filter(p -> p.endsWith(".jar"))
                .map(p -> p.substring(p.lastIndexOf(File.separatorChar) + 1).replace(".jar", ""))
                .sorted()
                .distinct()
                .toList();
    }
}
