package dev.jebena.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ProgressListener;
import dev.jebena.downloads.Downloads;
import dev.jebena.tracking.RunComparison;
import dev.jebena.tracking.RunRecord;
import dev.jebena.tracking.RunWorkspace;
import dev.jebena.tracking.Tracker;
import dev.jebena.tracking.TrackingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The digits and the language model of characters that the examples train, made again from their
/// runs.
@Tag("slow")
class ReproducedExamplesTest {
    private static final String DIGITS =
            """
            seed = 1
            [data]
            kind = "image"
            file = "digits.csv.gz"
            shape = [1, 8, 8]
            scale = 16
            [model]
            kind = "conv"
            channels = [16, 32]
            [optimizer]
            rate = 3e-3
            [schedule]
            kind = "cosine"
            warm-up = 20
            [training]
            steps = 150
            batch = 64
            evaluate = 50
            """;

    private static final String GPT =
            """
            seed = 1337
            [data]
            kind = "text"
            file = "*_gut.txt"
            characters = 200000
            context = 64
            [model]
            kind = "gpt"
            width = 128
            layers = 4
            heads = 4
            [training]
            batch = 12
            steps = 40
            clip-norm = 1
            """;

    @TempDir Path folder;

    /// The run of a recipe, and whether it comes out the same again.
    private record Twice(RunComparison comparison, TensorDifferences.@Nullable Begin begin) {}

    private Twice twice(String name, String text, @Nullable Long seed) {
        Recipe recipe = Recipe.parse(text, folder.resolve("recipes").resolve(name));
        try (TrackingClient client = TrackingClient.at(folder.resolve("runs").toString());
                Tracker tracker = Tracker.of(client)) {
            write(recipe.file(), text);
            String id = TrackedTraining.run(tracker, Training.of(recipe), null).run();
            RunRecord first = RunRecord.of(client, id);
            Path place = folder.resolve("again" + id);
            try (RunWorkspace files =
                    RunWorkspace.restore(first, place, null, null, ProgressListener.none())) {
                String again = Reproduction.train(client, first, files, seed, _ -> true);
                RunRecord second = RunRecord.of(client, again);
                return new Twice(
                        RunComparison.of(first, second, Set.of()),
                        TensorDifferences.begin(first, second));
            }
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void data(Path from, String... names) throws IOException {
        Path recipes = Files.createDirectories(folder.resolve("recipes"));
        for (String name : names) {
            Files.copy(from.resolve(name), recipes.resolve(name));
        }
    }

    @Test
    void digitsComeOutBitByBitTheSame() throws IOException {
        data(Downloads.scikitLearnTables(), "digits.csv.gz");
        RunComparison found = twice("digits.toml", DIGITS, null).comparison();
        assertThat(found.identical()).as(found.toString()).isTrue();
        assertThat(found.points()).isGreaterThan(300);
        assertThat(found.files()).isEqualTo(1);
        assertThat(found.causes()).isEmpty();
    }

    @Test
    void aChangedSeedIsFoundAtTheFirstWeights() throws IOException {
        data(Downloads.scikitLearnTables(), "digits.csv.gz");
        Twice found = twice("digits.toml", DIGITS.replace("= 150", "= 10"), 2L);
        assertThat(found.comparison().identical()).isFalse();
        assertThat(found.comparison().metrics().getFirst().step()).isEqualTo(1);
        assertThat(found.comparison().causes().getFirst().what()).isEqualTo("param seed");
        assertThat(Objects.requireNonNull(found.begin()).step()).isZero();
    }

    @Test
    void aLanguageModelOfCharactersComesOutBitByBitTheSame() throws IOException {
        data(Downloads.plays(), plays());
        RunComparison found = twice("plays.toml", GPT, null).comparison();
        assertThat(found.identical()).as(found.toString()).isTrue();
        // Weights, and the text that it writes.
        assertThat(found.files()).isEqualTo(2);
    }

    private static String[] plays() throws IOException {
        try (var all = Files.list(Downloads.plays())) {
            return all.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith("_gut.txt"))
                    .sorted()
                    .limit(3)
                    .toArray(String[]::new);
        }
    }
}
