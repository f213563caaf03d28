package dev.jebena.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
    private static final Path FILE = Path.of("wine.toml");
    private static final String WHOLE =
            """
            seed = 7
            [data]
            kind = "image"
            file = "digits.csv"
            shape = [1, 8, 8]
            [model]
            kind = "layers"
            layers = [
              {kind = "conv", out = 8, padding = 1}, "batch-norm", "relu",
              {kind = "residual", layers = [{kind = "conv", out = 8, padding = 1}]},
              "flatten", {kind = "linear"}]
            [optimizer]
            kind = "adamw"
            rate = 0.003
            weight_decay = 0.1
            [schedule]
            kind = "cosine"
            least = 0.1
            warm-up = 10
            [training]
            steps = 100
            clip-norm = 1
            precision = "bf16"
            [output]
            model = "out/digits.safetensors"
            """;

    @TempDir Path folder;

    @Test
    void aWholeFileIsRead() {
        Recipe recipe = Recipe.parse(WHOLE, folder.resolve("digits.toml"));
        assertThat(recipe.name()).isEqualTo("digits");
        assertThat(recipe.seed()).isEqualTo(7);
        assertThat(recipe.course().stepsFor(3)).isEqualTo(100);
        assertThat(recipe.output().model()).isEqualTo(folder.resolve("out/digits.safetensors"));
        assertThat(recipe.output().checkpoint())
                .isEqualTo(folder.resolve("digits.checkpoint.safetensors"));
        assertThat(recipe.schedule().of(100).factor(9)).isLessThan(1);
        assertThat(recipe.schedule().of(100).factor(10)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sed = 1 | there is no key sed; did you mean seed?",
                "[optimizer]\\nkind = \"adamv\" | [optimizer] kind: there is no \"adamv\"; did you mean \"adam",
                "[optimizer]\\nrat = 0.1 | [optimizer] there is no key rat; did you mean rate?",
                "[optimizer]\\nrate = -1 | [optimizer] rate: -1 is not a number from 0",
                "[optimizer]\\nrate = \"fast\" | \"fast\" is not a number",
                "[training]\\nsteps = 1.5 | [training] steps: 1.5 is not a whole number",
                "[training]\\nsteps = 3\\nepochs = 2 | stands beside steps",
                "[training]\\nprecision = \"f8\" | there is no \"f8\"",
                "[model]\\nlayers = 3 | there is no key layers",
                "[model]\\nkind = \"layers\"\\nlayers = [{kind = \"linaer\"}] | [model.layers.1] kind: there is no \"linaer\"; did you mean \"linear\"?",
                "[model]\\nkind = \"layers\"\\nlayers = [{out = 3}] | [model.layers.1] kind: is missing",
                "[schedule]\\nkind = \"multi-step\" | [schedule] at: is missing",
                "[output]\\nmodel = \"a.bin\" | does not end in .safetensors",
                "model = 3 | model: 3 is not a table [model]",
                "seed = | wine.toml:1",
                "[data | wine.toml:1"
            })
    void whatIsWrongIsOneClearMessage(String text, String message) {
        String recipe = text.replace("\\n", "\n");
        assertThatThrownBy(() -> Recipe.parse(recipe, FILE))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(message);
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatThrownBy(() ->
                        Recipe.parse("[model]\nhiden = 3\n[training]\nbatch = 0\n[data]\n", FILE))
                .hasMessageContaining("did you mean hidden?")
                .hasMessageContaining("batch: 0 is not a whole number from 1")
                .hasMessageContaining("[data] file: is missing; write file = \"table.csv\"");
    }

    @Test
    void theDigestChangesWithWhatChangesResultsOnly() {
        String first = Recipe.parse(WHOLE, FILE).digest("data");
        assertThat(Recipe.parse(WHOLE.replace("= 100", "= 200"), FILE).digest("data"))
                .isEqualTo(first);
        assertThat(Recipe.parse(WHOLE.replace("out/", ""), FILE).digest("data")).isEqualTo(first);
        assertThat(Recipe.parse(WHOLE.replace("seed = 7", "seed = 8"), FILE).digest("data"))
                .isNotEqualTo(first);
        assertThat(Recipe.parse(WHOLE, FILE).digest("other")).isNotEqualTo(first);
    }

    @Test
    void filesThatAreNoRecipesAreRefused() throws java.io.IOException {
        assertThatThrownBy(() -> Recipe.load(folder)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Recipe.load(folder.resolve("none.toml")))
                .hasMessageContaining("none.toml");
        Path large = Files.write(folder.resolve("large.toml"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> Recipe.load(large)).hasMessageContaining("1 MiB");
    }

    @Test
    void damagedRecipesGiveProblemsOnly() {
        long seed = 20261123;
        SplittableRandom random = new SplittableRandom(seed);
        int cases = Integer.getInteger("jebena.fuzz.cases", 2000);
        for (int i = 0; i < cases; i++) {
            StringBuilder text = new StringBuilder(WHOLE);
            for (int change = 0; change <= random.nextInt(4); change++) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, "[]{}=\"',.#-9e\n".charAt(random.nextInt(14)));
                    default -> text.setCharAt(at, (char) random.nextInt(32, 127));
                }
            }
            try {
                Recipe.parse(text.toString(), FILE);
            } catch (Problem expected) {
                assertThat(expected.getMessage()).isNotBlank();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", case " + i + ":\n" + text, e);
            }
        }
    }
}
