package dev.jebena.cli;

import dev.jebena.hub.Hub;
import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Path;
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
        Map<String, Object> facts = MachineFacts.of(home);
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
}
