package dev.jebena.cli;

import dev.jebena.json.Json;
import dev.jebena.nn.ProgressBar;
import dev.jebena.nn.TrainingListener;
import dev.jebena.nn.TrainingStep;
import dev.jebena.tracking.Tracker;
import dev.jebena.training.Evaluation;
import dev.jebena.training.Recipe;
import dev.jebena.training.TrackedTraining;
import dev.jebena.training.Training;
import dev.jebena.training.TrainingReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "train",
        description = {
            "Trains a network on a table, images or a text.",
            "FILE is TOML: data, model, optimizer, schedule, training, output and seed.",
            "Run again after an interruption it goes on, and ends with the same bits.",
            "With --track it is a run that jebena reproduce makes again, bit by bit.",
            "docs/training.md lists all keys."
        },
        footer = {
            "  jebena train wine.toml",
            "  jebena train wine.toml --json | jq .metrics.accuracy",
            "  jebena train wine.toml --fresh        begins anew",
            "  jebena train wine.toml --check        reads the file and its data only",
            "  jebena train wine.toml --track        records it: jebena runs ls",
            "",
            "A whole wine.toml:",
            "  seed = 42",
            "  [data]",
            "  kind = \"table\"",
            "  file = \"wine.csv\"",
            "  target = \"class\"",
            "  [model]",
            "  kind = \"mlp\"",
            "  hidden = [64]",
            "  [training]",
            "  epochs = 50"
        })
final class TrainCommand extends JebenaCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "What to train.")
    @Nullable Path named;

    @Option(names = "--fresh", description = "Delete the checkpoint and begin anew.")
    boolean fresh;

    @Option(names = "--check", description = "Stop before the first step.")
    boolean check;

    @Mixin TrackOptions track = new TrackOptions();

    @Option(
            names = "--register",
            paramLabel = "MODEL",
            description = "With --track: make the weights a version of this registered model.")
    @Nullable String register;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() {
        Path file = file();
        Training training = Training.of(Recipe.load(file));
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("file", file.toString());
        report.putAll(training.sizes());
        if (!json) {
            System.out.println(line(training.sizes()));
            System.out.flush();
        }
        if (!check) {
            TrainingReport done = train(training, report);
            report.put("resumedAt", done.resumed());
            report.put("loss", done.loss());
            report.put("metrics", last(done).metrics());
            report.put("evaluations", evaluations(done));
            report.put("model", done.model().toString());
            if (done.sample() != null) {
                report.put("sample", done.sample());
            }
            if (!json) {
                print(done);
            }
        }
        if (json) {
            System.out.println(Json.write(report));
        }
        return ExitCode.OK;
    }

    /// The file; behind `--track` it looks like its place.
    private Path file() {
        Path file = named;
        if (file == null) {
            String taken = track.takeBack();
            if (taken == null) {
                throw UserError.usage("expected: jebena train FILE");
            }
            file = Path.of(taken);
        }
        return file;
    }

    private TrainingReport train(Training training, Map<String, Object> report) {
        if (fresh) {
            training.fresh();
        }
        boolean terminal = Screen.errorIsTerminal();
        training.listener(terminal ? ProgressBar.of(System.err) : ProgressBar.lines(System.err));
        training.listener(
                new TrainingListener() {
                    @Override
                    public boolean onStep(TrainingStep step) {
                        return true;
                    }

                    @Override
                    public void onResumed(Path checkpoint, long step) {
                        System.err.println("going on from " + checkpoint + ", step " + step);
                    }
                });
        training.watcher(found ->
                System.err.println(
                        (terminal ? "\r\033[K" : "")
                                + "step "
                                + found.step()
                                + ", held out: "
                                + found));
        Tracker tracker = track.open(training.recipe().tracking());
        if (tracker == null) {
            if (register != null) {
                throw UserError.usage("--register needs a place: --track [PLACE]");
            }
            return training.run();
        }
        try (tracker) {
            TrackedTraining.Result result = TrackedTraining.run(tracker, training, register);
            report.put("run", result.run());
            if (register != null) {
                report.put("version", result.version());
            }
            if (!json) {
                System.err.println("run " + result.run());
            }
            return result.report();
        }
    }

    private static String line(Map<String, Long> sizes) {
        return "%,d examples, %,d held out; %,d parameters, %,d outputs; %,d steps"
                .formatted(
                        sizes.get("examples"),
                        sizes.get("heldOut"),
                        sizes.get("parameters"),
                        sizes.get("outputs"),
                        sizes.get("steps"));
    }

    /// Without anything held out, no metrics.
    private static Evaluation last(TrainingReport done) {
        return done.evaluations().isEmpty()
                ? new Evaluation(done.steps(), Map.of())
                : done.evaluations().getLast();
    }

    private static List<Map<String, Object>> evaluations(TrainingReport done) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Evaluation one : done.evaluations()) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("step", one.step());
            values.putAll(one.metrics());
            all.add(values);
        }
        return all;
    }

    private static void print(TrainingReport done) {
        if (done.sample() != null) {
            System.out.println(done.sample());
        }
        if (!done.evaluations().isEmpty()) {
            System.out.println(last(done));
        }
        System.out.println(done.model());
    }
}
