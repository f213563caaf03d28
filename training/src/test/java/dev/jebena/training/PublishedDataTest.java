package dev.jebena.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.downloads.Downloads;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Recipes for the data that examples are made for.
@Tag("slow")
class PublishedDataTest {
    @TempDir Path folder;

    private Map<String, Double> train(String recipe) {
        Recipe read =
                Recipe.parse(
                        recipe.replace("DATA", Downloads.scikitLearnTables().toString()),
                        folder.resolve("published.toml"));
        return Training.of(read).run().evaluations().getLast().metrics();
    }

    private static String table(String file) {
        return """
        seed = 1
        [data]
        file = "DATA/FILE"
        header = false
        skip = 1
        [model]
        hidden = [64]
        dropout = 0.2
        [optimizer]
        rate = 3e-3
        [training]
        steps = 400
        """
                .replace("FILE", file);
    }

    @Test
    void breastCancerIsToldApart() {
        assertThat(train(table("breast_cancer.csv")).get("accuracy")).isGreaterThan(0.94);
    }

    @Test
    void wineIsToldApart() {
        assertThat(train(table("wine_data.csv")).get("accuracy")).isGreaterThan(0.94);
    }

    @Test
    void digitsAreReadByConvolutions() {
        String recipe =
                """
                seed = 1
                [data]
                kind = "image"
                file = "DATA/digits.csv.gz"
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
                steps = 600
                batch = 64
                """;
        assertThat(train(recipe).get("accuracy")).isGreaterThan(0.98);
    }
}
