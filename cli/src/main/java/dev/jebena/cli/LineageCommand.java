package dev.jebena.cli;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpJson;
import dev.jebena.hub.ModelStore;
import dev.jebena.tracking.Lineage;
import dev.jebena.tracking.LineageGraph;
import dev.jebena.tracking.LineageText;
import dev.jebena.tracking.OpenLineage;
import dev.jebena.tracking.Tracking;
import dev.jebena.tracking.TrackingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "lineage",
        description = {
            "Shows what something came from, and what came of it.",
            "Known are the runs with what they read, wrote and registered, models and",
            "where they were fetched from, and what quantize and convert have made.",
            "THING is a run (its id, or its beginning), a model, a registered version",
            "(NAME/NUMBER), a file, or sha256 and digits."
        },
        footer = {
            "  jebena lineage smollm2",
            "  jebena lineage small.gguf --depth 3",
            "  jebena lineage digit-reader/2 --format mermaid",
            "  jebena lineage 3f2a81 --format openlineage"
        })
final class LineageCommand extends JebenaCommand {
    /// How it is printed.
    enum Format {
        TREE,
        MERMAID,
        OPENLINEAGE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(index = "0", paramLabel = "THING", description = "What to look at.")
    String thing = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).",
            defaultValue = "tree")
    Format format = Format.TREE;

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "How many steps far (default ${DEFAULT-VALUE}).",
            defaultValue = "20")
    int depth = 20;

    @Option(
            names = "--at",
            paramLabel = "DIR",
            description = "The data folder of the runs (default: this machine's).")
    @Nullable Path folder;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        if (depth < 1 || depth > 1000) {
            throw UserError.usage("--depth is %d; expected 1 to 1000".formatted(depth));
        }
        try (Models models = Models.open();
                Tracking tracking =
                        Tracking.open(
                                TrackingOptions.in(
                                        folder == null
                                                ? RunsPlace.folder(models.home())
                                                : folder))) {
            ModelStore store = models.hub().store();
            Lineage lineage = Lineage.of(tracking);
            ModelLineage known = ModelLineage.of(store);
            LineageGraph graph = lineage.graph(id(lineage, store), depth, known::at);
            System.out.print(printed(graph));
        }
        return ExitCode.OK;
    }

    private String printed(LineageGraph graph) {
        if (json) {
            return HttpJson.text(graph.json()) + "\n";
        }
        return switch (format) {
            case TREE -> LineageText.tree(graph);
            case MERMAID -> LineageText.mermaid(graph);
            case OPENLINEAGE -> HttpJson.text(OpenLineage.events(graph)) + "\n";
        };
    }

    private String id(Lineage lineage, ModelStore store) {
        if (thing.matches("(?i)(sha256[:-])?[0-9a-f]{64}")) {
            return ContentId.parse(thing).toString();
        }
        if (thing.matches("(run|version|logged|data|source):.+")) {
            return thing;
        }
        Path file = Path.of(thing);
        if (Files.isRegularFile(file)) {
            return DerivedFiles.content(file).toString();
        }
        Optional<String> run = lineage.runId(thing);
        if (run.isPresent()) {
            return run.get();
        }
        if (lineage.isVersion(thing)) {
            return "version:" + thing;
        }
        return store.model(thing).digest().toString();
    }
}
