package dev.jebena.cli;

import dev.jebena.base.HttpJson;
import dev.jebena.governance.Card;
import dev.jebena.governance.CardKind;
import dev.jebena.governance.LicenseEvidence;
import dev.jebena.governance.LicenseGraph;
import dev.jebena.governance.LicenseSearch;
import dev.jebena.governance.LicenseTerms;
import dev.jebena.governance.LicenseThing;
import dev.jebena.governance.LicenseVerdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "licence",
        description = {
            "Tells under which licence something comes, and whether it may.",
            "Finds licence texts (SPDX list), ids and cards; follows base models and data",
            "sets of cards and of the lineage, and applies the rules of docs/governance.md",
            "to each step. The exit code is 1 when licences are in conflict."
        },
        footer = {
            "  jebena licence ./my-model",
            "  jebena licence LICENSE",
            "  jebena licence smollm2 --json",
            "  jebena licence ./my-model --known meta-llama/Llama-3.1-8B=llama3.1",
            "  jebena licence ./my-model --known my-org/base=../base"
        })
final class LicenceCommand extends JebenaCommand {
    @Parameters(paramLabel = "MODEL", description = "A file, a folder, or a model of the store.")
    String name = "";

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).",
            defaultValue = "model")
    CardKind kind = CardKind.MODEL;

    @Option(
            names = "--known",
            paramLabel = "NAME=LICENCE",
            description = "The licence of something it came from, or its folder.")
    Map<String, String> known = new LinkedHashMap<>();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        try (Models models = Models.open()) {
            Subject subject = Subject.of(models, name);
            LicenseSearch search = subject.search();
            Optional<Card> card = card(subject.path());
            String license = search.license();
            LicenseGraph graph =
                    LicenseGraph.of(
                            subject.name(),
                            kind,
                            license,
                            search.evidence().isEmpty() ? "" : search.evidence().getFirst().path(),
                            card,
                            subject.ancestors(models),
                            new KnownLicences(models, known));
            if (json) {
                System.out.println(HttpJson.text(json(license, search, graph)));
            } else {
                System.out.print(Screen.printable(text(license, search, graph)));
            }
            return graph.level() == LicenseVerdict.Level.CONFLICT ? ExitCode.FAILED : ExitCode.OK;
        }
    }

    private Optional<Card> card(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("README.md") : path;
        boolean is = Files.isRegularFile(file) && file.toString().endsWith(".md");
        return is ? Optional.of(Card.load(file, kind)) : Optional.empty();
    }

    static Object json(String license, LicenseSearch search, LicenseGraph graph) {
        return HttpJson.object(
                "license",
                license,
                "terms",
                LicenseTerms.of(license).json(),
                "evidence",
                search.evidence().stream().map(LicenseEvidence::json).toList(),
                "disagreements",
                search.disagreements(),
                "graph",
                graph.json());
    }

    private static String text(String license, LicenseSearch search, LicenseGraph graph) {
        StringBuilder out = new StringBuilder();
        LicenseTerms terms = LicenseTerms.of(license);
        out.append(license.isEmpty() ? "no licence found" : license);
        if (!license.isEmpty()) {
            out.append(": ").append(terms.name()).append(" (").append(traits(terms)).append(')');
        }
        out.append("\n");
        List<List<String>> rows = new ArrayList<>();
        for (LicenseEvidence found : search.evidence()) {
            String place = found.line() > 0 ? found.path() + ":" + found.line() : found.path();
            String how =
                    found.how() == LicenseEvidence.How.TEXT
                            ? String.format(Locale.ROOT, "text, %.1f%% alike", found.score() * 100)
                            : found.how().toString();
            rows.add(List.of("  " + place, found.license(), how, found.note()));
        }
        out.append(Tables.of(rows));
        search.disagreements().forEach(line -> out.append("  ").append(line).append('\n'));
        for (LicenseGraph.Step step : graph.steps()) {
            LicenseThing from = graph.things().get(step.from());
            out.append(
                    "\n%s: %s %s (%s), %s\n"
                            .formatted(
                                    step.level(),
                                    step.relation().toString(),
                                    step.from(),
                                    from == null || from.terms().id().isEmpty()
                                            ? "no licence known"
                                            : from.terms().id(),
                                    step.proof()));
            for (LicenseVerdict verdict : step.verdicts()) {
                out.append(
                        "  %s: %s\n    %s: %s\n"
                                .formatted(
                                        verdict.level(),
                                        verdict.reason(),
                                        verdict.rule(),
                                        verdict.source()));
            }
        }
        return out.toString();
    }

    private static String traits(LicenseTerms terms) {
        return String.join(", ", terms.traits().stream().sorted().map(Object::toString).toList());
    }
}
