package dev.jebena.cli;

import dev.jebena.base.HttpJson;
import dev.jebena.governance.Card;
import dev.jebena.governance.CardCheck;
import dev.jebena.governance.CardFinding;
import dev.jebena.governance.CardKind;
import dev.jebena.governance.CardPage;
import dev.jebena.governance.CardTemplate;
import dev.jebena.governance.RunFacts;
import dev.jebena.tracking.TrackingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "card",
        description = {
            "Writes, checks and shows model cards and data sheets.",
            "new PATH: a card with what files and runs tell. check PATH: what the hub would",
            "refuse or warn of, and what is missing; the exit code is 1 when there are",
            "errors. show PATH: metadata and sections, or HTML. PATH is a README.md, or a",
            "folder; for new also a file, or a model of the store."
        },
        footer = {
            "  jebena card new ./my-model --run digits -o ./my-model/README.md",
            "  jebena card new ./my-model --set license=mit --set language=en",
            "  jebena card check ./my-model",
            "  jebena card check ./my-data --kind dataset --json",
            "  jebena card show ./my-model --html"
        })
final class CardCommand extends JebenaCommand {
    /// What can be done.
    enum Action {
        NEW,
        CHECK,
        SHOW;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "ACTION",
            description = "What to do: ${COMPLETION-CANDIDATES}.")
    Action action = Action.CHECK;

    @Parameters(index = "1", paramLabel = "PATH", description = "A card, a file or a folder.")
    String name = "";

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).",
            defaultValue = "model")
    CardKind kind = CardKind.MODEL;

    @Option(
            names = "--run",
            paramLabel = "RUN",
            description = "new: a tracked run that made it; may be repeated.")
    List<String> runs = new ArrayList<>();

    @Mixin RunsPlace place = new RunsPlace();

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description = "new: a field of the metadata; commas make a list.")
    Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--title", paramLabel = "TEXT", description = "new: the card's title.")
    @Nullable String title;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "new: where to write it (default: printed).")
    @Nullable Path output;

    @Option(names = "--force", description = "new: replace a file that is there.")
    boolean force;

    @Option(names = "--html", description = "show: print safe HTML.")
    boolean html;

    @Option(names = "--json", description = "check, show: print JSON.")
    boolean json;

    @Override
    int run() throws IOException {
        return switch (action) {
            case NEW -> create();
            case CHECK -> check(Card.load(Path.of(name), kind));
            case SHOW -> show(Card.load(Path.of(name), kind));
        };
    }

    private int create() throws IOException {
        if (output != null && Files.exists(output) && !force) {
            throw new UserError(output + " is there already\n--force replaces it");
        }
        Map<String, Object> known = new LinkedHashMap<>();
        set.forEach((field, value) ->
                known.put(field, value.contains(",") ? List.of(value.split("\\s*,\\s*")) : value));
        String text;
        try (Models models = Models.open()) {
            Subject subject = Subject.of(models, name);
            text =
                    CardTemplate.of(
                            subject.path(),
                            name(),
                            kind,
                            runFacts(),
                            subject.ancestors(models),
                            known);
        }
        if (output == null) {
            System.out.print(Screen.printable(text));
        } else {
            Files.writeString(output, text);
            System.out.println(output);
        }
        return ExitCode.OK;
    }

    private String name() {
        if (title != null) {
            return title;
        }
        Path path = Path.of(name);
        Object last = Files.exists(path) ? path.toAbsolutePath().normalize().getFileName() : null;
        return String.valueOf(last == null ? name : last)
                .replaceFirst("\\.(gguf|safetensors)$", "");
    }

    private List<RunFacts> runFacts() {
        if (runs.isEmpty()) {
            return List.of();
        }
        try (TrackingClient client = TrackingClient.at(place.at())) {
            return runs.stream().map(text -> facts(RunFinder.one(client, text))).toList();
        }
    }

    private static RunFacts facts(RunView run) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        run.values("metrics").forEach((key, value) -> metrics.put(key, Double.valueOf(value)));
        List<String> data =
                run.inputs().stream()
                        .map(input -> input.get("dataset"))
                        .filter(Map.class::isInstance)
                        .map(dataset -> String.valueOf(((Map<?, ?>) dataset).get("name")))
                        .distinct()
                        .toList();
        Long start = run.time("start_time");
        Long end = run.time("end_time");
        return new RunFacts(
                run.id(),
                run.info("run_name"),
                run.values("params"),
                metrics,
                data,
                start == null || end == null ? Duration.ZERO : Duration.ofMillis(end - start));
    }

    private int check(Card card) {
        List<CardFinding> findings = CardCheck.of(card);
        boolean errors = findings.stream().anyMatch(f -> f.level() == CardFinding.Level.ERROR);
        if (json) {
            System.out.println(
                    HttpJson.text(
                            HttpJson.object(
                                    "valid",
                                    !errors,
                                    "findings",
                                    findings.stream().map(CardFinding::json).toList())));
        } else {
            StringBuilder out = new StringBuilder();
            List<CardFinding> worstFirst =
                    findings.stream().sorted(Comparator.comparing(CardFinding::level)).toList();
            for (CardFinding finding : worstFirst) {
                out.append(
                        "%d: %s: %s\n"
                                .formatted(finding.line(), finding.level(), finding.message()));
                if (!finding.remedy().isEmpty()) {
                    out.append("   ").append(finding.remedy()).append('\n');
                }
            }
            System.out.print(
                    Screen.printable(findings.isEmpty() ? "nothing to say\n" : out.toString()));
        }
        return errors ? ExitCode.FAILED : ExitCode.OK;
    }

    private int show(Card card) {
        if (html) {
            System.out.print(CardPage.html(card.body()));
        } else if (json) {
            System.out.println(HttpJson.text(card.json()));
        } else {
            List<List<String>> rows = new ArrayList<>();
            card.data().forEach((field, value) -> rows.add(List.of(field, shown(value))));
            System.out.print(Screen.printable(Tables.of(rows) + "\n" + card.body().strip() + "\n"));
        }
        return ExitCode.OK;
    }

    private static String shown(@Nullable Object value) {
        return value instanceof List<?> list
                ? String.join(", ", list.stream().map(String::valueOf).toList())
                : HttpJson.text(value).replaceFirst("^\"(.*)\"$", "$1");
    }
}
