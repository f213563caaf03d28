package dev.jebena.cli;

import dev.jebena.compute.Kernels;
import dev.jebena.compute.MachineCode;
import dev.jebena.hub.Hub;
import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = "Shows what this machine offers and what would help.",
        footer = {"  jebena doctor", "  jebena doctor --json"})
final class DoctorCommand extends JebenaCommand {
    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("jebena", Version.number());
        facts.put("java", Runtime.version() + ", " + System.getProperty("java.vm.vendor"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("heap limit", Tables.bytes(Runtime.getRuntime().maxMemory()));
        MachineCode code = MachineCode.here();
        facts.put("kernels", Kernels.best().name());
        facts.put("CPU features", code.features().isEmpty() ? "none in use" : code.features());
        facts.put("executable memory", code.executable());
        Path home = Hub.home(System.getenv());
        facts.put("data folder", home.toString());
        facts.put("free space there", Tables.bytes(freeSpace(home)));
        for (String tool : List.of("pip", "npm", "mvn")) {
            facts.put(tool, onPath(tool));
        }
        if (json) {
            System.out.println(Json.write(facts));
        } else {
            System.out.print(
                    Tables.of(
                            facts.entrySet().stream()
                                    .map(fact ->
                                            List.of(fact.getKey(), String.valueOf(fact.getValue())))
                                    .toList()));
            advise(home);
        }
        return ExitCode.OK;
    }

    private static void advise(Path home) throws IOException {
        if (Kernels.best().name().equals("scalar")) {
            System.out.println(
                    "! Only scalar kernels: start Java with --add-modules jdk.incubator.vector (./jebena does).");
        }
        MachineCode code = MachineCode.here();
        if (code.refused()) {
            System.out.println(
                    "! No executable memory, so the assembled kernels are off (several times slower): a"
                            + " hardened kernel, SELinux (allow execmem) or a seccomp filter forbids"
                            + " it.");
        }
        if (freeSpace(home) < 2_000_000_000L) {
            System.out.println(
                    "! Less than 2 GB free in the data folder: set JEBENA_HOME to a larger disk.");
        }
        if (onPath("pip").equals("not found")) {
            System.out.println(
                    "! pip is not on the PATH: models that come as Python packages need it.");
        }
    }

    private static long freeSpace(Path home) throws IOException {
        Path existing = home.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null) {
            return 0;
        }
        FileStore store = Files.getFileStore(existing);
        return store.getUsableSpace();
    }

    private static String onPath(String program) {
        for (String folder :
                System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
                return Path.of(folder, program).toString();
            }
        }
        return "not found";
    }
}
