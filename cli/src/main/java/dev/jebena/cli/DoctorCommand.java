package dev.jebena.cli;

import dev.jebena.compute.Kernels;
import dev.jebena.compute.MachineCode;
import dev.jebena.hub.Hub;
import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = {
            "Shows what this machine offers and what would help.",
            "Each finding says what it is, what it means, and what mends it.",
            "Exit code 1 when something is a problem, 0 with hints only."
        },
        footer = {"  jebena doctor", "  jebena doctor --json | jq -r '.findings[].remedy'"})
final class DoctorCommand extends JebenaCommand {
    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() throws IOException {
        Path home = Hub.home(System.getenv());
        Map<String, Object> facts = facts(home);
        List<Diagnosis.Finding> findings = Diagnosis.of(home, System.getenv());
        if (json) {
            facts.put("findings", findings.stream().map(Diagnosis.Finding::fields).toList());
            System.out.println(Json.write(facts));
        } else {
            System.out.print(
                    Tables.of(
                            facts.entrySet().stream()
                                    .map(fact ->
                                            List.of(fact.getKey(), String.valueOf(fact.getValue())))
                                    .toList()));
            findings.forEach(DoctorCommand::print);
            if (findings.isEmpty()) {
                System.out.println("\nNothing to mend.");
            }
        }
        return findings.stream().anyMatch(f -> f.severity() == Diagnosis.Severity.problem)
                ? ExitCode.FAILED
                : ExitCode.OK;
    }

    private static void print(Diagnosis.Finding finding) {
        boolean problem = finding.severity() == Diagnosis.Severity.problem;
        System.out.println();
        System.out.println((problem ? "! " : "- ") + finding.what());
        System.out.println("  " + finding.why());
        System.out.println("  → " + finding.remedy());
    }

    private static Map<String, Object> facts(Path home) throws IOException {
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
        facts.put("data folder", home.toString());
        facts.put("free space there", Tables.bytes(freeSpace(home)));
        facts.put("settings", Settings.file(System.getenv()).toString());
        for (String tool : List.of("pip", "npm", "mvn")) {
            String place = Diagnosis.onPath(tool);
            facts.put(tool, place.isEmpty() ? "not found" : place);
        }
        return facts;
    }

    private static long freeSpace(Path home) throws IOException {
        Path existing = home.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing == null ? 0 : Files.getFileStore(existing).getUsableSpace();
    }
}
