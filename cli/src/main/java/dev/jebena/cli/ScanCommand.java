package dev.jebena.cli;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpJson;
import dev.jebena.governance.FileReport;
import dev.jebena.governance.Scan;
import dev.jebena.governance.ScanFinding;
import dev.jebena.governance.ScanLevel;
import dev.jebena.governance.ScanOptions;
import dev.jebena.governance.ScanReport;
import dev.jebena.hub.StoredModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "scan",
        description = {
            "Looks for what is dangerous in the files of a model or data set.",
            "Pickles that run code, archive bombs, secrets, wrong checksums, damaged",
            "files, programs in disguise, Lambda layers, templates that leave their",
            "sandbox. Nothing of it is run. The exit code is 2 when a file is unsafe."
        },
        footer = {
            "  jebena scan model.pt",
            "  jebena scan ./my-model",
            "  jebena scan smollm2 --json",
            "  jebena scan ./my-model --imports"
        })
final class ScanCommand extends JebenaCommand {
    private static final int UNSAFE = 2;

    @Parameters(paramLabel = "MODEL", description = "A file, a folder, or a model of the store.")
    String name = "";

    @Option(names = "--imports", description = "List all names that pickles import.")
    boolean imports;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        ScanReport report = report();
        if (json) {
            System.out.println(HttpJson.text(report.json()));
        } else {
            System.out.print(Screen.printable(text(report)));
        }
        return report.level() == ScanLevel.UNSAFE ? UNSAFE : ExitCode.OK;
    }

    private ScanReport report() {
        Path path = Path.of(name);
        if (Files.exists(path)) {
            return Scan.of(path, ScanOptions.defaults());
        }
        try (Models models = Models.open()) {
            StoredModel model = models.local(name);
            Map<String, Path> files = new LinkedHashMap<>();
            for (ContentId id : models.hub().store().files(model)) {
                files.put(id.fileName(), models.hub().store().blobs().path(id));
            }
            return Scan.of(files, ScanOptions.defaults());
        }
    }

    private String text(ScanReport report) {
        StringBuilder out = new StringBuilder();
        List<List<String>> rows = new ArrayList<>();
        for (ScanFinding finding : report.findings()) {
            String place = finding.place().isEmpty() ? "" : ", " + finding.place();
            rows.add(
                    List.of(
                            finding.level().toString(),
                            finding.kind().toString(),
                            finding.path() + place,
                            finding.what()));
        }
        out.append(Tables.of(rows));
        if (imports) {
            for (FileReport file : report.files()) {
                file.imports()
                        .forEach(found ->
                                out.append(
                                        "%s imports %s: %s\n"
                                                .formatted(file.path(), found, found.safety())));
            }
        }
        report.findings().stream()
                .filter(finding -> finding.level() == ScanLevel.UNSAFE)
                .map(ScanFinding::remedy)
                .filter(remedy -> !remedy.isEmpty())
                .distinct()
                .forEach(remedy -> out.append(remedy).append('\n'));
        long files = report.files().size();
        return out.append(
                        "%s: %d file%s scanned, %d finding%s\n"
                                .formatted(
                                        report.level(),
                                        files,
                                        files == 1 ? "" : "s",
                                        report.findings().size(),
                                        report.findings().size() == 1 ? "" : "s"))
                .toString();
    }
}
