package dev.jebena.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import dev.jebena.nn.Weights;
import dev.jebena.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {
    private static final String TABLE =
            """
            seed = 3
            [data]
            file = "points.csv"
            [model]
            hidden = 16
            dropout = 0.1
            [optimizer]
            rate = 0.02
            [schedule]
            kind = "cosine"
            [training]
            steps = 60
            average = 0.9
            [output]
            every = 7
            """;

    @TempDir Path folder;

    private void points() throws IOException {
        Random random = new Random(5);
        StringBuilder text = new StringBuilder("x,y,colour,where\n");
        for (int i = 0; i < 200; i++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            String colour = random.nextBoolean() ? "red" : "blue";
            boolean inside = x + (colour.equals("red") ? 1 : -1) > 0;
            text.append(x).append(',').append(i == 7 ? "" : Double.toString(y));
            text.append(',').append(colour).append(',').append(inside ? "in" : "out").append('\n');
        }
        Files.writeString(folder.resolve("points.csv"), text);
    }

    private Recipe recipe(String text) {
        return Recipe.parse(text, folder.resolve("points.toml"));
    }

    private Map<String, Tensor> weights() {
        return Weights.load(folder.resolve("points.safetensors")).tensors();
    }

    private static void assertSame(Map<String, Tensor> a, Map<String, Tensor> b) {
        assertThat(floats(a)).isEqualTo(floats(b));
    }

    private static Map<String, String> floats(Map<String, Tensor> tensors) {
        Map<String, String> all = new TreeMap<>();
        tensors.forEach((name, tensor) -> all.put(name, Arrays.toString(tensor.toFloats())));
        return all;
    }

    @Test
    void aTableOfNumbersAndTextsIsLearned() throws IOException {
        points();
        Training training = Training.of(recipe(TABLE));
        assertThat(training.sizes())
                .containsEntry("examples", 160L)
                .containsEntry("heldOut", 40L)
                .containsEntry("outputs", 2L)
                .containsEntry("parameters", 16L * 4 + 16 + 16 * 2 + 2);
        TrainingReport report = training.run();
        assertThat(report.evaluations().getLast().metrics().get("accuracy")).isGreaterThan(0.9);
        Weights saved = Weights.load(folder.resolve("points.safetensors"));
        assertThat(saved.texts())
                .containsEntry("classes", "[\"in\",\"out\"]")
                .containsEntry("recipe", TABLE);
        assertThat(saved.texts().get("columns")).contains("\"colour\":[\"blue\",\"red\"]");
    }

    @Test
    void anInterruptedTrainingEndsWithTheSameBits() throws IOException {
        points();
        Training.of(recipe(TABLE)).run();
        Map<String, Tensor> whole = weights();
        Training.of(recipe(TABLE)).fresh().listener(step -> step.step() < 23).run();
        // As after a kill: what came after the last checkpoint is lost.
        Training second = Training.of(recipe(TABLE));
        assertThat(second.run().resumed()).isEqualTo(23);
        assertSame(weights(), whole);
    }

    @Test
    void aCheckpointOfAnotherRecipeIsAnError() throws IOException {
        points();
        Training.of(recipe(TABLE)).run();
        Training other = Training.of(recipe(TABLE.replace("rate = 0.02", "rate = 0.03")));
        assertThatThrownBy(other::run)
                .isInstanceOf(Problem.class)
                .hasMessageContaining("its recipe is")
                .hasMessageContaining("--fresh begins anew");
        assertThat(other.fresh().run().steps()).isEqualTo(60);
        String longer = TABLE.replace("rate = 0.02", "rate = 0.03").replace("= 60", "= 61");
        assertThat(Training.of(recipe(longer)).run().resumed()).isEqualTo(60);
    }

    @Test
    void numbersAreLearnedToo() throws IOException {
        StringBuilder text = new StringBuilder("a,b,sum\n");
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            double a = random.nextGaussian() * 10;
            double b = random.nextGaussian();
            text.append("%s,%s,%s%n".formatted(a, b, 100 + 2 * a - 3 * b));
        }
        Files.writeString(folder.resolve("points.csv"), text);
        TrainingReport report =
                Training.of(
                                recipe(
                                        """
                                        [data]
                                        file = "points.csv"
                                        [model]
                                        kind = "linear"
                                        [optimizer]
                                        kind = "sgd"
                                        rate = 0.1
                                        [training]
                                        steps = 200
                                        evaluate = 50
                                        """))
                        .run();
        assertThat(report.evaluations()).hasSize(4);
        Map<String, Double> last = report.evaluations().getLast().metrics();
        assertThat(last.get("r2")).isGreaterThan(0.999);
        assertThat(last.get("rmse")).isLessThan(0.1);
    }

    @Test
    void picturesInFoldersOfTheirClassesAreLearned() throws IOException {
        Random random = new Random(1);
        for (String kind : new String[] {"dark", "light"}) {
            Path place = Files.createDirectories(folder.resolve("pictures").resolve(kind));
            for (int i = 0; i < 20; i++) {
                BufferedImage image = new BufferedImage(12, 10, BufferedImage.TYPE_INT_RGB);
                for (int p = 0; p < 120; p++) {
                    int grey = random.nextInt(100) + (kind.equals("dark") ? 0 : 120);
                    image.setRGB(p % 12, p / 12, grey * 0x010101);
                }
                ImageIO.write(image, "png", place.resolve(i + ".png").toFile());
            }
        }
        String text =
                """
                [data]
                kind = "image"
                folder = "pictures"
                shape = [3, 8, 8]
                [model]
                kind = "KIND"
                channels = [4, 8]
                [training]
                steps = 30
                batch = 8
                [optimizer]
                rate = 0.01
                [output]
                checkpoints = false
                """;
        for (String kind : new String[] {"conv", "resnet"}) {
            TrainingReport report = Training.of(recipe(text.replace("KIND", kind))).run();
            assertThat(report.evaluations().getLast().metrics().get("accuracy"))
                    .as(kind)
                    .isGreaterThan(0.9);
        }
        Files.writeString(folder.resolve("pictures/dark/broken.png"), "no picture");
        assertThatThrownBy(() -> Training.of(recipe(text.replace("KIND", "conv"))))
                .hasMessageContaining("broken.png is not a picture");
    }

    @Test
    void textIsLearnedAndWritten() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "the quick brown fox\n".repeat(60));
        String text =
                """
                [data]
                kind = "text"
                file = "*.txt"
                context = 16
                [model]
                kind = "KIND"
                width = 32
                layers = 1
                [optimizer]
                rate = 0.01
                [training]
                steps = 60
                batch = 8
                [output]
                sample = 40
                checkpoints = false
                temperature = 0
                """;
        TrainingReport report = Training.of(recipe(text.replace("KIND", "gpt"))).run();
        assertThat(report.sample()).contains("the quick brown fox");
        assertThat(report.evaluations().getLast().metrics().get("loss")).isLessThan(0.5);
        TrainingReport other = Training.of(recipe(text.replace("KIND", "gru"))).run();
        assertThat(other.sample()).isNull();
        assertThat(other.evaluations().getLast().metrics().get("loss")).isLessThan(0.5);
    }

    @Test
    void dataThatDoesNotFitIsOneClearMessage() throws IOException {
        points();
        refused(TABLE.replace("points.csv", "point.csv"), "there is no file");
        refused(TABLE.replace("points.csv", "*.tsv"), "is called *.tsv");
        refused(TABLE.replace("[model]", "target = \"were\"\n[model]"), "did you mean where?");
        refused(TABLE.replace("[model]", "task = \"numbers\"\n[model]"), "row 1: \"");
        refused(TABLE.replace("[model]", "ignore = [\"z\"]\n[model]"), "there is no column z");
        refused(TABLE.replace("[model]", "holdout = 1\n[model]"), "none is left to learn");
        refused(TABLE.replace("steps = 60", "loss = \"mse\""), "\"mse\" is none for classes");
        refused(TABLE.replace("hidden = 16\ndropout = 0.1", "kind = \"gpt\""), "reads text");
        refused(
                TABLE.replace(
                        "hidden = 16\ndropout = 0.1", "kind = \"layers\"\nlayers = [\"relu\"]"),
                "the network makes [1, 4] of [1, 4]; [1, 2] is needed");
        refused(
                TABLE.replace(
                        "hidden = 16\ndropout = 0.1",
                        "kind = \"layers\"\nlayers = [\"flatten\", {kind = \"conv\"}]"),
                "[model] layer 2, whose input is [1, 4]:");
    }

    private void refused(String text, String message) {
        assertThatThrownBy(() -> Training.of(recipe(text)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(message);
    }
}
