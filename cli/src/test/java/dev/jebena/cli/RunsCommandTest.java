package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import dev.jebena.tracking.Tracker;
import dev.jebena.tracking.TrackerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jebena runs` over a data folder.
class RunsCommandTest {
    @TempDir Path folder;
    private String place;
    private String first;

    @BeforeEach
    void twoRuns() {
        place = folder.resolve("tracking").toString();
        TrackerOptions bare =
                TrackerOptions.defaults()
                        .experiment("digits")
                        .code(null)
                        .environment(false)
                        .systemMetrics(null);
        try (Tracker tracker = Tracker.at(place).with(bare)) {
            first = record(tracker, "first", 0.1);
            record(tracker, "second", 0.2);
        }
    }

    private static String record(Tracker tracker, String name, double rate) {
        return tracker.run(
                name,
                Map.of("lr", rate, "layers", 2),
                run -> {
                    run.metric("loss", rate * 3, 1);
                    run.artifact("note.txt", name);
                    return run.id();
                });
    }

    private CommandRun runs(String... args) {
        List<String> words = new java.util.ArrayList<>(List.of("runs"));
        words.addAll(List.of(args));
        words.addAll(List.of("--at", place));
        return CommandRun.of(words.toArray(String[]::new));
    }

    private static Object json(CommandRun run) {
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        return Objects.requireNonNull(Json.parse(run.out()));
    }

    @Test
    void runsAreListedFilteredAndOrdered() {
        CommandRun all = runs("ls");
        assertThat(all.status()).isZero();
        assertThat(all.out()).contains("first", "second", "FINISHED", "loss");
        List<?> found =
                (List<?>) json(runs("ls", "digits", "--filter", "metrics.loss > 0.5", "--json"));
        assertThat(found).hasSize(1);
        assertThat(((Map<?, ?>) found.getFirst()).get("name")).isEqualTo("second");
        List<?> ordered = (List<?>) json(runs("ls", "--order", "metrics.loss DESC", "--json"));
        assertThat(ordered)
                .extracting(r -> String.valueOf(((Map<?, ?>) r).get("name")))
                .containsExactly("second", "first");
    }

    @Test
    void aRunIsShownByNameIdAndBeginningOfItsId() {
        for (String text : List.of("first", first, first.substring(0, 8))) {
            CommandRun shown = runs("show", text);
            assertThat(shown.out()).contains(first, "lr", "0.1", "loss");
        }
    }

    @Test
    void comparisonShowsWhatDiffers() {
        CommandRun compared = runs("compare", "first", "second");
        assertThat(compared.out()).contains("lr", "0.1", "0.2").doesNotContain("layers");
        assertThat(runs("compare", "first", "second", "--all").out()).contains("layers");
    }

    @Test
    void runsAreExportedAndImportedAgain() {
        Path mlruns = folder.resolve("mlruns");
        assertThat(runs("export", mlruns.toString()).out()).contains("2 runs copied");
        place = folder.resolve("other").toString();
        assertThat(runs("import", mlruns.toString()).out()).contains("2 runs copied");
        assertThat(runs("import", mlruns.toString()).out()).contains("2 were there already");
        assertThat(runs("show", first).out()).contains("first");
    }

    @Test
    void gcRemovesNothingThatIsNotDeleted() {
        assertThat(runs("gc", "--dry-run").out()).contains("would remove 0 runs");
        assertThat(runs("gc").out()).contains("removed 0 runs, 0 experiments, 0 files");
        assertThat(runs("show", "first").status()).isZero();
    }

    @Test
    void wrongInputIsOneClearMessage() throws Exception {
        assertThat(runs("show", "nobody").err())
                .contains("there is no run nobody")
                .contains("jebena runs ls");
        assertThat(runs("show").status()).isEqualTo(ExitCode.USAGE);
        assertThat(runs("ls", "--filter", "metrics.loss >").err()).contains("jebena: ");
        assertThat(runs("ls", "nowhere").err()).contains("Could not find experiment");
        assertThat(runs("fly").err()).contains("LS, SHOW, COMPARE");
        Path text = Files.writeString(folder.resolve("x.db"), "no database");
        assertThat(runs("import", text.toString()).err()).contains("x.db");
        place = "http://127.0.0.1:1";
        assertThat(runs("gc").err()).contains("data folder");
    }
}
