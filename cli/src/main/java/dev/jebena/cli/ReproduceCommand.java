package dev.jebena.cli;

import dev.jebena.base.DurableFiles;
import dev.jebena.base.HttpJson;
import dev.jebena.nn.ProgressBar;
import dev.jebena.tracking.RunComparison;
import dev.jebena.tracking.RunRecord;
import dev.jebena.tracking.RunWorkspace;
import dev.jebena.tracking.TrackingClient;
import dev.jebena.training.Reproduction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "reproduce",
        description = {
            "Makes a tracked run again and compares both, bit by bit.",
            "The recorded commit, its changes and the data are put into a folder of their",
            "own; what was trained there is a new run. Exit code 0: the same metrics and",
            "files; 1: it tells where they begin to differ, and what else is different.",
            "RUN is an id, the beginning of one, or a name."
        },
        footer = {
            "  jebena train digits.toml --track",
            "  jebena reproduce digits",
            "  jebena reproduce 3f2a --json | jq .causes",
            "  jebena reproduce digits --seed 7      differs from the first step on",
            "  jebena reproduce first --against second"
        })
final class ReproduceCommand extends JebenaCommand {
    @Parameters(index = "0", paramLabel = "RUN", description = "The run to make again.")
    String run = "";

    @Mixin RunsPlace place = new RunsPlace();

    @Option(
            names = "--against",
            paramLabel = "RUN",
            description = "Make none again: compare with this run.")
    @Nullable String against;

    @Option(names = "--seed", paramLabel = "N", description = "Train with another seed.")
    @Nullable Long seed;

    @Option(
            names = "--ignore",
            paramLabel = "NAME",
            description = "A metric or file that may differ; may be repeated.")
    List<String> ignored = new ArrayList<>();

    @Option(
            names = "--code",
            paramLabel = "DIR",
            description = "A clone that has the recorded commit.")
    @Nullable Path code;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A folder to look for data that the run has not kept.")
    @Nullable Path data;

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description = "Keep code, data and results in this folder.")
    @Nullable Path into;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() throws IOException {
        if (against != null && seed != null) {
            throw UserError.usage("--against makes no run again, so there is no --seed for it");
        }
        try (TrackingClient client = TrackingClient.at(place.at())) {
            RunRecord first = RunRecord.of(client, RunFinder.one(client, run).id());
            RunRecord second =
                    against != null
                            ? RunRecord.of(client, RunFinder.one(client, against).id())
                            : again(client, first);
            RunComparison comparison = RunComparison.of(first, second, Set.copyOf(ignored));
            ReproductionReport report = ReproductionReport.of(first, second, comparison);
            System.out.print(json ? HttpJson.text(report.json()) + "\n" : report.text());
            return comparison.identical() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private RunRecord again(TrackingClient client, RunRecord first) throws IOException {
        Path folder = into == null ? Files.createTempDirectory("jebena-reproduce") : into;
        if (into != null && Files.isDirectory(into) && !isEmpty(into)) {
            throw UserError.usage("--into " + into + " is not empty");
        }
        dev.jebena.cli.ProgressBar lines =
                new dev.jebena.cli.ProgressBar(System.err, Screen.errorIsTerminal());
        RunWorkspace workspace = RunWorkspace.restore(first, folder, code, data, lines);
        try {
            return RunRecord.of(client, again(client, first, workspace));
        } finally {
            if (into == null) {
                workspace.close();
                DurableFiles.deleteTree(folder);
            }
        }
    }

    private String again(TrackingClient client, RunRecord first, RunWorkspace workspace)
            throws IOException {
        if (!first.command().getFirst().equals("train")) {
            if (seed != null) {
                throw UserError.usage("--seed is for jebena train; a program has its own");
            }
            return new ProgramReproduction(client, place.at(), first, workspace).start();
        }
        ProgressBar bar =
                Screen.errorIsTerminal()
                        ? ProgressBar.of(System.err)
                        : ProgressBar.lines(System.err);
        return Reproduction.train(client, first, workspace, seed, bar);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
