package dev.jebena.cli;

import dev.jebena.base.HttpJson;
import dev.jebena.governance.OpennessPage;
import dev.jebena.governance.OpennessReport;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "openness",
        description = {
            "Reports which parts of a model are open, proven by which file.",
            "The parts and classes are those of the Model Openness Framework: code, data,",
            "weights, tooling and documents; each with its licence. A mof.yml in the folder",
            "(as the Model Openness Tool writes it) declares what lies elsewhere."
        },
        footer = {
            "  jebena openness ./my-model",
            "  jebena openness ./my-model --format html > openness.html",
            "  jebena openness smollm2 --json"
        })
final class OpennessCommand extends JebenaCommand {
    /// How it is printed.
    enum Format {
        MARKDOWN,
        HTML;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "MODEL", description = "A folder, a file, or a model of the store.")
    String name = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).",
            defaultValue = "markdown")
    Format format = Format.MARKDOWN;

    @Option(
            names = "--known",
            paramLabel = "NAME=LICENCE",
            description = "The licence of a data set that it names, or its folder.")
    Map<String, String> known = new LinkedHashMap<>();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        try (Models models = Models.open()) {
            Subject subject = Subject.of(models, name);
            OpennessReport report =
                    OpennessReport.of(
                            subject.path(), subject.name(), new KnownLicences(models, known));
            if (json) {
                System.out.println(HttpJson.text(report.json()));
            } else if (format == Format.HTML) {
                System.out.print(OpennessPage.html(report));
            } else {
                System.out.print(Screen.printable(OpennessPage.markdown(report)));
            }
        }
        return ExitCode.OK;
    }
}
