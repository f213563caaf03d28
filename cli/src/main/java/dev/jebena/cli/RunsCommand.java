package dev.jebena.cli;

import dev.jebena.json.Json;
import dev.jebena.tracking.DeletedRuns;
import dev.jebena.tracking.RunTransfer;
import dev.jebena.tracking.Tracking;
import dev.jebena.tracking.TrackingClient;
import dev.jebena.tracking.TrackingOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
        name = "runs",
        description = {
            "Lists, compares and moves tracked runs.",
            "ls [EXPERIMENT]: the newest runs. show RUN: all of one. compare RUN RUN...:",
            "what differs. import SOURCE and export TARGET [RUN...]: from and to an MLflow",
            "database file or mlruns folder. gc: removes deleted runs with their files.",
            "A RUN is an id, the beginning of one, or a name."
        },
        footer = {
            "  jebena runs ls digits --filter \"metrics.loss < 0.1\" --order \"metrics.loss ASC\"",
            "  jebena runs show 3f2a --at http://127.0.0.1:11500",
            "  jebena runs compare first second",
            "  jebena runs import mlflow.db --artifacts mlartifacts",
            "  jebena runs export mlruns",
            "  jebena runs gc --older-than 30"
        })
final class RunsCommand extends JebenaCommand {
    /// What can be done.
    enum Action {
        LS,
        SHOW,
        COMPARE,
        IMPORT,
        EXPORT,
        GC;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "ACTION",
            description = "What to do: ${COMPLETION-CANDIDATES}.")
    Action action = Action.LS;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "WHAT",
            description = "An experiment, runs, a file or a folder.")
    List<String> what = new ArrayList<>();

    @Mixin RunsPlace place = new RunsPlace();

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            description = "ls: MLflow's filter, such as \"params.lr = '0.1'\".")
    String filter = "";

    @Option(
            names = "--order",
            paramLabel = "TEXT",
            description = "ls: such as \"metrics.loss ASC\"; may be repeated.")
    List<String> order = new ArrayList<>();

    @Option(
            names = "--max",
            paramLabel = "N",
            description = "ls: at most so many runs (default ${DEFAULT-VALUE}).",
            defaultValue = "20")
    int max = 20;

    @Option(names = "--deleted", description = "ls: the deleted runs.")
    boolean deleted;

    @Option(names = "--all", description = "compare: also what is equal.")
    boolean all;

    @Option(
            names = "--artifacts",
            paramLabel = "DIR",
            description = "import, export: the folder of MLflow's artifacts.")
    @Nullable Path artifacts;

    @Option(
            names = "--older-than",
            paramLabel = "DAYS",
            description = "gc: only what was deleted so many days ago.",
            defaultValue = "0")
    int olderThan;

    @Option(names = "--dry-run", description = "gc: only tell what would be removed.")
    boolean dryRun;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        return switch (action) {
            case LS -> list();
            case SHOW -> show();
            case COMPARE -> compare();
            case IMPORT -> copyIn();
            case EXPORT -> copyOut();
            case GC -> collect();
        };
    }

    /// The data folder itself, for what no server's interface can do.
    private Tracking folder() {
        if (place.at().matches("(?i)https?://.*")) {
            throw UserError.usage(
                    "%s works on a data folder, not through a server\n".formatted(action)
                            + "run it on the server's machine, with --at and the folder");
        }
        return Tracking.open(TrackingOptions.in(Path.of(place.at())));
    }

    private void expect(int least, int most, String usage) {
        if (what.size() < least || what.size() > most) {
            throw UserError.usage("expected: jebena runs " + usage);
        }
    }

    private int list() {
        expect(0, 1, "ls [EXPERIMENT]");
        if (max < 1 || max > 50_000) {
            throw UserError.usage("--max is %d; expected 1 to 50000".formatted(max));
        }
        try (TrackingClient client = TrackingClient.at(place.at())) {
            List<RunView> found = RunFinder.list(client, query());
            if (json) {
                System.out.println(Json.write(found.stream().map(RunView::json).toList()));
            } else {
                System.out.print(RunTables.list(found));
                if (found.isEmpty()) {
                    System.err.println("No such run in " + place.at());
                }
            }
        }
        return ExitCode.OK;
    }

    private RunFinder.Query query() {
        return new RunFinder.Query(
                what.isEmpty() ? null : what.getFirst(), filter, order, max, deleted);
    }

    private int show() {
        expect(1, 1, "show RUN");
        try (TrackingClient client = TrackingClient.at(place.at())) {
            RunView run = RunFinder.one(client, what.getFirst());
            System.out.print(json ? Json.write(run.json()) + "\n" : RunTables.show(run));
        }
        return ExitCode.OK;
    }

    private int compare() {
        expect(2, 50, "compare RUN RUN...");
        try (TrackingClient client = TrackingClient.at(place.at())) {
            List<RunView> runs = what.stream().map(run -> RunFinder.one(client, run)).toList();
            List<RunTables.Difference> rows = RunTables.differences(runs, all);
            System.out.print(
                    json
                            ? Json.write(rows.stream().map(RunTables.Difference::json).toList())
                                    + "\n"
                            : RunTables.compare(runs, rows));
        }
        return ExitCode.OK;
    }

    private int copyIn() {
        expect(1, 1, "import SOURCE");
        ProgressBar progress = new ProgressBar(System.err, Screen.errorIsTerminal());
        try (Tracking tracking = folder()) {
            return report(
                    RunTransfer.from(tracking, Path.of(what.getFirst()), artifacts, progress));
        } finally {
            progress.finish();
        }
    }

    private int copyOut() {
        expect(1, Integer.MAX_VALUE, "export TARGET [RUN...]");
        List<String> ids = null;
        if (what.size() > 1) {
            try (TrackingClient client = TrackingClient.at(place.at())) {
                ids =
                        what.subList(1, what.size()).stream()
                                .map(run -> RunFinder.one(client, run).id())
                                .distinct()
                                .toList();
            }
        }
        ProgressBar progress = new ProgressBar(System.err, Screen.errorIsTerminal());
        try (Tracking tracking = folder()) {
            return report(
                    RunTransfer.to(tracking, Path.of(what.getFirst()), artifacts, ids, progress));
        } finally {
            progress.finish();
        }
    }

    private int report(RunTransfer.Report report) {
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("copied", report.copied());
            fields.put("present", report.present());
            fields.put("withoutFiles", report.withoutFiles());
            fields.put("models", report.models());
            System.out.println(Json.write(fields));
            return ExitCode.OK;
        }
        System.out.println(
                "%d runs copied, %d were there already"
                                .formatted(report.copied().size(), report.present())
                        + (report.models() == 0
                                ? ""
                                : ", %d versions of models and logged models"
                                        .formatted(report.models())));
        if (!report.withoutFiles().isEmpty()) {
            System.err.println(
                    "The files of %d runs are not on this machine and stay where they are;"
                                    .formatted(report.withoutFiles().size())
                            + " --artifacts DIR names the folder of an MLflow server's");
        }
        return ExitCode.OK;
    }

    private int collect() {
        expect(0, 0, "gc");
        if (olderThan < 0) {
            throw UserError.usage("--older-than is %d; expected 0 or more".formatted(olderThan));
        }
        Instant before = Instant.now().minus(Duration.ofDays(olderThan));
        try (Tracking tracking = folder()) {
            DeletedRuns.Removed removed = DeletedRuns.remove(tracking, before, dryRun);
            if (json) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("runs", removed.runs());
                fields.put("experiments", removed.experiments());
                fields.put("files", removed.files());
                fields.put("bytes", removed.bytes());
                System.out.println(Json.write(fields));
            } else {
                System.out.println(
                        "%s %d runs, %d experiments, %d files (%s)"
                                .formatted(
                                        dryRun ? "would remove" : "removed",
                                        removed.runs().size(),
                                        removed.experiments().size(),
                                        removed.files(),
                                        Tables.bytes(removed.bytes())));
            }
        }
        return ExitCode.OK;
    }
}
