package dev.jebena.cli;

import dev.jebena.compute.Kernels;
import dev.jebena.compute.MachineCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What `jebena doctor` finds wrong or wanting on this machine, with what mends it.
final class Diagnosis {
    /// How bad it is: something does not work, or only works less well.
    enum Severity {
        problem,
        hint
    }

    /// @param what what was found
    /// @param why what it means for the user
    /// @param remedy the command or step that mends it
    record Finding(Severity severity, String what, String why, String remedy) {
        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("severity", severity.name());
            fields.put("what", what);
            fields.put("why", why);
            fields.put("remedy", remedy);
            return fields;
        }
    }

    private final List<Finding> findings = new ArrayList<>();

    private Diagnosis() {}

    /// @param home the data folder
    static List<Finding> of(Path home, Map<String, String> environment) throws IOException {
        Diagnosis diagnosis = new Diagnosis();
        diagnosis.settings(environment);
        diagnosis.dataFolder(home);
        diagnosis.kernels();
        diagnosis.memory();
        diagnosis.tools();
        return diagnosis.findings;
    }

    private void add(Severity severity, String what, String why, String remedy) {
        findings.add(new Finding(severity, what, why, remedy));
    }

    private void settings(Map<String, String> environment) throws IOException {
        Settings settings = Settings.load(environment, Commands.names());
        for (String problem : SettingKeys.all().problems(settings)) {
            add(
                    Severity.problem,
                    problem,
                    "Commands refuse to start with settings that cannot be used.",
                    "jebena config unset KEY, or mend " + settings.file());
        }
    }

    private void dataFolder(Path home) throws IOException {
        Path existing = home.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            add(
                    Severity.problem,
                    "The data folder " + home + " cannot be written.",
                    "Models and settings are kept there.",
                    existing != null && Files.isDirectory(existing)
                            ? "chmod u+w " + existing + ", or export JEBENA_HOME=FOLDER"
                            : "export JEBENA_HOME=FOLDER");
            return;
        }
        long free = Files.getFileStore(existing).getUsableSpace();
        if (free < 2_000_000_000L) {
            add(
                    Severity.problem,
                    "Only " + Tables.bytes(free) + " are free in the data folder " + home + ".",
                    "A small model takes 0.1 to 1 GB, a middle one 5 GB.",
                    "jebena rm MODEL, or export JEBENA_HOME=FOLDER on a larger disk");
        }
    }

    private void kernels() {
        if (Kernels.best().name().equals("scalar")) {
            add(
                    Severity.problem,
                    "Only scalar kernels are in use.",
                    "Models run ten times slower than they could.",
                    "./jebena doctor, or java --add-modules jdk.incubator.vector");
        }
        MachineCode code = MachineCode.here();
        if (code.refused()) {
            add(
                    Severity.problem,
                    "The system refuses executable memory, so the assembled kernels are off.",
                    "Models run several times slower.",
                    "setsebool -P allow_execmem 1 with SELinux; or allow it in the seccomp or"
                            + " hardening profile");
        }
    }

    private void memory() {
        long limit = Runtime.getRuntime().maxMemory();
        if (limit < 400_000_000L) {
            add(
                    Severity.hint,
                    "The JVM may use " + Tables.bytes(limit) + " of heap.",
                    "Large vocabularies and many requests at once need more.",
                    "export JEBENA_JAVA_OPTIONS=-Xmx2g");
        }
        int cores = Runtime.getRuntime().availableProcessors();
        if (cores == 1) {
            add(
                    Severity.hint,
                    "This process may use one core.",
                    "Prompts are read with all cores that there are.",
                    "give the container more: docker run --cpus 4");
        }
    }

    private void tools() {
        tool("pip", "Models that come as Python packages need it.", "apt-get install python3-pip");
        tool("npm", "Models that come as npm packages need it.", "apt-get install npm");
    }

    private void tool(String name, String why, String remedy) {
        if (onPath(name).isEmpty()) {
            add(Severity.hint, name + " is not on the PATH.", why, remedy);
        }
    }

    /// Where a program is; empty when it is not on the path.
    static String onPath(String program) {
        for (String folder :
                System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return Path.of(folder, program).toString();
            }
        }
        return "";
    }
}
